import io
import struct
import zlib
from datetime import UTC, datetime

import files_support as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from gis_core.files import images
from gis_core.files.errors import FileRefused


def shown(copies: images.Copies) -> Image.Image:
    return Image.open(io.BytesIO(copies.shown))


@pytest.mark.parametrize("orientation", [None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255])
def test_a_photo_stands_upright_however_the_camera_was_held(orientation):
    held = orientation if orientation in range(1, 9) else None
    file = make.encoded(make.turned(make.picture(), held or 1), "JPEG", exif=make.exif(orientation), quality=95)
    _facts, copies = images.examine(file, "image/jpeg")
    assert make.corners(shown(copies)) == make.UPRIGHT
    assert make.corners(Image.open(io.BytesIO(copies.thumbnail))) == make.UPRIGHT
    assert (copies.width, copies.height) == (60, 40)


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("HEIF", "image/heic"),
        ("TIFF", "image/tiff"),
        ("WEBP", "image/webp"),
        ("PNG", "image/png"),
        ("AVIF", "image/avif"),
    ],
)
def test_orientation_is_applied_once_in_every_format(format, media_type):
    file = make.encoded(make.turned(make.picture(160, 120), 6), format, exif=make.exif(6).tobytes())
    _facts, copies = images.examine(file, media_type)
    assert (copies.width, copies.height) == (160, 120)
    assert make.corners(shown(copies)) == make.UPRIGHT


@pytest.mark.parametrize(
    ("format", "media_type"),
    [("JPEG", "image/jpeg"), ("HEIF", "image/heic"), ("WEBP", "image/webp"), ("PNG", "image/png")],
)
def test_what_others_see_carries_nothing_of_the_camera_or_the_place(format, media_type):
    file = make.encoded(
        make.picture(), format, exif=make.exif(1), xmp=b"<x:xmpmeta>35.41</x:xmpmeta>", comment=b"Namwon"
    )
    facts, copies = images.examine(file, media_type)
    assert facts.place == pytest.approx(make.NAMWON)
    for copy in (copies.shown, copies.thumbnail):
        opened = Image.open(io.BytesIO(copy))
        assert not dict(opened.getexif())
        assert not {"exif", "xmp", "comment", "XML:com.adobe.xmp"} & set(opened.info)
        assert b"Samsung" not in copy
        assert b"Namwon" not in copy
        assert b"xmpmeta" not in copy


def test_date_and_place_of_a_photo_are_read_for_those_who_may_know():
    facts, _copies = images.examine(make.photo(), "image/jpeg")
    assert facts.taken_at is not None
    assert facts.taken_at.astimezone(UTC) == datetime(2024, 5, 1, 0, 29, 58, tzinfo=UTC)
    assert facts.place == pytest.approx(make.NAMWON)
    assert facts.metadata["Make"] == "Samsung"


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (ExifTags.GPS.GPSLatitude, (0.0, 0.0, 0.0)),
        (ExifTags.GPS.GPSLatitude, (float("nan"), 0.0, 0.0)),
        (ExifTags.GPS.GPSLatitude, (95.0, 0.0, 0.0)),
        (ExifTags.GPS.GPSLongitude, (181.0, 0.0, 0.0)),
    ],
)
def test_a_place_that_cannot_be_is_no_place(tag, value):
    tags = make.exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    if value == (0.0, 0.0, 0.0):
        gps[ExifTags.GPS.GPSLongitude] = value
    gps[tag] = value
    assert images.read_facts(tags).place is None


@given(
    st.dictionaries(st.integers(0, 65535), st.one_of(st.text(), st.binary(), st.floats(), st.integers()), max_size=8)
)
@settings(max_examples=200, deadline=None)
def test_whatever_the_exif_says_can_be_kept_as_json(tags):
    import json

    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    kept = json.dumps(images.read_facts(exif).metadata, allow_nan=False)
    assert "\\u0000" not in kept


def test_a_large_photo_is_shown_at_screen_size():
    file = make.encoded(Image.new("RGB", (5200, 3900), "gray"), "JPEG")
    _facts, copies = images.examine(file, "image/jpeg")
    assert (copies.width, copies.height) == (2560, 1920)
    assert max(Image.open(io.BytesIO(copies.thumbnail)).size) == images.THUMBNAIL_EDGE


def test_a_drawing_stays_a_png_with_its_transparency():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (10, 10, 30, 30))
    _facts, copies = images.examine(make.encoded(image, "PNG"), "image/png")
    assert shown(copies).format == "PNG"
    assert shown(copies).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA"])
def test_any_colour_mode_becomes_a_picture_a_browser_shows(mode):
    image = (
        make.picture().convert("L").convert("I").point(lambda v: v * 256).convert("I;16") if mode == "I;16" else None
    )
    format = "JPEG" if mode == "CMYK" else "PNG"
    _facts, copies = images.examine(make.encoded(image or make.picture(mode=mode), format), f"image/{format.lower()}")
    assert shown(copies).mode in {"RGB", "RGBA"}
    assert len(shown(copies).convert("L").getcolors() or range(9)) > 1


def test_colours_of_a_wide_gamut_camera_become_those_a_browser_assumes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _facts, copies = images.examine(make.encoded(make.picture(), "JPEG", icc_profile=profile, quality=95), "image/jpeg")
    assert "icc_profile" not in shown(copies).info
    assert make.corners(shown(copies)) == make.UPRIGHT


def test_a_broken_colour_profile_does_not_lose_the_photo():
    _facts, copies = images.examine(make.encoded(make.picture(), "JPEG", icc_profile=b"junk" * 50), "image/jpeg")
    assert make.corners(shown(copies)) == make.UPRIGHT


def bomb(width: int, height: int) -> io.BytesIO:
    """A PNG that claims to be huge and is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize("size", [(9000, 9000), (60000, 60000)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(size):
    with pytest.raises(FileRefused) as refused:
        images.examine(bomb(*size), "image/png")
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_half_an_upload_is_refused_as_damaged(keep):
    whole = make.encoded(Image.effect_noise((300, 300), 90), "JPEG").getvalue()
    with pytest.raises(FileRefused) as refused:
        images.examine(io.BytesIO(whole[: int(len(whole) * keep)]), "image/jpeg")
    assert refused.value.code == "damaged"
