import io
import time
from pathlib import Path

import pytest
import underlay_files as make
from PIL import ExifTags, Image

from facilities.underlays import reading
from facilities.underlays.errors import Unreadable
from tests.gis_core.files_support import UPRIGHT, corners, picture, turned

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"
PDF, TIFF, PNG, JPEG = "application/pdf", "image/tiff", "image/png", "image/jpeg"


def read(folder, data, media_type, page=1):
    return reading.read_page(make.written(folder, "drawing", data), media_type, page)


def shown(found):
    return Image.open(io.BytesIO(found.shown))


@pytest.mark.parametrize(
    ("mode", "format", "options", "media_type"),
    [
        ("RGB", "PNG", {}, PNG),
        ("RGBA", "PNG", {}, PNG),
        ("P", "PNG", {}, PNG),
        ("1", "PNG", {}, PNG),
        ("L", "JPEG", {}, JPEG),
        ("CMYK", "JPEG", {}, JPEG),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}, TIFF),
        ("CMYK", "TIFF", {"compression": "tiff_deflate"}, TIFF),
        ("1", "TIFF", {"compression": "group4"}, TIFF),
        ("I;16", "TIFF", {}, TIFF),
        ("RGB", "WEBP", {"lossless": True}, "image/webp"),
    ],
)
def test_a_scan_of_any_kind_becomes_a_picture_for_browsers(tmp_path, mode, format, options, media_type):
    drawn = make.scan(mode="L").convert("I").point(lambda v: v * 250).convert("I;16") if mode == "I;16" else None
    found = read(tmp_path, make.encoded(drawn or make.scan(mode=mode), format, **options), media_type)
    image = shown(found).convert("L")
    assert (found.width, found.height) == image.size == (800, 600)
    assert image.getpixel((400, 500)) > 230
    assert image.getpixel((82, 300)) < 60
    assert found.media_type in {"image/png", "image/jpeg"}


@pytest.mark.parametrize("format", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_scan_is_upright_whichever_way_it_was_stored(tmp_path, format, orientation):
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    data = make.encoded(turned(picture(), orientation), format, exif=tags)
    found = read(tmp_path, data, f"image/{format.lower()}")
    assert (found.width, found.height) == (60, 40)
    assert corners(shown(found)) == UPRIGHT
    assert not shown(found).getexif()


@pytest.mark.parametrize("name", ["Portrait_0.jpg", "Landscape_3.jpg", "Landscape_6.jpg", "Portrait_8.jpg"])
def test_photos_from_real_cameras_are_taken(tmp_path, name):
    if not PHOTOS.is_dir():
        pytest.skip("the shared photos are not here")
    found = read(tmp_path, (PHOTOS / name).read_bytes(), JPEG)
    assert (found.width > found.height) == name.startswith("Landscape")


def test_each_page_of_a_tiff_is_a_drawing(tmp_path):
    pages = [make.scan(), make.scan(500, 900), make.scan(300, 300, "1")]
    data = make.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300))
    path = make.written(tmp_path, "pages.tif", data)
    count, choices = reading.read_pages(path, TIFF)
    assert count == 3
    assert [choice.number for choice in choices] == [1, 2, 3]
    assert choices[0].paper_mm == pytest.approx((800 / 300 * 25.4, 600 / 300 * 25.4))
    assert Image.open(io.BytesIO(choices[1].thumbnail)).size == (178, 320)
    assert (reading.read_page(path, TIFF, 2).width, reading.read_page(path, TIFF, 2).height) == (500, 900)


def test_a_page_of_a_pdf_is_drawn_true_to_its_paper(tmp_path):
    found = read(tmp_path, make.pdf((210, 297), (420, 297)), PDF, 2)
    assert found.dpi == pytest.approx(200, rel=0.001)
    assert found.width / found.dpi * 25.4 == pytest.approx(420, abs=0.01)
    line = shown(found).convert("L")
    row = [x for x in range(line.width) if line.getpixel((x, line.height - round(10 / 25.4 * 200))) < 128]
    assert len(row) / found.dpi * 25.4 == pytest.approx(100, abs=0.2)


def test_the_pages_of_a_long_pdf_come_a_handful_at_a_time(tmp_path):
    path = make.written(tmp_path, "long.pdf", make.pdf(*[(210, 297)] * 30))
    count, first = reading.read_pages(path, PDF)
    assert (count, len(first)) == (30, reading.PREVIEWS)
    _count, rest = reading.read_pages(path, PDF, reading.PREVIEWS + 1)
    assert [choice.number for choice in rest] == list(range(reading.PREVIEWS + 1, 31))


def test_a_large_scan_keeps_its_own_pixels_and_shows_fewer(tmp_path):
    found = read(tmp_path, make.encoded(make.scan(9000, 7000), "JPEG", dpi=(400, 400)), JPEG)
    assert (found.width, found.height) == (9000, 7000)
    assert found.dpi == 400
    assert max(shown(found).size) == 4096
    kept = Image.open(io.BytesIO(found.full))
    assert kept.width * kept.height <= 32_000_000
    assert kept.width / kept.height == pytest.approx(9 / 7, rel=0.001)


def test_lines_stay_sharp_and_photos_stay_small(tmp_path):
    assert read(tmp_path, make.encoded(make.scan(), "PNG"), PNG).media_type == PNG
    noise = Image.merge("RGB", [Image.effect_noise((700, 700), 80) for _band in range(3)])
    assert read(tmp_path, make.encoded(noise, "PNG"), PNG).media_type == JPEG


@pytest.mark.parametrize("dpi", [(72, 72), (96, 96), (300, 200)])
def test_a_resolution_that_nobody_measured_is_not_believed(tmp_path, dpi):
    assert read(tmp_path, make.encoded(make.scan(), "JPEG", dpi=dpi), JPEG).dpi is None


def test_an_empty_password_does_not_lock_a_pdf(tmp_path):
    assert read(tmp_path, make.locked_pdf("", "owner"), PDF).width > 3000


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (make.locked_pdf("secret"), PDF, "password"),
        (make.pdf((210, 297))[:150] + b"\nstartxref\n0\n%%EOF", PDF, "damaged"),
        (b"%PDF-1.7\nstartxref", PDF, "damaged"),
        (make.pdf(*[(210, 297)] * 600), PDF, "too_many_pages"),
        (make.pdf((1, 297)), PDF, "page_size"),
        (make.pdf((30_000, 30_000)), PDF, "page_size"),
        (make.encoded(make.scan(), "PNG")[:900], PNG, "damaged"),
        (make.encoded(make.scan(), "TIFF")[:9000], TIFF, "damaged"),
        (b"GIF89a" + b"\0" * 20, "image/gif", "damaged"),
        (make.encoded(Image.new("RGB", (9000, 9000)), "PNG"), PNG, "too_many_pixels"),
        (make.encoded(Image.new("1", (20_000, 12_000)), "TIFF", compression="group4"), TIFF, "too_many_pixels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, data, media_type, code):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, data, media_type)
    assert refused.value.code == code


def test_a_page_that_is_not_there_is_refused(tmp_path):
    for page in (0, 2, 10**8):
        with pytest.raises(Unreadable) as refused:
            read(tmp_path, make.pdf((210, 297)), PDF, page)
        assert refused.value.code == "no_such_page"


def test_a_huge_page_is_drawn_coarsely_rather_than_at_any_price(tmp_path):
    found = read(tmp_path, make.enlarged_pdf(1000), PDF)
    assert found.width * found.height <= 32_100_000


def test_a_pdf_that_asks_for_an_eternity_is_stopped(tmp_path):
    started = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, make.slow_pdf(), PDF)
    assert refused.value.code == "too_heavy"
    assert time.monotonic() - started < reading.SECONDS


def test_a_worker_that_hangs_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, make.pdf((210, 297)), PDF)
    assert refused.value.code == "too_heavy"
