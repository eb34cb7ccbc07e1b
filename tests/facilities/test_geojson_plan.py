"""Plans as GeoJSON: for GIS programs on the way out, and rooms of any program on the way in."""

import json
import random
from typing import Any

import pytest
import shapely
from shapely import Point, box
from shapely.geometry import mapping, shape

from facilities.exchange import geojson, places
from facilities.exchange.geojson_foreign import LOCAL
from facilities.exchange.report import ImportRefused
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, LocalFrame, reproject
from tests.facilities.exchange_documents import FRAME, META, codes, rich

Feature = dict[str, Any]


def written() -> dict[str, Any]:
    root: dict[str, Any] = json.loads(geojson.write(rich(), META))
    return root


def packed(*features: Feature, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def feature(geometry: Any, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": mapping(geometry), "properties": properties}


def lonlat(geometry: Any) -> Any:
    return places.to_lonlat(FRAME, geometry)


ROOM, OTHER = box(0, 0, 6, 4), box(6, 0, 9, 4)


def test_every_part_is_a_feature_that_says_what_it_is() -> None:
    document, root = rich(), written()
    found = [each["properties"]["feature_type"] for each in root["features"]]
    assert found.count("level") == len(document.levels)
    assert found.count("unit") == len(document.units)
    assert found.count("opening") == len(document.openings)
    assert found.count("fixture") == len(document.fixtures)
    assert found.count("amenity") == len(document.amenities)
    hall = next(each for each in root["features"] if each["properties"].get("name_ko") == "민원실")
    assert hall["id"] == hall["properties"]["key"]
    assert hall["properties"]["after_hours"] is True
    assert hall["properties"]["level_ordinal"] == 0
    assert 124 < shape(hall["geometry"]).centroid.x < 132


def test_a_file_that_a_gis_program_saved_again_is_still_ours() -> None:
    root = written()
    saved = {"type": "FeatureCollection", "features": root["features"]}
    for each in saved["features"]:
        del each["id"]
        each.pop("turned", None)
        each["properties"]["area_m2"] = 12.5
    imported = geojson.read(json.dumps(saved).encode(), geojson.Options(frame=FRAME))
    document = imported.document
    assert {unit.key for unit in document.units} == {unit.key for unit in rich().units}
    hall = next(unit for unit in document.units if unit.name_ko == "민원실")
    assert hall.geometry.equals(next(unit.geometry for unit in rich().units if unit.name_ko == "민원실"))
    fitted = geojson.read(json.dumps(saved).encode())
    assert fitted.frame is not None
    assert fitted.frame.rotation == pytest.approx(FRAME.rotation, abs=1e-3)


def test_rooms_of_another_program_are_read_by_the_names_of_their_columns() -> None:
    data = packed(
        feature(lonlat(ROOM), 실명="회의실", 호="201", 층="2층"),
        feature(lonlat(OTHER), 실명="직원 휴게실", 용도="privatelounge", 층="2층"),
        feature(lonlat(box(0, 0, 9, 4)), 실명="창고", 층="지하 1층"),
    )
    imported = geojson.read(data, geojson.Options(frame=FRAME))
    document = imported.document
    assert [(level.ordinal, level.short_name) for level in document.levels] == [(-1, "B1"), (1, "2F")]
    found = {unit.name_ko: (unit.category, unit.number, round(unit.geometry.area, 2)) for unit in document.units}
    assert found == {
        "회의실": ("conferenceroom", "201", 24.0),
        "직원 휴게실": ("privatelounge", "", 12.0),
        "창고": ("storage", "", 36.0),
    }
    read = {finding.params["role"]: finding.params["what"] for finding in imported.findings if "role" in finding.params}
    assert read == {"name": "실명", "category": "용도", "number": "호", "level": "층"}
    assert codes(imported)["guessed_category"] == 2


def test_lines_on_walls_are_doors_and_points_are_names() -> None:
    data = packed(
        feature(ROOM),
        feature(OTHER),
        feature(shapely.LineString([(6, 1), (6, 1.9)])),
        feature(shapely.LineString([(0, 1), (0, 2)])),
        feature(shapely.LineString([(1, 2), (3, 2)])),
        feature(Point(1, 1), name="민원실"),
        feature(Point(8, 2), category="aed"),
        feature(Point(50, 50), name="밖"),
    )
    imported = geojson.read(data)
    document = imported.document
    assert [opening.entrance for opening in document.openings] == [False, True]
    assert {(unit.name_ko, unit.category) for unit in document.units} == {("민원실", "lobby"), ("", "unspecified")}
    assert [amenity.category for amenity in document.amenities] == ["aed"]
    assert codes(imported)["dropped"] == 2
    assert codes(imported)["geojson.local_metres"] == 1


def test_local_metres_far_from_the_origin_are_moved_to_it_when_the_user_says_what_they_are() -> None:
    far = shapely.transform(ROOM, lambda xy: xy + 100_000)
    imported = geojson.read(packed(feature(far)), geojson.Options(srid=LOCAL))
    assert imported.document.units[0].geometry.equals(ROOM)
    assert imported.origin == (100_000.0, 100_000.0)
    assert codes(imported)["moved"] == 1


def test_metres_of_a_korean_grid_need_a_crs_and_are_not_guessed() -> None:
    world = FRAME.to_world(ROOM)
    with pytest.raises(ImportRefused) as refused:
        geojson.read(packed(feature(world)))
    assert refused.value.code == "geojson.which_crs"
    assert STORAGE_SRID in refused.value.params["candidates"]
    stated = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5179"}}
    for data, options in (
        (packed(feature(world), crs=stated), geojson.Options(frame=FRAME)),
        (packed(feature(world)), geojson.Options(frame=FRAME, srid=5179)),
    ):
        unit = geojson.read(data, options).document.units[0]
        assert shapely.hausdorff_distance(unit.geometry, ROOM) < 1e-3


def test_latitude_before_longitude_is_noticed() -> None:
    imported = geojson.read(packed(feature(places.swapped(lonlat(ROOM)))), geojson.Options(frame=FRAME))
    assert codes(imported)["geojson.axes_swapped"] == 1
    assert shapely.hausdorff_distance(imported.document.units[0].geometry, ROOM) < 1e-3


def test_a_building_in_another_town_is_not_put_into_this_one() -> None:
    far = LocalFrame(FRAME.anchor_x, FRAME.anchor_y + 30_000)
    with pytest.raises(ImportRefused) as refused:
        geojson.read(packed(feature(lonlat(ROOM))), geojson.Options(frame=far))
    assert (refused.value.code, refused.value.params["km"]) == ("elsewhere", 30)


def test_one_room_that_strayed_does_not_draw_the_building_after_it() -> None:
    stray = box(0, 0, 0.001, 0.001)
    rooms = [feature(lonlat(box(6 * n, 0, 6 * n + 6, 4)), name=f"{n}") for n in range(4)]
    imported = geojson.read(packed(*rooms, feature(stray)), geojson.Options(srid=LONLAT_SRID))
    assert len(imported.document.units) == 4
    assert codes(imported)["invalid_shape"] == 1
    assert sum(unit.geometry.area for unit in imported.document.units) == pytest.approx(96, rel=1e-4)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"{", "broken"),
        (b"[1]", "not_this_format"),
        (b'{"type": "Topology"}', "broken"),
        (b'{"type": "FeatureCollection", "features": 3}', "broken"),
        (b'{"type": "FeatureCollection", "features": []}', "nothing_found"),
        (packed(feature(Point(127, 37))), "nothing_found"),
        (packed({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}}), "nothing_found"),
    ],
)
def test_a_file_without_rooms_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        geojson.read(data)
    assert refused.value.code == code


def test_no_file_makes_the_reader_fail() -> None:
    random_ = random.Random(11)
    foreign = packed(feature(lonlat(ROOM), name="가", level="x"), feature(lonlat(OTHER), level=1e300, 층=["1"]))
    for whole in (geojson.write(rich(), META).decode(), foreign.decode()):
        for _ in range(100):
            at, size = random_.randrange(len(whole)), random_.randrange(1, 60)
            rubbish = random_.choice(["", "1e99", "null", "[]", "{}", '"', "-1", "true", '"kind":3,'])
            try:
                geojson.read((whole[:at] + rubbish + whole[at + size :]).encode())
            except ImportRefused as error:
                assert error.code


def test_where_a_room_is_read_to_is_where_it_is_in_the_world() -> None:
    imported = geojson.read(packed(feature(lonlat(ROOM)), feature(lonlat(OTHER))))
    assert imported.frame is not None
    for unit, room in zip(imported.document.units, (ROOM, OTHER), strict=True):
        there = reproject(lonlat(room), LONLAT_SRID, STORAGE_SRID)
        assert shapely.hausdorff_distance(imported.frame.to_world(unit.geometry), there) < 1e-3
