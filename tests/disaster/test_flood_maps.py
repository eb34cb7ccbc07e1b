"""Flood maps: what is taken and what is refused, depths at places, and what happens where depots stand in the water."""

import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from disaster.flooded import Depths, Limits, Wet, judge
from disaster.floods import apart, depths
from disaster.floods.reading import FloodRefused, take
from disaster.models import HazardRaster
from disaster.services import floods as services
from gis_core.crs import reproject
from gis_core.models import Role, User
from tests.disaster.coverage_support import make_pump, make_village, raster, valley
from tests.factories import Territory, geos, make_depot, make_user, place
from tests.gis_core.imports_support import shared
from tests.gis_core.pages_support import inputs, signed_in, text

LIMITS = Limits()
depth = st.none() | st.floats(0, 5)


def refusal(path: Path, folder: Path) -> str:
    with pytest.raises(FloodRefused) as refused:
        take(path, folder / "out.tif")
    return refused.value.code


def test_a_map_of_another_crs_is_kept_as_it_lies_and_read_where_people_mean(tmp_path: Path) -> None:
    """Pixels of EPSG:5186; places of EPSG:5179."""
    corner = reproject(place(0, 4000), 5179, 5186)
    source = raster(tmp_path / "a.tif", valley(), crs="EPSG:5186", west=corner.x, north=corner.y)
    facts = take(source, tmp_path / "b.tif")
    assert (facts.crs, facts.max_depth_m) == ("EPSG:5186", 1.5)
    assert facts.known == pytest.approx(0.75)
    places = [(each.x, each.y) for each in (place(500, 500), place(500, 3000), place(3500, 500), place(9000, 500))]
    # Wet, dry, nodata, outside: only the second is known to be dry.
    assert depths.sample(tmp_path / "b.tif", places) == [1.5, 0.0, None, None]


def test_centimetres_with_a_scale_are_metres(tmp_path: Path) -> None:
    source = raster(tmp_path / "a.tif", np.array([[120, 30]], dtype="int16"))
    import rasterio

    with rasterio.open(source, "r+") as dataset:
        dataset.scales = (0.01,)
    assert take(source, tmp_path / "b.tif").max_depth_m == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("code", "values", "profile"),
    [
        ("no_crs", [[1.0]], {"crs": None}),
        ("empty", [[-9999.0, -9999.0]], {}),
        ("empty", [[np.nan]], {}),
        ("units", [[120.0, 0.0]], {}),
        ("negative", [[-2.0, 1.0]], {}),
        ("bands", [[[1.0]], [[1.0]], [[1.0]]], {}),
        ("outside", [[1.0]], {"crs": "EPSG:32633", "west": 500_000, "north": 5_000_000}),
    ],
)
def test_what_is_no_map_of_depths_is_refused_by_name(
    tmp_path: Path, code: str, values: Any, profile: dict[str, Any]
) -> None:
    source = raster(tmp_path / "a.tif", np.array(values, dtype="float32"), **profile)
    assert refusal(source, tmp_path) == code


def test_what_is_no_geotiff_or_half_of_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("not a map at all")
    assert refusal(tmp_path / "text.tif", tmp_path) == "not_geotiff"
    random = np.random.default_rng(1).uniform(0, 3, (600, 600)).astype("float32")
    whole = raster(tmp_path / "whole.tif", random, tiled=True, compress="deflate")
    (tmp_path / "half.tif").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert refusal(tmp_path / "half.tif", tmp_path) in {"damaged", "not_geotiff"}


@pytest.mark.parametrize("name", ["RGBA.uint16", "all-nodata", "cogeo", "corrupt", "float_nan", "rotated"])
def test_odd_rasters_of_others_are_refused_in_words_and_never_break_the_page(tmp_path: Path, name: str) -> None:
    from disaster.words import floods as words

    with pytest.raises(FloodRefused) as refused:
        apart.take(shared(f"rasters/{name}.tif"), tmp_path / "out.tif")
    assert "%(" not in words.refusal(refused.value)
    assert not (tmp_path / "out.tif").exists()


def test_the_picture_shows_water_and_what_is_not_known_and_leaves_dry_ground_clear(tmp_path: Path) -> None:
    take(raster(tmp_path / "a.tif", valley()), tmp_path / "b.tif")
    content, bounds = depths.picture(tmp_path / "b.tif")
    assert bounds == pytest.approx((place(0, 0).x, place(0, 0).y, place(4000, 4000).x, place(4000, 4000).y))
    image = Image.open(BytesIO(content)).convert("RGBA")
    side = image.width / 4000

    def pixel(east: float, north: float) -> Any:
        return image.getpixel((int(east * side), int((4000 - north) * side)))

    assert pixel(500, 500) == depths.CLASSES[2][1]
    assert pixel(3500, 500) == depths.UNKNOWN
    assert pixel(500, 3000)[3] == 0


@given(depth, st.lists(depth, min_size=1, max_size=12), st.booleans())
def test_a_depot_is_dry_only_where_floor_and_way_in_are_known_to_be(floor: Any, around: list[Any], ring: bool) -> None:
    found = judge(Depths(floor, tuple(around), ring), LIMITS)
    if found.state == Wet.DRY:
        assert floor is not None
        assert floor < LIMITS.floor_m
        assert all(each is not None and each < LIMITS.way_in_m for each in around)
    if found.state == Wet.FLOODED:
        at_floor = floor is not None and floor >= LIMITS.floor_m
        assert at_floor or all(each is not None and each >= LIMITS.way_in_m for each in around)


@given(st.floats(0, 5), st.lists(st.floats(0, 5), min_size=1, max_size=12), st.floats(0, 3))
def test_deeper_water_never_makes_a_depot_dry(floor: float, around: list[float], more: float) -> None:
    before = judge(Depths(floor, tuple(around), True), LIMITS).state
    after = judge(Depths(floor + more, tuple(each + more for each in around), True), LIMITS).state
    if before == Wet.FLOODED:
        assert after == Wet.FLOODED
    if after == Wet.DRY:
        assert before == Wet.DRY


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def flood(media: None, officer: User, tmp_path: Path) -> HazardRaster:
    """Water over the southern kilometre of 운봉읍 and 주천면; nothing known east of 3 km."""
    content = raster(tmp_path / "flood.tif", valley()).read_bytes()
    facts = {"title": "예시천 100년", "hazard": "flood", "scenario": "100년", "source": "시험"}
    return services.take(SimpleUploadedFile("flood.tif", content), officer, facts, None)


def kept_files(settings: Any) -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*.tif"))


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_an_officer_uploads_a_map_once_however_often_the_form_is_sent(
    settings: Any, officer: User, territory: Territory, tmp_path: Path
) -> None:
    content = raster(tmp_path / "flood.tif", valley()).read_bytes()
    page = signed_in(officer).get("/disaster/flood-maps/add/")
    token = inputs(page)["token"][0]
    for _time in range(2):
        file = SimpleUploadedFile("flood.tif", content)
        data = {"title": "예시천", "hazard": "flood", "source": "시험", "token": token, "raster": file}
        sent = signed_in(officer).post("/disaster/flood-maps/add/", data)
        assert sent.status_code == 302
    found = HazardRaster.objects.get()
    assert kept_files(settings) == [found.file]
    assert (found.crs, found.max_depth_m) == ("EPSG:5179", 1.5)
    listed = text(signed_in(officer).get("/disaster/flood-maps/"))
    assert "예시천" in listed
    assert "1.50 m" in listed


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_a_refused_file_says_why_at_its_field_and_nothing_is_kept(
    settings: Any, officer: User, territory: Territory, tmp_path: Path
) -> None:
    content = raster(tmp_path / "heights.tif", np.array([[512.0, 300.0]], dtype="float32")).read_bytes()
    data = {"title": "예시천", "hazard": "flood", "source": "시험", "token": str(uuid.uuid4())}
    sent = signed_in(officer).post(
        "/disaster/flood-maps/add/", {**data, "raster": SimpleUploadedFile("heights.tif", content)}
    )
    assert sent.status_code == 422
    assert "The greatest value is 512. No flood is deeper than 30 m" in text(sent)
    assert kept_files(settings) == []
    assert not HazardRaster.objects.exists()
    settings.FLOOD_MAP_LIMIT_MB = 0
    large = {**data, "raster": SimpleUploadedFile("heights.tif", content)}
    assert "larger than the 0 MB allowed" in text(signed_in(officer).post("/disaster/flood-maps/add/", large))


@pytest.mark.django_db
def test_others_than_officers_see_maps_and_add_none_and_surveyors_see_nothing(
    flood: HazardRaster, viewer: User, surveyor: User
) -> None:
    assert signed_in(viewer).get("/disaster/flood-maps/").status_code == 200
    assert signed_in(viewer).get(f"/disaster/flood-maps/{flood.pk}/picture.png")["Content-Type"] == "image/png"
    for path in ("add/", f"{flood.pk}/retire/"):
        assert signed_in(viewer).get(f"/disaster/flood-maps/{path}").status_code == 403
    for path in ("", f"{flood.pk}/picture.png", f"{flood.pk}/what-if/", f"{flood.pk}/what-if.pdf"):
        assert signed_in(surveyor).get(f"/disaster/flood-maps/{path}").status_code == 403


@pytest.mark.django_db
def test_a_map_is_taken_out_of_use_with_a_reason(flood: HazardRaster, officer: User, settings: Any) -> None:
    address = f"/disaster/flood-maps/{flood.pk}/retire/"
    page = signed_in(officer).get(address)
    assert signed_in(officer).post(address, {**inputs(page), "reason": ""}).status_code == 422
    assert signed_in(officer).post(address, {**inputs(page), "reason": "새 지도"}).status_code == 302
    assert signed_in(officer).get(f"/disaster/flood-maps/{flood.pk}/what-if/").status_code == 404
    # What was decided by it can still be told.
    assert kept_files(settings) == [flood.file]


def what_if(user: User, flood: HazardRaster, **asked: Any) -> Any:
    return signed_in(user).get(f"/disaster/flood-maps/{flood.pk}/what-if/", {"limit": "1.5", "measure": "km", **asked})


@pytest.mark.django_db
def test_flooded_depots_are_counted_out_and_unknown_ones_are_never_taken_for_dry(
    flood: HazardRaster, officer: User, viewer: User, territory: Territory
) -> None:
    wet, dry, unknown = (
        make_depot(place(*where), name=name)
        for where, name in (((500, 500), "물속창고"), ((500, 3000), "마른창고"), ((3500, 3500), "모를창고"))
    )
    for depot in (wet, dry, unknown):
        make_pump(depot, 2, standard=2)
    make_village("물가마을", place(500, 700), people=120)
    make_village("언덕마을", place(500, 3200), people=80)
    make_village("모를마을", place(3500, 3300), people=60)
    page = what_if(viewer, flood)
    told = text(page)
    assert page.status_code == 200
    assert "Of 3 depots 1 cannot be used. Of 1 the map does not say enough" in told
    assert "물속창고 운봉읍 flooded 1.50 m" in told
    assert "마른창고 수지면 dry 0.00 m" in told
    assert "모를창고 송동면 not known not known not known within 30 m around" in told
    # Readiness of the town that lost its only depot.
    assert "운봉읍 1" in told
    # Of three villages in reach one is out, and one hangs on a depot of which nobody knows.
    assert "of 수중펌프 that works: 3 villages, 260 people. Out of reach: no village." in told
    assert (
        "of 수중펌프 that works: 1 village, 80 people. Out of reach: 1 village, 120 people. "
        "Not known: 1 village, 60 people." in told
    )
    cautious = text(what_if(viewer, flood, cautious="on"))
    assert "Of 3 depots 2 cannot be used." in cautious
    assert "Out of reach: 2 villages, 180 people." in cautious


@pytest.mark.django_db
def test_a_dry_depot_behind_a_flooded_way_is_of_no_use(
    flood: HazardRaster, officer: User, territory: Territory
) -> None:
    depot = make_depot(place(500, 1200), name="언덕창고")
    make_pump(depot)
    assert "언덕창고 운봉읍 dry" in text(what_if(officer, flood))
    services.set_way_in(depot, officer, geos(place(500, 900)), depot.version)
    assert "언덕창고 운봉읍 flooded 0.00 m 1.50 m" in text(what_if(officer, flood))
    # With a truck that wades deeper the depot is of use again.
    assert "언덕창고 운봉읍 dry" in text(what_if(officer, flood, way_in="1.6"))


@pytest.mark.django_db
def test_where_the_way_in_is_not_known_half_a_wet_ring_is_not_known(
    flood: HazardRaster, officer: User, territory: Territory
) -> None:
    make_pump(make_depot(place(500, 1015), name="물가창고"))
    told = text(what_if(officer, flood))
    assert "물가창고 운봉읍 not known 0.00 m" in told
    assert "of 12 places 30 m around are flooded Mark the way in" in told
    assert "Mark the way in" in told


@pytest.mark.django_db
def test_the_sheet_is_one_page_with_the_result_however_many_depots_there_are(
    flood: HazardRaster, officer: User, territory: Territory
) -> None:
    make_pump(make_depot(place(500, 500), name="물속창고"), standard=2)
    for number in range(14):
        make_depot(place(600 + 100 * number, 500), name=f"물속 제설자재 창고 {number}")
        make_depot(place(3300, 3000 - 100 * number), name=f"모를 산불진화 장비보관소 {number}")
    make_village("물가마을", place(500, 700))
    made = signed_in(officer).get(f"/disaster/flood-maps/{flood.pk}/what-if.pdf")
    assert made["Content-Type"] == "application/pdf"
    read = pypdf.PdfReader(BytesIO(made.content))
    assert len(read.pages) == 1
    told = read.pages[0].extract_text()
    assert "물속창고" in told
    assert "And 5 more" in told


@pytest.mark.django_db
def test_a_map_whose_file_is_gone_says_so(flood: HazardRaster, officer: User, territory: Territory) -> None:
    make_pump(make_depot(place(500, 500)))
    services.path_of(flood).unlink()
    page = what_if(officer, flood)
    assert page.status_code == 422
    assert "The file of this flood map is missing" in text(page)


@pytest.mark.django_db
def test_bad_figures_are_named_by_their_field(flood: HazardRaster, officer: User, territory: Territory) -> None:
    make_pump(make_depot(place(500, 500)))
    page = what_if(officer, flood, floor="-1", limit="far")
    assert page.status_code == 422
    assert "Floor flooded from (m)" in text(page)
    assert "Within" in text(page)


@pytest.mark.django_db
def test_a_keeper_marks_the_way_in_of_an_own_depot_and_of_no_other(territory: Territory, viewer: User) -> None:
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    own, other = make_depot(place(500, 500)), make_depot(place(2500, 500))
    lon, lat = reproject(place(560, 500), 5179, 4326).coords[0]
    address = f"/records/depots/{own.pk}/access/"
    page = signed_in(keeper).get(address)
    saved = signed_in(keeper).post(address, {**inputs(page), "lon": f"{lon:.7f}", "lat": f"{lat:.7f}"})
    assert saved["Location"] == f"/records/depots/{own.pk}/"
    own.refresh_from_db()
    assert own.access_place.distance(geos(place(560, 500))) < 0.1
    # Opened before that: somebody else's change is not written over.
    stale = signed_in(keeper).post(address, {**inputs(page), "lon": "", "lat": ""})
    assert stale.status_code == 409
    assert "changed this meanwhile" in text(stale)
    assert signed_in(keeper).get(f"/records/depots/{other.pk}/access/").status_code == 404
    assert signed_in(viewer).get(address).status_code == 403


@pytest.mark.django_db
def test_a_way_in_that_cannot_be_is_refused_with_the_reason(territory: Territory, officer: User) -> None:
    depot = make_depot(place(500, 500))
    address = f"/records/depots/{depot.pk}/access/"
    lon, lat = (f"{each:.7f}" for each in reproject(place(500, 500), 5179, 4326).coords[0])
    for sent, said in (
        ({"lon": lat, "lat": lon}, "Longitude and latitude seem to be exchanged."),
        ({"lon": lon, "lat": ""}, "One of the two coordinates is missing."),
        ({"lon": lon, "lat": "36.5"}, "km from the depot."),
        ({"lon": "east", "lat": lat}, "Enter a number."),
    ):
        page = signed_in(officer).post(address, {"version": depot.version, **sent})
        assert page.status_code == 422
        assert said in text(page)
