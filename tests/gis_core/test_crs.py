"""Coordinates: which systems are known, in which order they come, and that nothing moves on the way."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, get_coordinates

from gis_core.crs import (
    API_CRS_URIS,
    API_SRIDS,
    CRS84,
    KOREAN_SRIDS,
    LocalFrame,
    UnknownCrs,
    north_first,
    parse_uri,
    reproject,
    uri,
)

lons = st.floats(125.0, 130.5)
lats = st.floats(33.0, 38.6)
metres = st.floats(-300, 300, allow_nan=False)
places = st.tuples(st.floats(850_000, 1_250_000), st.floats(1_480_000, 2_060_000))


# On Bessel's ellipsoid: the shift between the datums is known to metres, and undone to millimetres.
OLD = (5174, 2097, 5178)


@given(lons, lats, st.sampled_from(KOREAN_SRIDS))
def test_a_place_in_korea_comes_back_from_every_korean_system(lon, lat, srid):
    start = reproject(Point(lon, lat), 4326, 5179)
    back = reproject(reproject(start, 5179, srid), srid, 5179)
    assert start.distance(back) < (0.02 if srid in OLD else 0.001)


@pytest.mark.parametrize("srid", OLD)
def test_an_old_file_is_moved_by_its_datum_shift(srid):
    here = Point(127.39, 35.41)
    there = reproject(here, 4326, srid)
    unshifted = reproject(Point(there.x, there.y), {5174: 5181, 2097: 5181, 5178: 5179}[srid], 5179)
    assert 200 < unshifted.distance(reproject(here, 4326, 5179)) < 600


@given(lons, lats, st.sampled_from(API_SRIDS))
def test_coordinates_are_x_first_in_code_whatever_the_registry_says(lon, lat, srid):
    east = reproject(Point(lon + 0.01, lat), 4326, srid)
    north = reproject(Point(lon, lat + 0.01), 4326, srid)
    here = reproject(Point(lon, lat), 4326, srid)
    assert abs(east.x - here.x) > abs(east.y - here.y)
    assert abs(north.y - here.y) > abs(north.x - here.x)


@pytest.mark.parametrize("srid", API_SRIDS)
def test_the_korean_and_the_geographic_systems_come_north_first_and_web_mercator_does_not(srid):
    assert north_first(srid) == (srid != 3857)
    assert parse_uri(uri(srid)) == (srid, srid != 3857)


def test_crs84_is_degrees_with_longitude_first():
    assert parse_uri(CRS84) == (4326, False)
    assert CRS84 in API_CRS_URIS


@pytest.mark.parametrize("text", ["", "EPSG:4326", uri(2097), uri(27700), "http://www.opengis.net/def/crs/EPSG/0/x"])
def test_an_unknown_system_is_refused(text):
    with pytest.raises(UnknownCrs):
        parse_uri(text)


@given(places, st.floats(-360, 360), metres, metres)
def test_a_place_in_a_building_comes_back_from_the_world_within_a_millimetre(anchor, rotation, x, y):
    frame = LocalFrame(*anchor, rotation)
    there = frame.to_world(Point(x, y))
    assert frame.to_local(there).distance(Point(x, y)) < 0.001


@given(places, st.floats(-180, 180))
def test_ten_metres_in_a_building_are_ten_true_metres(anchor, rotation):
    frame = LocalFrame(*anchor, rotation)
    start, end = frame.to_world(Point(0, 0)), frame.to_world(Point(10, 0))
    assert start.distance(Point(anchor)) < 1e-6
    # The grid is shorter or longer than the ground by its scale, four parts in ten thousand at most here.
    assert start.distance(end) == pytest.approx(10 * frame.scale, abs=1e-6)
    assert 0.999 < frame.scale < 1.001


def test_a_quarter_turn_carries_the_local_x_axis_to_grid_north():
    frame = LocalFrame(1_000_000, 1_700_000, 90)
    x, y = get_coordinates(frame.to_world(Point(1, 0)))[0]
    assert x == pytest.approx(1_000_000, abs=1e-6)
    assert y == pytest.approx(1_700_000 + frame.scale, abs=1e-6)


def test_a_building_keeps_its_holes():
    frame = LocalFrame(990_000, 1_710_000, 12.5)
    plan = Polygon([(0, 0), (20, 0), (20, 10), (0, 10)], [[(5, 3), (8, 3), (8, 6), (5, 6)]])
    back = frame.to_local(frame.to_world(plan))
    assert back.equals_exact(plan, 0.001)


@pytest.mark.django_db
@pytest.mark.parametrize("srid", API_SRIDS)
def test_the_database_and_python_agree_where_a_place_is(srid):
    start = Point(990_123.4, 1_711_987.6)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 5179), %s) AS p) AS t",
            [start.x, start.y, srid],
        )
        found = Point(*cursor.fetchone())
    moved = reproject(start, 5179, srid)
    assert found.distance(moved) < (1e-9 if srid == 4326 else 1e-4)


@pytest.mark.django_db
def test_the_database_knows_the_system_of_floor_plans():
    with connection.cursor() as cursor:
        cursor.execute("SELECT auth_name FROM spatial_ref_sys WHERE srid = 990001")
        assert cursor.fetchone() == ("DONGNE",)
