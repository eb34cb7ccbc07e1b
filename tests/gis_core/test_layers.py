"""What every layer's declaration promises, and its filters."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from gis_core.converters import LayerConverter
from gis_core.layers.filters import BadFilter, LayerQuery, find_area
from gis_core.layers.registry import LayerNotFound, LayerRegistry, layers
from gis_core.layers.sql import feature_page, matched
from gis_core.models import AreaCode, CellCount, Role
from tests.disaster.records import make_disaster_records
from tests.facilities.records import make_facility_records
from tests.factories import (
    make_centre,
    make_depot,
    make_house,
    make_organisation,
    make_user,
    make_zone,
    place,
)
from tests.gis_core.participation_support import make_proposal, make_round
from tests.gis_core.projects_support import make_project
from tests.gis_core.town_work_support import make_town_work
from tests.vacanthouses.campaign_support import make_campaign, make_work_area
from tests.vacanthouses.planning_support import (
    make_concentration_zone,
    make_measure,
    make_plan,
    make_registered_building,
)
from tests.vacanthouses.review_support import make_visit

pytestmark = pytest.mark.django_db
every_layer = pytest.mark.parametrize("layer", layers.all(), ids=lambda layer: layer.id)


def ask(layer_id, user, text=""):
    return LayerQuery(layers.get(layer_id), user, QueryDict(text))


def names(layer_id, user, text=""):
    return sorted(record.name for record in ask(layer_id, user, text).records)


def test_the_layers_are_those_the_documents_tell_of():
    assert [layer.id for layer in layers] == [
        *("areas", "zones", "organisations", "zone-projects", "proposals", "local-policies", "outreach-visits"),
        *("centres", "buildings", "units", "redesign-projects", "meetings", "requests", "satisfaction-surveys"),
        *("vacant-houses", "measures", "visits", "work-areas"),
        *("concentration-zones", "registered-buildings", "depots"),
        *("incidents", "inspections", "machines", "villages", "roads"),
    ]


def test_two_layers_cannot_have_one_name():
    registry = LayerRegistry()
    registry.register(layers.get("areas"))
    with pytest.raises(ValueError, match="areas"):
        registry.register(layers.get("areas"))


def test_an_unknown_layer_is_a_path_that_does_not_exist():
    with pytest.raises(LayerNotFound):
        layers.get("rivers")
    with pytest.raises(ValueError, match="rivers"):
        LayerConverter().to_python("rivers")
    assert LayerConverter().to_python("zones") is layers.get("zones")
    assert LayerConverter().to_url(layers.get("zones")) == LayerConverter().to_url("zones") == "zones"


def test_a_record_knows_its_layer(territory):
    assert layers.of(make_house()) is layers.get("vacant-houses")
    assert layers.of(territory.unbong) is layers.get("areas")
    with pytest.raises(LayerNotFound):
        layers.of(CellCount())


@every_layer
def test_every_choice_has_its_colour_and_shape(layer):
    if layer.style.property is None:
        # One look for all, or the map's own.
        assert [category.value for category in layer.style.categories] in ([], [""])
        return
    prop = layer.property_named(layer.style.property)
    assert {value for value, _label in prop.choices} == {category.value for category in layer.style.categories}
    looks = [(category.color, category.shape) for category in layer.style.categories if category.shape != "line"]
    assert len(set(looks)) == len(looks)


@every_layer
def test_every_form_field_is_a_property_a_client_can_read(layer, administrator):
    visible = {prop.name for prop in layer.visible_properties(administrator)}
    assert set(layer.form.base_fields) <= visible


@every_layer
def test_every_layer_can_be_read_with_all_its_properties(layer, territory, administrator):
    make_project(make_zone(territory.unbong, territory.jucheon, organisations=[make_organisation(point=place(5, 5))]))
    make_proposal(make_round(territory.namwon))
    make_facility_records()
    make_town_work()
    make_house()
    make_measure(make_plan(territory.namwon), make_visit(make_user("crew")).house)
    make_work_area(make_campaign(territory.namwon), territory.unbong)
    make_concentration_zone(territory.unbong)
    make_registered_building(500, 500, area=territory.unbong)
    make_disaster_records(make_depot(keeper=make_organisation()), administrator)
    records = LayerQuery(layer, administrator).records
    page = feature_page(layer, records.order_by("pk")[:50], layer.visible_properties(administrator))
    assert page.count == records.count() == matched(layer, records) > 0


@every_layer
def test_a_stranger_gets_nothing_of_a_layer_that_is_not_public(layer, territory):
    make_zone(territory.unbong)
    make_house()
    assert LayerQuery(layer, AnonymousUser()).records.exists() == layer.access.public


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("5219025000", ["운봉읍"]),
        ("4519025000", ["운봉읍"]),
        ("5219000000", ["남원시", "송동면", "수지면", "운봉읍", "주천면"]),
        ("4519000000", ["남원시", "송동면", "수지면", "운봉읍", "주천면"]),
    ],
)
def test_an_area_is_asked_for_by_todays_code_and_by_the_former_one(territory, viewer, code, found):
    assert names("areas", viewer, f"area={code}") == found


def test_an_area_is_asked_for_by_its_number_even_where_a_short_code_looks_the_same(territory):
    AreaCode.objects.create(area=territory.sunchang, system="kostat", code=str(territory.unbong.pk))
    assert find_area(str(territory.unbong.pk)) == territory.unbong
    assert find_area("5277000000") == territory.sunchang


@pytest.mark.parametrize("text", ["nowhere", "9999999999", "999999", "-1", "٣"])
def test_an_area_nobody_knows_is_said(territory, viewer, text):
    with pytest.raises(BadFilter) as refusal:
        ask("centres", viewer, f"area={text}").records  # noqa: B018
    assert "area" in refusal.value.errors


def test_records_of_an_area_are_those_of_the_towns_below_it(territory, viewer):
    make_centre(place(10, 10), name="운봉")
    make_centre(place(2010, 10), name="주천")
    make_centre(place(4010, 10), name="순창")
    assert names("centres", viewer, "area=4519000000") == ["운봉", "주천"]
    assert names("centres", viewer, f"area={territory.jucheon.pk}") == ["주천"]


def test_several_values_of_a_choice_are_alternatives(territory, manager):
    for grade in ("1", "2", "3"):
        make_house(grade=grade)
    query = ask("vacant-houses", manager, "grade=1&grade=3")
    assert sorted(query.records.values_list("grade", flat=True)) == ["1", "3"]
    assert sorted(query.categories()) == ["1", "3"]
    with pytest.raises(BadFilter):
        ask("vacant-houses", manager, "grade=9").records  # noqa: B018


def test_days_are_asked_for_alone_and_as_a_range(territory, viewer):
    for year in (1990, 2000, 2010):
        make_centre(name=str(year), opened_on=f"{year}-07-01")
    make_centre(name="unknown")
    assert names("centres", viewer, "opened_on=2000-07-01") == ["2000"]
    assert names("centres", viewer, "opened_on_from=2000-07-01") == ["2000", "2010"]
    assert names("centres", viewer, "opened_on_to=2000-06-30") == ["1990"]
    with pytest.raises(BadFilter):
        ask("centres", viewer, "opened_on=yesterday").records  # noqa: B018


def test_half_a_person_is_refused_and_a_fraction_of_a_square_metre_is_not(territory, viewer):
    make_centre(name="small", staff=1, gross_floor_area_m2="120.50")
    assert names("centres", viewer, "staff=1") == ["small"]
    assert names("centres", viewer, "gross_floor_area_m2=120.5") == ["small"]
    assert names("centres", viewer, "staff=99999999999999999999") == []
    for text in ("staff=1.5", "staff=many", "gross_floor_area_m2=NaN"):
        with pytest.raises(BadFilter):
            ask("centres", viewer, text).records  # noqa: B018


def test_every_word_of_a_search_must_be_found_in_one_of_the_fields(territory, viewer):
    make_centre(name="운봉읍 행정복지센터", address="남원시 운봉읍 서천리 1")
    make_centre(name="주천면 행정복지센터", address="남원시 주천면 장안리 2")
    assert names("centres", viewer, "q=행정복지센터 서천") == ["운봉읍 행정복지센터"]
    assert names("centres", viewer, "q=행정복지센터") == ["운봉읍 행정복지센터", "주천면 행정복지센터"]
    assert names("centres", viewer, "q=100%25") == []


def test_an_area_with_several_codes_is_found_once(territory, viewer):
    assert names("areas", viewer, "q=25000") == ["순창읍", "운봉읍"]
    assert matched(layers.get("areas"), ask("areas", viewer, "q=25000").records) == 2


def test_a_zone_with_several_towns_is_found_once(territory, viewer):
    make_zone(territory.unbong, territory.jucheon, name="백두대간 생활권")
    assert names("zones", viewer, "q=운봉") == ["백두대간 생활권"]
    assert names("zones", viewer, "q=생활권") == ["백두대간 생활권"]


def test_who_may_not_see_a_phone_number_cannot_ask_for_it(territory, planner, officer):
    make_organisation("읍사무소", contact_phone="063-000-1111")
    assert "contact_phone" in ask("organisations", officer).filterset.filters
    assert "contact_phone" not in ask("organisations", planner).filterset.filters
    assert names("organisations", planner, "contact_phone=063-000-0000") == ["읍사무소"]


def test_who_sees_phone_numbers_in_one_city_cannot_ask_for_those_of_another(territory):
    user = make_user("both", (Role.VIEWER, None), (Role.DISASTER_OFFICER, territory.namwon))
    assert "contact_phone" not in ask("organisations", user).filterset.filters


def test_the_same_count_is_not_given_for_another_question(territory, manager):
    layer = layers.get("vacant-houses")
    make_house(place(10, 10))
    make_house(place(2010, 10))
    shapes = [territory.unbong.geometry, territory.jucheon.geometry, territory.namwon.geometry]
    for _ in range(3):
        found = [matched(layer, layer.queryset(manager).filter(location__intersects=shape)) for shape in shapes]
        assert found == [1, 1, 2]


def test_a_layers_filters_do_not_ask_the_database_per_record(territory, manager, django_assert_num_queries):
    for x in range(5):
        make_house(place(x, x))
    layer = layers.get("vacant-houses")
    with django_assert_num_queries(2):
        query = LayerQuery(layer, manager, QueryDict("grade=none"))
        feature_page(layer, query.records.order_by("pk")[:3], layer.visible_properties(manager))
