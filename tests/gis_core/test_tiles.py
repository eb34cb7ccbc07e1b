"""Vector tiles hold exactly what SQL says, for every reader, and low zooms count instead of leaving out."""

import itertools

import mapbox_vector_tile
import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import Point, union_all

from facilities.models import Centre
from gis_core.crs import reproject
from gis_core.editing.shapes import to_shapely
from gis_core.layers.counts import WORLD_HALF
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Role
from gis_core.tiles.grid import EXTENT, OutsideGrid, in_storage, tile_area, tile_bounds
from tests.conftest import Api, is_problem
from tests.factories import geos, make_centre, make_house, make_houses, make_organisation, make_user, place, square

pytestmark = pytest.mark.django_db


def tile_of(point, z):
    """Column and row of the tile in which a point (EPSG:5179) lies."""
    web = reproject(point, 5179, 3857)
    size = 2 * WORLD_HALF / 2**z
    return int((web.x + WORLD_HALF) // size), int((WORLD_HALF - web.y) // size)


def get_tile(user, layer, z, x, y, **params):
    response = Api(user).get(f"collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}", params)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return mapbox_vector_tile.decode(response.content) if response.content else {}


def ids(tile, name):
    return sorted(feature["id"] for feature in tile.get(name, {}).get("features", []))


def sql_ids(table, column, z, x, y):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE retired_at IS NULL"  # noqa: S608
            f" AND ST_Intersects(ST_Transform({column}, 3857), ST_TileEnvelope(%s, %s, %s)) ORDER BY id",
            [z, x, y],
        )
        return [row[0] for row in cursor.fetchall()]


def around(z, point=None):
    """The tile of a place and its eight neighbours."""
    x, y = tile_of(point or place(2000, 2000), z)
    return [(z, x + dx, y + dy) for dx, dy in itertools.product((-1, 0, 1), repeat=2)]


@pytest.fixture
def town_full_of_houses(territory):
    return make_houses([place(x + 0.37, y + 0.61) for x in range(5, 6000, 260) for y in range(5, 4000, 260)], grade="1")


@pytest.mark.parametrize("z", [12, 13, 14, 16, 18])
def test_a_tile_holds_exactly_the_houses_sql_says(town_full_of_houses, manager, z):
    held = []
    for tile in around(z):
        found = ids(get_tile(manager, "vacant-houses", *tile), "vacant-houses")
        assert found == sql_ids("vacanthouses_vacanthouse", "location", *tile)
        held += found
    assert len(held) == len(set(held))


@pytest.mark.parametrize("z", [5, 9, 12, 15])
def test_a_tile_holds_exactly_the_areas_sql_says(territory, z):
    for tile in around(z):
        assert ids(get_tile(None, "areas", *tile), "areas") == sql_ids("gis_core_adminarea", "geometry", *tile)


def test_a_house_is_drawn_where_it_is_and_says_its_grade_and_area(territory, manager):
    house = make_house(place(700, 700), grade="2")
    z, (x, y) = 18, tile_of(place(700, 700), 18)
    [feature] = get_tile(manager, "vacant-houses", z, x, y)["vacant-houses"]["features"]
    assert feature["properties"] == {"label": house.address, "grade": "2", "area": territory.unbong.pk}
    west, south, east, north = tile_bounds(z, x, y)
    px, py = feature["geometry"]["coordinates"]
    found = Point(west + (east - west) * px / EXTENT, south + (north - south) * py / EXTENT)
    assert found.distance(reproject(place(700, 700), 5179, 3857)) < (east - west) / EXTENT


def test_a_retired_house_is_in_no_tile(territory, manager):
    make_house(place(700, 700), retired_at="2026-05-01T00:00:00Z")
    x, y = tile_of(place(700, 700), 14)
    assert get_tile(manager, "vacant-houses", 14, x, y).get("vacant-houses", {"features": []})["features"] == []
    x, y = tile_of(place(700, 700), 8)
    assert get_tile(manager, "vacant-houses", 8, x, y).get("vacant-houses-count", {"features": []})["features"] == []


@pytest.mark.parametrize("z", [3, 8, 11, 12, 15])
def test_a_viewer_gets_no_vacant_house_in_any_tile(territory, viewer, z):
    make_house(place(700, 700), parcel=geos(square(690, 690, 30)))
    x, y = tile_of(place(700, 700), z)
    tile = get_tile(viewer, "vacant-houses", z, x, y)
    assert [feature for found in tile.values() for feature in found["features"]] == []


def test_a_stranger_gets_tiles_of_public_layers_only(territory):
    is_problem(Api().get("collections/vacant-houses/tiles/WebMercatorQuad/8/101/218"), 401)
    x, y = tile_of(place(0, 0), 8)
    assert ids(get_tile(None, "areas", 8, x, y), "areas")


@pytest.mark.parametrize("z", [9, 11, 13])
def test_a_surveyor_gets_the_houses_of_ones_own_town(town_full_of_houses, territory, surveyor, z):
    mine = sorted(house.pk for house in town_full_of_houses if house.area_id == territory.unbong.pk)
    tiles = [get_tile(surveyor, "vacant-houses", *tile) for tile in around(z)]
    if z < 12:
        assert sum(map(counted, tiles)) == len(mine)
    else:
        assert sorted(itertools.chain(*(ids(tile, "vacant-houses") for tile in tiles))) == mine


def cells(tile):
    return tile.get("vacant-houses-count", {"features": []})["features"]


def counted(tile):
    return sum(cell["properties"]["count"] for cell in cells(tile))


def by_grade(tile, grade):
    return sum(cell["properties"].get(f"n_{grade}", 0) for cell in cells(tile))


def every_tile(user, z, **params):
    """Tiles of a zoom that can hold anything of Korea, without asking for all the world's."""
    west, north = tile_of(reproject(Point(124, 39), 4326, 5179), z)
    east, south = tile_of(reproject(Point(132, 33), 4326, 5179), z)
    return [
        get_tile(user, "vacant-houses", z, x, y, **params)
        for x in range(west, east + 1)
        for y in range(north, south + 1)
    ]


@pytest.fixture
def houses_all_over_korea(territory):
    spots = [Point(125.5 + 0.41 * i, 33.3 + 0.29 * j) for i in range(14) for j in range(17)]
    made = make_houses([reproject(spot, 4326, 5179) for spot in spots], grade="1")
    return made + make_houses([place(100, 100), place(2100, 100), place(4100, 100)], grade="2")


@pytest.mark.parametrize("z", [0, 3, 5, 6])
def test_the_counts_of_a_zoom_add_up_to_all_the_houses(houses_all_over_korea, manager, z):
    tiles = every_tile(manager, z)
    assert sum(map(counted, tiles)) == len(houses_all_over_korea)
    assert sum(by_grade(tile, "1") for tile in tiles) == 14 * 17
    assert sum(by_grade(tile, "2") for tile in tiles) == 3


@pytest.mark.parametrize("z", [0, 4, 6])
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"grade": "2"}, 3), ({"grade": ["1", "2"]}, 241), ({"area": "4519000000"}, 2), ({"area": "5277000000"}, 1),
        ({"status": "candidate"}, 241), ({"status": "confirmed"}, 0), ({"q": "서천리"}, 241),
        ({"grade": "2", "regime": "rural"}, 3), ({"found_on_from": "2024-05-02"}, 0),
        ({"area": "5219000000", "regime": "rural"}, 2),
    ],
)  # fmt: skip
def test_filtered_counts_add_up_too(houses_all_over_korea, manager, z, params, expected):
    assert sum(counted(tile) for tile in every_tile(manager, z, **params)) == expected


@pytest.mark.parametrize("z", [5, 8, 11])
def test_kept_counts_and_counts_made_now_are_the_same_tile(town_full_of_houses, manager, z):
    def plain(tile):
        return sorted((cell["geometry"]["coordinates"], cell["properties"]["count"]) for cell in cells(tile))

    for tile in around(z):
        kept = get_tile(manager, "vacant-houses", *tile)
        now = get_tile(manager, "vacant-houses", *tile, status=["candidate", "confirmed"])
        assert plain(kept) == plain(now)


def test_a_house_exactly_on_the_border_of_two_tiles_is_counted_in_one_and_drawn_in_at_least_one(territory, manager):
    z = 11
    x, y = tile_of(place(2000, 2000), z)
    west, south, _east, north = tile_bounds(z, x, y)
    border = reproject(Point(west, (south + north) / 2), 3857, 5179)
    house = make_house(border)
    assert sum(counted(get_tile(manager, "vacant-houses", z, x + dx, y)) for dx in (-1, 0)) == 1
    assert sum(counted(get_tile(manager, "vacant-houses", z, x + dx, y, q="남원")) for dx in (-1, 0)) == 1
    sides = [get_tile(manager, "vacant-houses", 12, 2 * x + dx, 2 * y + dy) for dx in (-1, 0) for dy in (0, 1)]
    assert house.pk in itertools.chain(*(ids(tile, "vacant-houses") for tile in sides))


def test_a_buffer_adds_the_points_just_outside(territory, manager):
    z = 14
    x, y = tile_of(place(2000, 2000), z)
    west, south, east, _north = tile_bounds(z, x, y)
    unit = (east - west) / EXTENT
    spots = {name: Point(west - units * unit, south + 100) for name, units in (("near", 100), ("far", 200))}
    made = {name: make_house(reproject(spot, 3857, 5179)).pk for name, spot in spots.items()}
    assert ids(get_tile(manager, "vacant-houses", z, x, y), "vacant-houses") == []
    assert ids(get_tile(manager, "vacant-houses", z, x, y, buffer=128), "vacant-houses") == [made["near"]]
    assert ids(get_tile(manager, "vacant-houses", z, x, y, buffer=512), "vacant-houses") == sorted(made.values())


def test_outlines_are_drawn_from_near(territory, manager):
    house = make_house(place(700, 700), parcel=geos(square(690, 690, 30)))
    for z, seen in ((14, []), (15, [house.pk]), (18, [house.pk])):
        x, y = tile_of(place(700, 700), z)
        tile = get_tile(manager, "vacant-houses", z, x, y)
        assert ids(tile, "vacant-houses-outline") == seen
        assert ids(tile, "vacant-houses") == [house.pk]


def test_an_outline_reaching_into_the_next_tile_is_drawn_there_too(territory, manager):
    z = 16
    x, y = tile_of(place(2000, 2000), z)
    west, south, _east, north = tile_bounds(z, x, y)
    middle = reproject(Point(west, (south + north) / 2), 3857, 5179)
    house = make_house(middle, parcel=geos(middle.buffer(20, quad_segs=1)))
    for column in (x - 1, x):
        assert ids(get_tile(manager, "vacant-houses", z, column, y), "vacant-houses-outline") == [house.pk]


def test_who_may_not_see_a_house_address_does_not_get_it_as_a_label(territory, manager):
    make_organisation("운봉읍사무소", place(5, 5), contact_phone="010-1234-5678")
    x, y = tile_of(place(5, 5), 14)
    user = make_user("viewer", (Role.VIEWER, None))
    [feature] = get_tile(user, "organisations", 14, x, y)["organisations"]["features"]
    assert feature["properties"] == {"label": "운봉읍사무소", "kind": "town_office", "area": territory.unbong.pk}


@pytest.mark.parametrize("layer", ["zones", "centres", "depots", "organisations", "areas"])
def test_layers_without_counts_show_their_features_at_every_zoom(territory, administrator, layer):
    from tests.factories import make_depot, make_zone

    make_zone(territory.unbong)
    make_centre(place(5, 5))
    make_depot(place(5, 5))
    make_organisation(point=place(5, 5))
    for z in (6, 10, 14, 22):
        x, y = tile_of(place(5, 5), z)
        tile = get_tile(administrator, layer, z, x, y)
        assert set(tile) == {layer}
        assert ids(tile, layer)


@pytest.mark.parametrize(
    "path", ["5/32/0", "5/0/32", "0/0/1", "23/1/1", "5/0/99999999999", "11/99999999999999999999/0", "99999999/0/0"]
)
@pytest.mark.parametrize("layer", ["vacant-houses", "areas"])
def test_a_tile_outside_the_grid_is_refused(territory, manager, layer, path):
    is_problem(Api(manager).get(f"collections/{layer}/tiles/WebMercatorQuad/{path}"), 400)


@pytest.mark.parametrize("path", ["0/0/0", "1/0/0", "8/0/0", "22/0/0", "14/16383/16383", "5/31/31"])
def test_a_tile_elsewhere_in_the_world_is_empty_or_holds_korea(territory, manager, path):
    z, y, x = map(int, path.split("/"))
    tile = get_tile(manager, "areas", z, x, y)
    assert bool(ids(tile, "areas")) == (z == 0)


@pytest.mark.parametrize(
    "params", [{"buffer": "513"}, {"buffer": "-1"}, {"buffer": "x"}, {"colour": "red"}, {"grade": "9"}]
)
def test_a_tile_with_a_parameter_that_makes_no_sense_is_refused(territory, manager, params):
    is_problem(Api(manager).get("collections/vacant-houses/tiles/WebMercatorQuad/9/202/437", params), 400)


def test_a_tile_is_one_statement_beside_those_of_who_asks(territory, manager, django_assert_max_num_queries):
    make_houses([place(x, x) for x in range(50)])
    x, y = tile_of(place(5, 5), 15)
    api = Api(manager)
    with django_assert_max_num_queries(6):
        assert api.get(f"collections/vacant-houses/tiles/WebMercatorQuad/15/{y}/{x}").content


tiles = st.integers(5, 18).flatmap(
    lambda z: st.tuples(st.floats(125, 130), st.floats(33, 39)).map(
        lambda spot: (z, *tile_of(reproject(Point(spot), 4326, 5179), z), spot)
    )
)


@given(tiles, st.floats(0, 1), st.floats(0, 1))
def test_a_tiles_area_covers_everything_in_it_to_a_small_part_of_it(tile, across, along):
    z, x, y, _spot = tile
    west, south, east, north = tile_bounds(z, x, y)
    area = to_shapely(tile_area(z, x, y))
    point = reproject(Point(west + (east - west) * across, south + (north - south) * along), 3857, 5179)
    # Pieces of the sides are straight: the error is far below a tile's own unit.
    assert area.distance(point) < (east - west) / EXTENT / 4


@given(tiles.filter(lambda tile: tile[0] > 5))
@example((6, 55, 25, (130.0, 33.0)))
def test_neighbouring_tiles_leave_no_gap_and_do_not_overlap(tile):
    z, x, y, _spot = tile
    parts = [to_shapely(tile_area(z, x + dx, y + dy)) for dx in (0, 1) for dy in (0, 1)]
    # To a tenth of a millimetre: pieces of a side are computed from either end.
    joined = union_all(parts, grid_size=1e-4)
    assert joined.geom_type == "Polygon"
    assert len(joined.interiors) == 0
    assert sum(part.area for part in parts) == pytest.approx(joined.area, abs=2e-4 * joined.length)


@given(tiles)
def test_a_place_lies_in_the_tile_that_is_named_for_it(tile):
    z, x, y, spot = tile
    web = reproject(Point(spot), 4326, 3857)
    west, south, east, north = tile_bounds(z, x, y)
    assert west - 1e-6 <= web.x <= east + 1e-6
    assert south - 1e-6 <= web.y <= north + 1e-6


def test_tiles_that_do_not_exist_have_no_bounds():
    for tile in ((-1, 0, 0), (0, 0, 1), (3, 8, 0), (3, 0, 8), (23, 0, 0), (2, -1, 0)):
        with pytest.raises(OutsideGrid):
            tile_bounds(*tile)


def test_a_box_far_from_korea_is_nothing():
    assert in_storage(-10, 50, 0, 60, 4326) is None
    assert tile_area(8, 0, 0) is None


def test_low_zooms_lose_no_centre_between_two_tiles(territory, viewer):
    """Every centre of a dense line along a tile's border is in one of the tiles beside it."""
    z, x, y = 5, 27, 12
    south = tile_bounds(z, x, y)[1]
    metres = (-30, -5, 0, 5, 30)
    spots = [Point(14_100_000 + 20_000 * i, south + metre) for i in range(25) for metre in metres]
    made = Centre.objects.bulk_create(Centre(name="c", location=geos(reproject(spot, 3857, 5179))) for spot in spots)
    seen = {pk for row in (y, y + 1) for pk in ids(get_tile(viewer, "centres", z, x, row), "centres")}
    assert seen == {centre.pk for centre in made}


def test_ended_areas_are_in_no_tile(territory):
    AdminArea.objects.filter(pk=territory.unbong.pk).update(valid_to="2026-06-30")
    x, y = tile_of(place(100, 100), 14)
    found = ids(get_tile(None, "areas", 14, x, y), "areas")
    assert territory.unbong.pk not in found
    assert territory.namwon.pk in found
    assert layers.get("areas").cluster_below is None
