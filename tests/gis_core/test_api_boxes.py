"""Reading what lies in a box, in any coordinate system."""

import itertools

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box, segmentize

from facilities.models import Centre
from gis_core.crs import API_SRIDS, north_first, reproject, uri
from tests.conftest import Api, is_problem
from tests.factories import (
    ORIGIN,
    geos,
    make_centre,
    place,
    square,
)

pytestmark = pytest.mark.django_db

CENTRES = "collections/centres/items"


def brute_force(corners, srid):
    """Ids of centres in a box, by the database, in the box's own coordinates."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM facilities_centre
            WHERE ST_Intersects(ST_Transform(location, %s), ST_MakeEnvelope(%s, %s, %s, %s, %s)) ORDER BY id
            """,
            [srid, *corners, srid],
        )
        return [row[0] for row in cursor.fetchall()]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([4326, *API_SRIDS]),
    st.tuples(st.integers(-500, 6500), st.integers(-500, 6500)),
    st.tuples(st.integers(-500, 4500), st.integers(-500, 4500)),
    st.booleans(),
)
def test_a_box_in_any_system_holds_what_the_database_says(grid_of_centres, viewer, srid, xs, ys, as_crs84):
    (west, east), (south, north) = sorted(xs), sorted(ys)
    x, y = ORIGIN
    corners = reproject(box(x + west, y + south, x + east, y + north), 5179, srid).bounds
    if as_crs84 and srid == 4326:
        params = {"bbox": ",".join(map(repr, corners))}
    else:
        order = (1, 0, 3, 2) if north_first(srid) else (0, 1, 2, 3)
        params = {"bbox": ",".join(repr(corners[index]) for index in order), "bbox-crs": uri(srid)}
    assert Api(viewer).ids("centres", limit=1000, **params) == brute_force(corners, srid)


@pytest.fixture
def grid_of_centres(territory):
    """Centres every 333 m, none of them on a whole metre."""
    Centre.objects.bulk_create(
        Centre(name=f"{x} {y}", location=geos(place(x + 0.37, y + 0.37)), area=None)
        for x, y in itertools.product(range(-400, 6500, 333), range(-400, 4500, 333))
    )


def test_a_wide_box_follows_its_curved_sides(territory, viewer):
    """A parallel is a curve in EPSG:5179: kilometres lie between it and the straight line between its ends."""
    corners = (125.0, 35.0, 130.0, 37.0)
    curve = reproject(segmentize(box(*corners), 0.001), 4326, 5179)
    straight = reproject(box(*corners), 4326, 5179)
    only_curve, only_straight = curve.difference(straight), straight.difference(curve)
    inside = [point for part in getattr(only_curve, "geoms", [only_curve]) for point in [part.point_on_surface()]]
    outside = [
        point for part in getattr(only_straight, "geoms", [only_straight]) for point in [part.point_on_surface()]
    ]
    assert inside
    assert outside
    found = Centre.objects.bulk_create(Centre(name="in", location=geos(point)) for point in inside)
    Centre.objects.bulk_create(Centre(name="out", location=geos(point)) for point in outside)
    assert Api(viewer).ids("centres", bbox="125,35,130,37") == [centre.pk for centre in found]


def test_a_box_without_width_is_the_place_one_stands_on(territory):
    here = reproject(place(100, 100), 5179, 4326)
    names = [
        feature["properties"]["name"]
        for feature in Api().features("areas", bbox=f"{here.x},{here.y},{here.x},{here.y}")
    ]
    assert names == ["전북특별자치도", "남원시", "운봉읍"]
    east = reproject(place(2100, 100), 5179, 4326)
    line = Api().features("areas", bbox=f"{here.x},{here.y},{east.x},{here.y}")
    assert {feature["properties"]["name"] for feature in line} == {"전북특별자치도", "남원시", "운봉읍", "주천면"}


@pytest.mark.parametrize("bbox", ["0,0,1,1", "-180,-90,-170,-80", "140,45,170,80", "2.3,48.8,2.4,48.9"])
def test_a_box_elsewhere_in_the_world_is_empty_not_wrong(territory, viewer, bbox):
    make_centre()
    page = Api(viewer).get(CENTRES, {"bbox": bbox}).json()
    assert (page["numberMatched"], page["features"]) == (0, [])


def test_a_box_around_the_world_holds_everything(territory, viewer):
    make_centre()
    assert len(Api(viewer).features("centres", bbox="-180,-90,180,90")) == 1
    assert len(Api(viewer).features("centres", bbox="-180,-90,-100,180,90,9000")) == 1
    huge = "-1e300,-1e300,1e300,1e300"
    assert len(Api(viewer).features("centres", **{"bbox": huge, "bbox-crs": uri(3857)})) == 1


@pytest.mark.parametrize(
    "bbox",
    [
        "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,", "nan,35,128,36", "127,35,inf,36", "128,35,127,36", "127,36,128,35",
        "35,127,36,128", "127,35,128,91", "127;35;128;36", "1,2,3,4,5,6,7",
    ],
)  # fmt: skip
def test_a_box_that_makes_no_sense_is_refused_with_the_parameter(territory, viewer, bbox):
    assert is_problem(Api(viewer).get(CENTRES, {"bbox": bbox}), 400)["parameter"] == "bbox"


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
@pytest.mark.parametrize("text", ["EPSG:4326", "4326", uri(9999), uri(2097), "x"])
def test_an_unknown_system_is_refused_naming_those_that_are_known(territory, viewer, name, text):
    problem = is_problem(Api(viewer).get(CENTRES, {name: text, "bbox": "127,35,128,36"}), 400)
    assert problem["parameter"] == name
    assert uri(5179) in problem["detail"]


def test_counts_of_different_boxes_are_not_mixed_up(grid_of_centres, viewer):
    """Regression: the count kept for one box was given for another."""
    api = Api(viewer)
    for size in (300, 700, 1100, 2500, 700, 300):
        west, south, east, north = reproject(square(0, 0, size), 5179, 4326).bounds
        page = api.get(CENTRES, {"bbox": f"{west},{south},{east},{north}", "limit": 1000}).json()
        assert page["numberMatched"] == page["numberReturned"] == len(page["features"])
