"""A layer whose records are points, lines or areas: each kind goes in and comes out again, everywhere."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from projects_support import AREA, LINE, POINT, SHAPES, feature, make_project
from shapely import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry import shape

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, WEB_SRID, reproject
from gis_core.editing.shapes import to_shapely
from gis_core.imports.records import Options, import_records
from gis_core.layers.counts import WORLD_HALF
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, User
from gis_core.models.cooperation import ZoneProject
from gis_core.static_map import draw, view_of
from tests.conftest import Api
from tests.factories import Territory, geos, lonlat, make_zone, place, square
from tests.gis_core.pages_support import signed_in

pytestmark = pytest.mark.django_db

PROJECTS = "collections/zone-projects/items"
KINDS = pytest.mark.parametrize("kind", SHAPES)


@pytest.fixture
def zone(territory: Territory) -> CooperationZone:
    return make_zone(territory.unbong, territory.jucheon)


def stored(project: Any) -> Any:
    return to_shapely(project.geometry)


@KINDS
def test_each_kind_of_shape_goes_in_and_comes_out_of_the_api(
    kind: str, zone: CooperationZone, coordinator: User, territory: Territory
) -> None:
    api = Api(coordinator)
    response = api.post(PROJECTS, feature(zone, SHAPES[kind]))
    assert response.status_code == 201, response.content.decode()
    project = ZoneProject.objects.get()
    assert stored(project).geom_type == kind
    assert stored(project).hausdorff_distance(SHAPES[kind]) < 0.05
    assert project.area == territory.unbong
    read = api.get(f"{PROJECTS}/{project.pk}").json()
    assert read["geometry"]["type"] == kind
    assert reproject(shape(read["geometry"]), LONLAT_SRID, STORAGE_SRID).hausdorff_distance(SHAPES[kind]) < 0.05
    again = api.put(f"{PROJECTS}/{project.pk}", read, if_match='"1"')
    assert (again.status_code, again["ETag"]) == (200, '"1"')


def test_an_area_of_two_parts_stays_one_record_and_single_parts_lose_their_wrapping(
    zone: CooperationZone, coordinator: User
) -> None:
    api = Api(coordinator)
    parts = MultiPolygon([AREA, square(1200, 1200, 100)])
    for sent in (parts, MultiPolygon([AREA]), MultiLineString([LINE])):
        assert api.post(PROJECTS, feature(zone, sent)).status_code == 201
    kinds = [stored(project).geom_type for project in ZoneProject.objects.order_by("pk")]
    assert kinds == ["MultiPolygon", "Polygon", "LineString"]


def test_what_is_neither_point_nor_line_nor_area_is_refused_by_name(zone: CooperationZone, coordinator: User) -> None:
    sent = feature(zone, MultiPoint([POINT, place(900, 900)]))
    response = Api(coordinator).post(PROJECTS, sent, accept_language="en")
    assert response.status_code == 422
    assert response.json()["errors"] == {"geometry": ["This must be a point, line or area, not a MultiPoint."]}


def test_a_line_becomes_an_area_and_moves_to_the_town_of_the_new_place(
    zone: CooperationZone, coordinator: User, territory: Territory
) -> None:
    project = make_project(zone, LINE, area=territory.unbong)
    sent = feature(zone, square(2500, 500, 300), name=project.name)
    assert Api(coordinator).put(f"{PROJECTS}/{project.pk}", sent, if_match='"1"').status_code == 200
    project.refresh_from_db()
    assert (stored(project).geom_type, project.area) == ("Polygon", territory.jucheon)


def test_a_tile_holds_all_three_kinds(zone: CooperationZone, coordinator: User) -> None:
    made = {make_project(zone, each).pk: kind for kind, each in SHAPES.items()}
    point = reproject(POINT, STORAGE_SRID, WEB_SRID)
    size = 2 * WORLD_HALF / 2**10
    row, column = int((WORLD_HALF - point.y) // size), int((point.x + WORLD_HALF) // size)
    answer = Api(coordinator).get(f"collections/zone-projects/tiles/WebMercatorQuad/10/{row}/{column}", {"buffer": 128})
    tile = mapbox_vector_tile.decode(answer.content)["zone-projects"]["features"]
    assert {each["id"]: each["geometry"]["type"] for each in tile} == made
    assert {each["properties"]["stage"] for each in tile} == {"proposed"}


def test_the_api_says_that_any_shape_may_come(zone: CooperationZone, coordinator: User) -> None:
    api = Api(coordinator)
    described = api.get("collections/zone-projects/schema").json()["properties"]["geometry"]
    assert described == {"x-ogc-role": "primary-geometry", "format": "geometry-any"}
    assert "Point, LineString, Polygon or MultiPolygon" in api.get("", {"f": "json"}).content.decode() + json.dumps(
        api.get("api").json() if api.get("api").status_code == 200 else {}
    ) or "geometry-any" in json.dumps(described)


def test_files_hold_every_kind_and_shapefiles_hold_them_apart(
    zone: CooperationZone, coordinator: User, tmp_path: Path
) -> None:
    for each in SHAPES.values():
        make_project(zone, each)
    client = signed_in(coordinator)

    def taken(name: str) -> bytes:
        return b"".join(client.get(f"/records/zone-projects/export.{name}").streaming_content)

    assert [each["geometry"]["type"] for each in json.loads(taken("geojson"))["features"]] == list(SHAPES)
    package = tmp_path / "projects.gpkg"
    package.write_bytes(taken("gpkg"))
    assert pyogrio.read_info(package)["features"] == len(SHAPES)
    with zipfile.ZipFile(io.BytesIO(taken("shp"))) as archive:
        archive.extractall(tmp_path)
    for name, kind in (("points", "Point"), ("lines", "LineString"), ("areas", "Polygon")):
        info = pyogrio.read_info(tmp_path / f"zone-projects-{name}.shp")
        assert (info["features"], info["geometry_type"]) == (1, kind)


@KINDS
def test_each_kind_is_imported_from_a_file(kind: str, zone: CooperationZone, coordinator: User, tmp_path: Path) -> None:
    path = tmp_path / "projects.geojson"
    properties = {"이름": "가져온 사업", "협력권": zone.name, "단계": "proposed"}
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": lonlat(SHAPES[kind]), "properties": properties}],
    }
    path.write_text(json.dumps(collection))
    columns = {"name": "이름", "zone": "협력권", "stage": "단계"}
    report = import_records(layers.get("zone-projects"), path, Options(columns=columns), user=coordinator)
    assert report.facts["applied"], report.rows
    assert stored(ZoneProject.objects.get()).geom_type == kind


@KINDS
def test_each_kind_has_a_page_a_panel_and_a_picture_for_paper(
    kind: str, zone: CooperationZone, coordinator: User
) -> None:
    project = make_project(zone, SHAPES[kind])
    client = signed_in(coordinator)
    for part in ("", "panel/", "edit/", "history/"):
        assert client.get(f"/records/zone-projects/{project.pk}/{part}").status_code == 200
    svg = draw(SHAPES[kind], [], view=view_of(SHAPES[kind], 480, 300), title="place")
    looks = {"Point": "<circle", "LineString": 'fill="none" stroke="#0b50d0"', "Polygon": 'fill-opacity="0.2"'}
    assert looks[kind] in svg


def test_coordinates_that_are_typed_replace_a_line_by_a_point(zone: CooperationZone, coordinator: User) -> None:
    project = make_project(zone, LINE)
    lon, lat = lonlat(place(700, 700))["coordinates"]
    sent = {"name": project.name, "zone": zone.pk, "stage": "proposed", "version": 1, "lon": lon, "lat": lat}
    answer = signed_in(coordinator).post(f"/records/zone-projects/{project.pk}/edit/", sent)
    assert answer.status_code == 302
    project.refresh_from_db()
    assert geos(place(700, 700)).distance(project.geometry) < 0.05
