"""Shapes: what is no geometry, what is broken and where, what a repair does."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate, translate
from shapely.geometry import mapping

from gis_core.crs import reproject
from gis_core.geometry import (
    NotGeometry,
    fault,
    from_geojson,
    inner_point,
    outside_korea,
    polygons,
    repaired,
    same_place,
    seems_swapped,
)

BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
HOLED = Polygon([(0, 0), (20, 0), (20, 20), (0, 20)], [[(5, 5), (5, 15), (15, 15), (15, 5)]])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), inside)
    ),
    max_leaves=12,
)
kinds = st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Circle", "Feature"])


@given(kinds, json_values)
def test_whatever_a_client_sends_is_a_geometry_or_is_refused(kind, coordinates):
    for value in ({"type": kind, "coordinates": coordinates}, {"type": kind, "geometries": coordinates}, coordinates):
        try:
            found = from_geojson(value)
        except NotGeometry as error:
            assert error.args[0] in {NotGeometry.STRUCTURE, NotGeometry.NUMBERS, NotGeometry.RING}
        else:
            assert not found.has_z


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"type": "Circle", "coordinates": [1, 2]}, NotGeometry.STRUCTURE),
        ({"type": "Point", "coordinates": [1]}, NotGeometry.STRUCTURE),
        ({"type": "Point", "coordinates": "1,2"}, NotGeometry.STRUCTURE),
        ({"type": "Point", "coordinates": [1, None]}, NotGeometry.NUMBERS),
        ({"type": "Point", "coordinates": [math.nan, 1]}, NotGeometry.NUMBERS),
        ({"type": "Point", "coordinates": [math.inf, 1]}, NotGeometry.NUMBERS),
        ({"type": "Point", "coordinates": [True, 1]}, NotGeometry.NUMBERS),
        ({"type": "Point", "coordinates": [10**400, 1]}, NotGeometry.NUMBERS),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, NotGeometry.RING),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}, NotGeometry.RING),
        ({"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]}, "structure"),
    ],
)
def test_what_is_no_geometry_is_refused_with_the_reason(value, reason):
    with pytest.raises(NotGeometry) as refusal:
        from_geojson(value)
    assert refusal.value.args[0] == reason


def test_coordinates_nested_a_thousand_deep_are_refused_and_break_nothing():
    nested: list = []
    for _ in range(5000):
        nested = [nested]
    with pytest.raises(NotGeometry):
        from_geojson({"type": "Polygon", "coordinates": nested})


def test_heights_are_dropped():
    assert from_geojson({"type": "Point", "coordinates": [127, 35, 80]}).equals(Point(127, 35))


def test_a_polygon_keeps_its_hole():
    assert from_geojson(json.loads(json.dumps(mapping(HOLED)))) == HOLED


def test_a_crossing_is_named_with_its_place():
    found = fault(BOW_TIE)
    assert found is not None
    assert (found.reason, found.place) == ("Self-intersection", (5, 5))


def test_a_hole_outside_is_named():
    found = fault(Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [[(5, 5), (6, 5), (6, 6), (5, 6)]]))
    assert found is not None
    assert found.reason == "Hole lies outside shell"


def test_nothing_is_a_fault_without_a_place():
    found = fault(Polygon())
    assert found is not None
    assert found.place is None
    assert fault(HOLED) is None


corners = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


@given(st.lists(corners, min_size=3, max_size=9, unique=True))
def test_a_repair_gives_a_valid_polygon_or_nothing(ring):
    made = repaired(Polygon(ring))
    assert made.is_empty or (made.is_valid and isinstance(made, Polygon | MultiPolygon))
    assert made.is_empty or made.within(Polygon(ring).convex_hull.buffer(1e-6))


@given(st.lists(corners, min_size=3, max_size=9, unique=True))
def test_a_repair_leaves_a_sound_polygon_as_it_is(ring):
    shape = Polygon(ring)
    if shape.is_valid and shape.area:
        assert repaired(shape).equals(shape)


def test_polygons_makes_one_kind_of_two():
    assert polygons(HOLED) == MultiPolygon([HOLED])
    assert polygons(MultiPolygon([HOLED])) == MultiPolygon([HOLED])


def test_a_place_outside_korea_is_told_and_exchanged_axes_are_recognised():
    assert outside_korea(box(127, 35, 128, 36)) is None
    assert outside_korea(GeometryCollection([Point(127, 35), Point(2.35, 48.86)])) == (2.35, 48.86)
    assert seems_swapped(35.4, 127.4)
    assert not seems_swapped(2.35, 48.86)


@given(st.lists(corners, min_size=3, max_size=9, unique=True))
def test_an_inner_point_lies_inside(ring):
    shape = Polygon(ring).buffer(1)
    assert shape.covers(inner_point(shape))


offsets = st.tuples(st.floats(0, 2000), st.floats(0, 2000))


def _through_the_web(shape):
    """As a client gets it and sends it back: degrees with seven decimals."""
    degrees = reproject(shape, 5179, 4326)
    rounded = from_geojson(_rounded(mapping(degrees)))
    return reproject(rounded, 4326, 5179)


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 7) if isinstance(value, float) else value


@given(offsets, st.floats(0.5, 3000), st.integers(0, 89), st.integers(0, 3))
def test_a_square_that_came_back_from_the_map_is_the_same_square_wherever_its_ring_begins(offset, size, angle, start):
    square = rotate(box(0, 0, size, size), angle if angle % 3 else 0)
    square = translate(square, 990_000 + offset[0], 1_710_000 + offset[1])
    ring = list(square.exterior.coords)[:-1]
    turned = Polygon(ring[start:] + ring[:start])
    assert same_place(square, _through_the_web(turned), 0.02)
    assert same_place(square, _through_the_web(turned.reverse()), 0.02)


@given(offsets, st.floats(0.05, 50))
def test_a_corner_that_was_moved_by_five_centimetres_is_another_shape(offset, distance):
    x, y = 990_000 + offset[0], 1_710_000 + offset[1]
    before = box(x, y, x + 100, y + 100)
    after = Polygon([(x, y), (x + 100, y), (x + 100 + distance, y + 100), (x, y + 100)])
    assert not same_place(before, after, 0.02)
    assert not same_place(before, Polygon([(x, y), (x + 100, y), (x + 100, y + 100)]), 0.02)
    assert not same_place(before, Point(x, y), 0.02)
