import io
import math
from datetime import timedelta
from pathlib import Path

import files_support as make
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from gis_core import basemaps
from gis_core.models import BaseMap, Job
from gis_core.models.jobs import JobStatus

NAMES = {"name_ko": "항공사진", "name_en": "Aerial photo", "opacity": "1", "order": "10", "enabled": "on"}
TILES = {**NAMES, "url": "https://{s}.tiles.example.org/{z}/{x}/{y}.png", "min_zoom": "5", "max_zoom": "18"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def geotiff(tmp_path: Path, **options) -> SimpleUploadedFile:
    data = np.full((3, 256, 256), 120, "uint8")
    path = make.raster(tmp_path / "upload.tif", data, **options)
    return SimpleUploadedFile("당진 항공사진.tif", path.read_bytes())


def add_raster(user, upload) -> BaseMap:
    response = client_of(user).post(reverse("basemap-add", args=["raster"]), {**NAMES, "raster_file": upload})
    assert response.status_code == 302, response.content.decode()
    return BaseMap.objects.select_related("job").latest("pk")


def stored(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def tile_in(basemap: BaseMap) -> tuple[int, int, int]:
    west, south, east, north = basemap.bounds
    zoom = basemap.max_zoom
    x = ((west + east) / 2 + 180) / 360 * 2**zoom
    y = (0.5 - math.asinh(math.tan(math.radians((south + north) / 2))) / math.tau) * 2**zoom
    return zoom, int(x), int(y)


def test_an_administrator_adds_an_aerial_photo_and_the_map_offers_it(administrator, media, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path))
    assert basemap.job is not None
    assert basemap.job.status == JobStatus.DONE, basemap.job.error
    assert stored(media) == [basemap.file]
    offered = basemaps.for_map()
    assert [one["id"] for one in offered] == [basemap.pk]
    assert offered[0]["bounds"] == basemap.bounds
    z, x, y = tile_in(basemap)
    address = offered[0]["url"].replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
    response = client_of(administrator).get(address)
    assert response["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(response.content)).convert("RGB").getpixel((128, 128)) == pytest.approx(
        (120,) * 3, abs=3
    )


def test_a_tile_is_sent_once_and_then_only_confirmed(administrator, viewer, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path))
    client, address = client_of(viewer), reverse("basemap-tile", args=[basemap.pk, *tile_in(basemap)])
    first = client.get(address)
    assert "private" in first["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_outside_the_raster_there_is_nothing_and_no_strangers_get_tiles(administrator, viewer, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path))
    client = client_of(viewer)
    z, x, y = tile_in(basemap)
    assert client.get(reverse("basemap-tile", args=[basemap.pk, z, x + 400, y])).status_code == 204
    assert client.get(reverse("basemap-tile", args=[basemap.pk, z, 2**z, y])).status_code == 404
    assert client.get(reverse("basemap-tile", args=[basemap.pk, 23, 0, 0])).status_code == 404
    assert Client().get(reverse("basemap-tile", args=[basemap.pk, z, x, y])).status_code == 302


def test_a_clear_tile_within_the_bounds_is_a_picture_because_browsers_take_nothing_for_a_failure(
    administrator, tmp_path
):
    data = np.zeros((1, 1024, 1024), "uint8")
    data[0, :100, :100] = data[0, -100:, -100:] = 200
    path = make.raster(tmp_path / "upload.tif", data, nodata=0)
    basemap = add_raster(administrator, SimpleUploadedFile("a.tif", path.read_bytes()))
    response = client_of(administrator).get(reverse("basemap-tile", args=[basemap.pk, *tile_in(basemap)]))
    assert response.status_code == 200
    assert Image.open(io.BytesIO(response.content)).convert("RGBA").getextrema()[3] == (0, 0)


@pytest.mark.parametrize(
    ("options", "words"), [({"crs": None}, "coordinate reference system"), ({"nodata": 120}, "nodata")]
)
def test_a_raster_that_cannot_be_used_says_why_and_leaves_no_file(options, words, administrator, media, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path, **options))
    assert basemap.job is not None
    assert basemap.job.status == JobStatus.FAILED
    assert words in basemap.job.error
    assert stored(media) == []
    assert basemaps.for_map() == []
    z, x, y = 10, 1, 1
    assert client_of(administrator).get(reverse("basemap-tile", args=[basemap.pk, z, x, y])).status_code == 404


def test_a_raster_over_the_limit_is_refused_before_it_is_kept(administrator, settings, media, tmp_path):
    settings.RASTER_LIMIT_MB = 0.0001
    response = client_of(administrator).post(
        reverse("basemap-add", args=["raster"]), {**NAMES, "raster_file": geotiff(tmp_path)}
    )
    assert response.status_code == 422
    assert not BaseMap.objects.exists()
    assert stored(media) == []


def test_removing_a_base_map_removes_its_file(administrator, media, tmp_path, django_capture_on_commit_callbacks):
    basemap = add_raster(administrator, geotiff(tmp_path))
    with django_capture_on_commit_callbacks(execute=True):
        client_of(administrator).post(reverse("basemap-act", args=[basemap.pk, "remove"]))
    assert not BaseMap.objects.exists()
    assert stored(media) == []


def test_only_the_hosts_of_base_maps_in_use_are_allowed(administrator):
    client_of(administrator).post(reverse("basemap-add", args=["tiles"]), TILES)
    assert basemaps.enabled_hosts() == ["https://*.tiles.example.org"]
    client_of(administrator).post(reverse("basemap-act", args=[BaseMap.objects.get().pk, "disable"]))
    assert basemaps.enabled_hosts() == []
    assert basemaps.for_map() == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", "https://tile.example.org"),
        ("http://10.0.0.5:8080/{z}/{y}/{x}", "http://10.0.0.5:8080"),
        ("https://{s}.example.org/{z}/{x}/{y}", "https://*.example.org"),
        ("https://a{s}.example.org/{z}/{x}/{y}", None),
        ("https://example.org;script-src */{z}/{x}/{y}", None),
        ("https://example.org 'unsafe-inline'/{z}/{x}/{y}", None),
        ("https://user@example.org/{z}/{x}/{y}", None),
        ("https://*/{z}/{x}/{y}", None),
        ("javascript:alert(1)//{z}/{x}/{y}", None),
        ("//example.org/{z}/{x}/{y}", None),
        ("", None),
    ],
)
def test_a_tile_address_opens_the_policy_for_its_own_host_only(url, host):
    assert basemaps.policy_host(url) == host


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "https://tiles.example.org/{z}/{x}.png"},
        {"url": "https://tiles.example.org; /{z}/{x}/{y}.png"},
        {"min_zoom": "12", "max_zoom": "9"},
        {"opacity": "1.5"},
        {"name_ko": ""},
    ],
)
def test_a_tile_server_that_cannot_work_is_refused(wrong, administrator):
    response = client_of(administrator).post(reverse("basemap-add", args=["tiles"]), {**TILES, **wrong})
    assert response.status_code == 422
    assert not BaseMap.objects.exists()


def test_one_base_map_is_shown_first(administrator):
    client = client_of(administrator)
    for _again in range(2):
        client.post(reverse("basemap-add", args=["tiles"]), TILES)
    one, other = BaseMap.objects.order_by("pk")
    for chosen in (one, other):
        client.post(reverse("basemap-act", args=[chosen.pk, "first"]))
        assert [found["id"] for found in basemaps.for_map() if found["first"]] == [chosen.pk]


def test_a_base_map_can_be_renamed_in_both_languages(administrator):
    client = client_of(administrator)
    client.post(reverse("basemap-add", args=["tiles"]), TILES)
    basemap = BaseMap.objects.get()
    client.post(reverse("basemap-edit", args=[basemap.pk]), {**TILES, "name_ko": "지도", "name_en": "Map"})
    assert set(BaseMap.objects.values_list("name_ko", "name_en")) == {("지도", "Map")}


@pytest.mark.parametrize("address", [("basemaps",), ("basemap-add", "tiles"), ("basemap-add", "raster")])
def test_only_administrators_manage_base_maps(address, planner):
    name, *arguments = address
    assert client_of(planner).get(reverse(name, args=arguments)).status_code == 403
    assert client_of(planner).post(reverse("basemap-add", args=["tiles"]), TILES).status_code == 403
    assert not BaseMap.objects.exists()


def test_sweeping_removes_rasters_nobody_uses(administrator, media, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path))
    for left in ("rasters/left.tif", "rasters/incoming/left.tif", "rasters/left.part.tif"):
        (media / left).write_bytes(b"x")
    assert basemaps.sweep(timedelta(days=1)) == 0
    assert basemaps.sweep(timedelta(seconds=-1)) == 3
    assert stored(media) == [basemap.file]


def test_a_conversion_whose_base_map_was_removed_leaves_nothing(administrator, media, tmp_path):
    basemap = add_raster(administrator, geotiff(tmp_path))
    assert basemap.job is not None
    incoming = media / "rasters" / "incoming" / "again.tif"
    incoming.write_bytes(geotiff(tmp_path).read())
    before = stored(media)
    job = Job.objects.create(kind="t", title="t", created_by=administrator)
    basemaps.convert_raster.func(str(job.pk), basemap_id=0, source="again.tif")
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert stored(media) == [name for name in before if name != "again.tif"]
