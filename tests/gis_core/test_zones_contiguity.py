"""Whether members hang together: on tessellations that are made up, and on Dangjin as it is."""

import json
from itertools import combinations
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, affinity, box, union_all
from shapely.geometry import shape

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.zones import contiguity

SIDE, CELL = 5, 700.0
DANGJIN = Path(__file__).resolve().parents[3] / "shared" / "data" / "areas" / "dangjin.geojson"


@st.composite
def covers(draw):
    """Areas of whole cells of a grid, some of several parts; and which cells are whose."""
    owners = draw(st.lists(st.integers(0, 7), min_size=SIDE * SIDE, max_size=SIDE * SIDE))
    cells = {(place % SIDE, place // SIDE): owner for place, owner in enumerate(owners)}
    areas = {
        owner: union_all([_cell(*at) for at, whose in cells.items() if whose == owner]) for owner in set(cells.values())
    }
    return cells, areas


def _cell(x, y):
    return box(990_000 + x * CELL, 1_710_000 + y * CELL, 990_000 + (x + 1) * CELL, 1_710_000 + (y + 1) * CELL)


def sides(cells):
    """Metres of common sides of cells of different areas, counted cell by cell."""
    found = {owner: {} for owner in cells.values()}
    for (x, y), owner in cells.items():
        for beside in ((x + 1, y), (x, y + 1)):
            other = cells.get(beside, owner)
            if other != owner:
                found[owner][other] = found[other][owner] = found[owner].get(other, 0) + CELL
    return found


def names(borders):
    return {area: set(others) for area, others in borders.items()}


@settings(max_examples=25, deadline=None)
@given(covers())
def test_areas_are_neighbours_where_they_share_sides_and_not_where_corners_touch(cover):
    cells, areas = cover
    found, counted = contiguity.borders(areas), sides(cells)
    assert names(found) == names(counted)
    for area, others in counted.items():
        for other, metres in others.items():
            # At its ends a border reaches on by the tolerance, on each of two arms.
            ends = 4 * contiguity.TOLERANCE_M * metres / CELL
            assert metres - 1 <= found[area][other] <= metres + ends + 1
            assert found[area][other] == found[other][area]


@settings(max_examples=25, deadline=None)
@given(covers(), st.lists(st.floats(-2, 2), min_size=16, max_size=16))
def test_gaps_and_slivers_between_two_sources_change_no_neighbour(cover, shifts):
    cells, areas = cover
    moved = {area: affinity.translate(each, shifts[2 * area], shifts[2 * area + 1]) for area, each in areas.items()}
    assert names(contiguity.borders(moved)) == names(sides(cells))


@settings(max_examples=25, deadline=None)
@given(covers(), st.sets(st.integers(0, 7)))
def test_groups_are_those_of_a_graph_and_leave_nobody_out(cover, chosen):
    cells, areas = cover
    neighbours, members = sides(cells), chosen & areas.keys()
    graph = networkx.Graph({area: list(others) for area, others in neighbours.items()}).subgraph(members)
    groups = contiguity.components(members, neighbours)
    assert set(groups) == {frozenset(group) for group in networkx.connected_components(graph)}
    assert sum(map(len, groups)) == len(members)
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    assert contiguity.bridges(members, neighbours) == frozenset(networkx.articulation_points(graph))


@settings(max_examples=25, deadline=None)
@given(covers(), st.sets(st.integers(0, 7), min_size=1))
def test_a_zone_without_a_member_is_looked_at_as_if_it_had_never_had_it(cover, chosen):
    _cells, areas = cover
    neighbours, members = contiguity.borders(areas), chosen & areas.keys()
    for member in members:
        rest = members - {member}
        alone = contiguity.components(rest, contiguity.borders({area: areas[area] for area in rest}))
        assert list(contiguity.without(member, members, neighbours).groups) == alone


def test_a_common_point_is_no_border_but_one_of_some_metres_is():
    south, north_east = _cell(0, 0), _cell(1, 1)
    assert contiguity.borders({1: south, 2: north_east}) == {1: {}, 2: {}}
    assert contiguity.borders({1: south, 2: affinity.translate(north_east, -60, 0)})[1][2] == pytest.approx(70, abs=1)


def test_an_island_and_its_mainland_are_one_area_that_borders_through_either():
    mainland = MultiPolygon([_cell(0, 0), _cell(5, 5)])
    beside_the_island, far = _cell(4, 5), _cell(3, 0)
    assert names(contiguity.borders({1: mainland, 2: beside_the_island, 3: far})) == {1: {2}, 2: {1}, 3: set()}


def test_a_town_within_a_member_city_shares_all_of_its_edge_with_it():
    city, town = box(0, 0, 9000, 9000), box(3000, 3000, 5000, 5000)
    assert contiguity.borders({1: city, 2: town})[2][1] == pytest.approx(8000)


def test_compactness_is_one_for_a_circle_and_unmoved_by_size_holes_and_gaps_of_a_metre():
    circle = box(0, 0, 1, 1).centroid.buffer(5000, quad_segs=64)
    assert contiguity.compactness(circle) == pytest.approx(1, abs=0.01)
    square = box(0, 0, 1000, 1000)
    assert contiguity.compactness(square) == pytest.approx(0.785, abs=0.001)
    assert contiguity.compactness(affinity.scale(square, 7, 7)) == pytest.approx(0.785, abs=0.001)
    assert contiguity.compactness(square.difference(box(400, 400, 600, 600))) == pytest.approx(0.785, abs=0.001)
    gap = MultiPolygon([box(0, 0, 499.5, 1000), box(500.5, 0, 1000, 1000)])
    assert contiguity.compactness(gap) == pytest.approx(0.785, abs=0.001)
    assert contiguity.compactness(None) is None


def test_zones_overlap_by_ground_or_by_members_and_not_by_a_common_border():
    mine = box(0, 0, 2000, 1000)
    others = [
        (10, box(1000, 0, 3000, 1000), frozenset({2, 3})),
        (11, box(2000, 0, 4000, 1000), frozenset({4})),
        (12, box(1999, 0, 4000, 1000), frozenset({4})),
        (13, box(9000, 0, 9500, 500), frozenset({1})),
    ]
    found = contiguity.overlaps({1, 2}, mine, others)
    assert [(each.zone, each.km2, each.members) for each in found] == [(10, 1.0, {2}), (13, 0.0, {1})]


@pytest.fixture(scope="module")
def dangjin():
    if not DANGJIN.exists():
        pytest.skip(f"the real boundaries of Dangjin are not at {DANGJIN.name}")
    features = json.loads(DANGJIN.read_text(encoding="utf-8"))["features"]
    return {
        each["properties"]["adm_nm"].split()[-1]: reproject(shape(each["geometry"]), LONLAT_SRID, STORAGE_SRID)
        for each in features
    }


@pytest.fixture(scope="module")
def borders_of_dangjin(dangjin):
    return contiguity.borders(dangjin)


def test_dangjins_programme_zones_hang_together_though_towns_have_islands(dangjin, borders_of_dangjin):
    assert len(dangjin) == 14
    assert [name for name, town in dangjin.items() if len(getattr(town, "geoms", [town])) > 1] == ["석문면", "신평면"]
    for zone in ({"송악읍", "신평면"}, {"합덕읍", "순성면", "면천면"}, {"당진1동", "당진2동", "당진3동"}, set(dangjin)):
        assert len(contiguity.components(zone, borders_of_dangjin)) == 1


def test_dangjins_neighbours_are_those_whose_borders_meet_in_a_line(dangjin, borders_of_dangjin):
    for one, other in combinations(dangjin, 2):
        exact = dangjin[one].boundary.intersection(dangjin[other].boundary).length
        if exact > 2 * contiguity.MIN_BORDER_M:
            assert borders_of_dangjin[one][other] == pytest.approx(exact, rel=0.15, abs=60), (one, other)
        elif dangjin[one].distance(dangjin[other]) > contiguity.TOLERANCE_M:
            assert other not in borders_of_dangjin[one]


def test_songak_and_seongmun_lie_apart_until_songsan_joins_them(borders_of_dangjin):
    apart = contiguity.components({"송악읍", "석문면"}, borders_of_dangjin)
    assert len(apart) == 2
    joined = {"송악읍", "송산면", "석문면"}
    assert contiguity.components(joined, borders_of_dangjin) == [frozenset(joined)]
    assert contiguity.bridges(joined, borders_of_dangjin) == {"송산면"}
    assert contiguity.without("송산면", joined, borders_of_dangjin).is_needed
    assert not contiguity.without("석문면", joined, borders_of_dangjin).is_needed
