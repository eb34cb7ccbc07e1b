"""Villages and roads as offices have them: tables and shape files, with every bad row named."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from shapely import LineString, MultiLineString, Point

from disaster.models import Road, Village
from gis_core.crs import reproject
from gis_core.imports.mapping import guess
from gis_core.imports.reader import read
from gis_core.imports.records import Options, import_records
from gis_core.layers.registry import layers
from gis_core.models import User
from tests.conftest import Api
from tests.disaster.coverage_support import make_road
from tests.factories import Territory, lonlat, place
from tests.gis_core.imports_support import vector
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def run(layer_id: str, path: Path, user: User, columns: dict[str, str] | None = None) -> Any:
    layer = layers.get(layer_id)
    columns = columns or guess(layer, user, read(path).fields)
    return import_records(layer, path, Options(columns), user=user)


def line(*places: Point) -> LineString:
    return LineString([(each.x, each.y) for each in places])


def test_a_table_of_villages_is_imported_and_empty_numbers_stay_unknown(
    officer: User, territory: Territory, tmp_path: Path
) -> None:
    (lon, lat), (lon2, lat2) = (reproject(place(*at), 5179, 4326).coords[0] for at in ((500, 500), (2500, 500)))
    path = tmp_path / "villages.csv"
    path.write_text(
        f"name,households,inhabitants,lon,lat\n서천마을,30,61,{lon:.7f},{lat:.7f}\n주천마을,,,{lon2:.7f},{lat2:.7f}\n",
        encoding="utf-8",
    )
    report = run("villages", path, officer)
    assert report.facts["applied"]
    found = {village.name: (village.people, village.area.name) for village in Village.objects.all()}
    assert found == {"서천마을": (61, "운봉읍"), "주천마을": (None, "주천면")}


def test_bad_rows_of_villages_are_named_by_row_and_field_and_nothing_is_kept(
    officer: User, territory: Territory, tmp_path: Path
) -> None:
    lon, lat = reproject(place(500, 500), 5179, 4326).coords[0]
    path = tmp_path / "villages.csv"
    rows = [
        f"서천마을,30,-5,{lon:.7f},{lat:.7f}", f"동천마을,30,12.5,{lon:.7f},{lat:.7f}",
        f"남천마을,30,20,{lon:.7f},{lat:.7f}", f"북천마을,3,20,{lat:.7f},{lon:.7f}", "중천마을,3,20,,",
    ]  # fmt: skip
    path.write_text("\n".join(["name,households,inhabitants,lon,lat", *rows]), encoding="utf-8")
    report = run("villages", path, officer)
    said = {row.number: " ".join(map(str, row.messages)) for row in report.rows}
    assert not report.facts["applied"]
    assert not Village.objects.exists()
    assert "inhabitants" in said[2]
    assert "inhabitants" in said[3]
    assert "fewer inhabitants than households (30)" in said[4]
    assert "exchanged" in said[5]
    assert "Mark the place on the map" in said[6]


@pytest.mark.parametrize(("name", "driver"), [("roads.geojson", "GeoJSON"), ("roads.gpkg", "GPKG")])
def test_roads_are_imported_as_lines(
    officer: User, territory: Territory, tmp_path: Path, name: str, driver: str
) -> None:
    shapes = [line(place(100, 100), place(900, 100)), line(place(900, 100), place(900, 900), place(2500, 900))]
    crs = "EPSG:4326" if driver == "GeoJSON" else "EPSG:5179"
    moved = [reproject(each, 5179, 4326) for each in shapes] if driver == "GeoJSON" else shapes
    columns = {"name": ["큰길", "작은길"], "speed_kmh": [60, 30], "is_one_way": [0, 1]}
    path = vector(tmp_path / name, moved, columns, crs=crs, driver=driver)
    report = run("roads", path, officer)
    assert report.facts["applied"], [row.messages for row in report.rows]
    found = {road.name: road for road in Road.objects.all()}
    assert (found["큰길"].speed_kmh, found["작은길"].is_one_way) == (60, True)
    assert found["작은길"].line.length == pytest.approx(2400, abs=1)


def test_a_shape_file_of_one_part_lines_is_taken_and_one_of_areas_is_refused_by_row(
    officer: User, territory: Territory, tmp_path: Path
) -> None:
    shape = MultiLineString([line(place(100, 100), place(900, 100))])
    path = vector(
        tmp_path / "roads.gpkg", [shape], {"name": ["큰길"], "speed_kmh": [60]}, crs="EPSG:5179", driver="GPKG"
    )
    assert run("roads", path, officer).facts["applied"]
    area = place(500, 500).buffer(50)
    path = vector(tmp_path / "area.gpkg", [area], {"name": ["밭"], "speed_kmh": [60]}, crs="EPSG:5179", driver="GPKG")
    report = run("roads", path, officer)
    assert not report.facts["applied"]
    assert "This must be a LineString, not a Polygon." in " ".join(report.rows[0].messages)


def test_a_speed_that_cannot_be_is_refused(officer: User, territory: Territory, tmp_path: Path) -> None:
    shape = line(place(100, 100), place(900, 100))
    columns = {"name": ["느린길", "빠른길"], "speed_kmh": [0, 900]}
    path = vector(tmp_path / "roads.gpkg", [shape, shape], columns, crs="EPSG:5179", driver="GPKG")
    report = run("roads", path, officer)
    assert not report.facts["applied"]
    assert all("A speed is 1 to 130 km/h." in " ".join(row.messages) for row in report.rows)


def test_roads_are_in_lists_tiles_and_the_api_as_lines(officer: User, territory: Territory) -> None:
    road = make_road(place(100, 100), place(900, 100), name="큰길")
    found = Api(officer).features("roads")
    assert found[0]["geometry"]["type"] == "LineString"
    assert "큰길" in text(signed_in(officer).get("/records/roads/"))
    for path in (
        f"/records/roads/{road.pk}/",
        f"/records/roads/{road.pk}/edit/",
        f"/records/roads/{road.pk}/sheet.pdf",
    ):
        assert signed_in(officer).get(path).status_code == 200, path
    made = Api(officer).post("collections/roads/items", {
        "type": "Feature", "geometry": lonlat(line(place(0, 0), place(500, 0))), "properties": {"speed_kmh": 40},
    })  # fmt: skip
    assert made.status_code == 201, made.content
