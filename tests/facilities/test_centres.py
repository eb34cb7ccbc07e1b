"""Community centres as planners keep them."""

import pytest

from facilities.forms import CentreForm
from facilities.models import Centre
from gis_core.editing import Invalid, save
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from tests.factories import lonlat, make_centre, place, square

pytestmark = pytest.mark.django_db

FACTS = {"name": "운봉읍 행정복지센터", "category": "governmentfacility"}


def test_a_planner_draws_a_footprint_and_the_centre_lies_in_it(territory, planner):
    made = save(layers.get("centres"), planner, FACTS, outline=lonlat(square(500, 500, 30))).record
    assert square(500, 500, 30).covers(to_shapely(made.location))
    assert made.area == territory.unbong
    assert str(made) == "운봉읍 행정복지센터"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""), ("category", "library"), ("staff", -1), ("staff", "many"), ("gross_floor_area_m2", -5),
        ("gross_floor_area_m2", "12345678.12"), ("opened_on", "soon"), ("name", "가" * 101),
    ],
)  # fmt: skip
def test_a_fact_that_makes_no_sense_is_refused_by_name(territory, planner, name, value):
    with pytest.raises(Invalid) as refusal:
        save(layers.get("centres"), planner, {**FACTS, name: value}, geometry=lonlat(place(1, 1)))
    assert list(refusal.value.errors) == [name]


def test_a_centre_of_imdf_is_a_venue_of_one_of_two_categories():
    assert {value for value, _label in Centre._meta.get_field("category").choices} == {
        "communitycenter", "governmentfacility",
    }  # fmt: skip


def test_its_town_is_not_typed_but_follows_from_its_place(territory):
    assert "area" not in CentreForm.base_fields
    assert make_centre(place(2100, 2100)).area == territory.songdong
