"""Who may see and change what, and where."""

from itertools import product

import mapbox_vector_tile
import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core import permissions
from gis_core.layers.filters import LayerQuery
from gis_core.layers.registry import layers
from gis_core.models import PersonalDataAccess, Role, User
from gis_core.tiles import vector
from tests import factories
from tests.database import undone
from tests.factories import make_house, make_organisation, make_user, make_zone, place

pytestmark = pytest.mark.django_db

VIEWS = {
    "areas": set(Role),
    "zones": set(Role),
    "organisations": set(Role),
    "centres": set(Role),
    "vacant-houses": {Role.ADMINISTRATOR, Role.SURVEY_MANAGER, Role.SURVEYOR, Role.FACILITY_PLANNER},
    "depots": set(Role) - {Role.SURVEYOR},
}
EDITS = {
    "areas": {Role.ADMINISTRATOR},
    "zones": {Role.ADMINISTRATOR, Role.ZONE_COORDINATOR},
    "organisations": {Role.ADMINISTRATOR, Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR},
    "centres": {Role.ADMINISTRATOR, Role.FACILITY_PLANNER},
    "vacant-houses": {Role.ADMINISTRATOR, Role.SURVEY_MANAGER, Role.SURVEYOR},
    "depots": {Role.ADMINISTRATOR, Role.DISASTER_OFFICER},
}


@pytest.mark.parametrize(("layer_id", "role"), list(product(VIEWS, Role.values)))
def test_each_role_sees_and_edits_the_layers_it_is_for(layer_id, role):
    user, layer = make_user("somebody", (role, None)), layers.get(layer_id)
    assert permissions.can_view(user, layer) == (role in VIEWS[layer_id])
    assert permissions.can_add(user, layer) == (role in EDITS[layer_id])


@pytest.mark.parametrize("layer", layers.all(), ids=lambda layer: layer.id)
def test_whoever_edits_a_layer_also_sees_it_and_its_personal_data(layer):
    assert layer.access.edit <= (layer.access.view if not layer.access.public else set(Role.values))
    if layer.has_personal:
        assert layer.access.edit <= layer.access.personal


def test_strangers_and_people_without_a_role_see_public_layers_only():
    for user in (AnonymousUser(), make_user("newcomer")):
        assert [layer.id for layer in layers.visible_to(user)] == ["areas"]
        assert permissions.area_scope(user, Role.values) == frozenset()


def test_an_account_that_was_switched_off_has_no_role(administrator):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert permissions.roles_of(User.objects.get(pk=administrator.pk)) == frozenset()


def test_a_superuser_acts_everywhere(territory):
    user = User.objects.create_superuser("root", password=factories.PASSWORD)
    assert permissions.is_administrator(user)
    assert permissions.area_scope(user, []) is None


def test_a_role_held_in_a_city_reaches_its_towns_and_no_other_city(territory):
    user = make_user("manager", (Role.SURVEY_MANAGER, territory.namwon))
    scope = permissions.area_scope(user, [Role.SURVEY_MANAGER])
    assert scope == {area.pk for area in (territory.namwon, *territory.towns[:4])}
    assert permissions.area_scope(user, [Role.DISASTER_OFFICER]) == frozenset()


def test_a_role_held_in_a_province_reaches_every_town_of_it(territory):
    user = make_user("officer", (Role.DISASTER_OFFICER, territory.province))
    scope = permissions.area_scope(user, [Role.DISASTER_OFFICER])
    assert scope is not None
    assert {area.pk for area in territory.towns} < scope


def test_a_surveyor_cannot_change_a_house_of_another_town(territory, surveyor):
    layer = layers.get("vacant-houses")
    assert permissions.can_change(surveyor, layer, make_house(place(100, 100)))
    assert not permissions.can_change(surveyor, layer, make_house(place(2100, 100)))


def test_a_house_in_no_town_belongs_to_those_who_act_everywhere(territory, surveyor, manager):
    layer, house = layers.get("vacant-houses"), make_house(place(-5000, 0))
    assert house.area is None
    assert not permissions.can_change(surveyor, layer, house)
    assert permissions.can_change(manager, layer, house)
    assert not layer.queryset(surveyor).filter(pk=house.pk).exists()


def test_a_zone_belongs_to_each_of_its_member_towns(territory):
    layer, zone = layers.get("zones"), make_zone(territory.unbong, territory.jucheon)
    inside = make_user("inside", (Role.ZONE_COORDINATOR, territory.jucheon))
    outside = make_user("outside", (Role.ZONE_COORDINATOR, territory.suji))
    assert permissions.can_change(inside, layer, zone)
    assert not permissions.can_change(outside, layer, zone)
    assert list(layer.queryset(inside)) == [zone]
    assert list(layer.queryset(outside)) == []


def test_a_zone_of_two_of_my_towns_is_shown_once(territory):
    zone = make_zone(territory.unbong, territory.jucheon)
    user = make_user("coordinator", (Role.ZONE_COORDINATOR, territory.namwon))
    assert list(layers.get("zones").queryset(user)) == [zone]


def test_an_administrator_of_one_city_administers_that_city_only(territory):
    user = make_user("local", (Role.ADMINISTRATOR, territory.sunchang))
    layer = layers.get("vacant-houses")
    near, far = make_house(place(4100, 100)), make_house(place(100, 100))
    assert list(layer.queryset(user)) == [near]
    assert permissions.can_change(user, layer, near)
    assert not permissions.can_change(user, layer, far)


grants = st.lists(st.tuples(st.sampled_from(Role.values), st.integers(-1, 7)), max_size=4, unique=True)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants)
def test_whatever_roles_somebody_holds_they_see_and_count_exactly_the_records_of_their_areas(territory, given_grants):
    areas = [territory.province, territory.namwon, territory.sunchang, *territory.towns]
    with undone():
        records = {
            "vacant-houses": [make_house(place(x, y)) for x, y in [(9, 9), (2009, 9), (9, 2009), (4009, 9), (-9, 0)]],
            "organisations": [make_organisation(point=place(x, 9)) for x in (9, 2009, 4009, -9)],
        }
        held = [(role, areas[index] if index >= 0 else None) for role, index in given_grants]
        user = make_user("somebody", *held)
        for layer_id, made in records.items():
            layer = layers.get(layer_id)
            expected = {
                record.pk
                for record in made
                if any(role in VIEWS[layer_id] and _within(record.area, area) for role, area in held)
            }
            assert set(layer.queryset(user).values_list("pk", flat=True)) == expected
        query = LayerQuery(layers.get("vacant-houses"), user)
        tile = mapbox_vector_tile.decode(vector.render(query, 0, 0, 0) or b"")
        cells = tile.get("vacant-houses-count", {"features": []})["features"]
        assert sum(cell["properties"]["count"] for cell in cells) == query.records.count()


def _within(area, above):
    """Whether an area is the other or lies below it; None as the other means everywhere."""
    if above is None:
        return True
    while area is not None and area != above:
        area = area.parent
    return area == above


def test_personal_data_is_seen_in_the_areas_where_the_role_is_held(territory):
    user = make_user("both", (Role.VIEWER, None), (Role.DISASTER_OFFICER, territory.namwon))
    layer = layers.get("organisations")
    near, far = make_organisation(point=place(10, 10)), make_organisation(point=place(4010, 10))
    assert permissions.sees_personal(user, layer)
    assert permissions.sees_personal(user, layer, near)
    assert not permissions.sees_personal(user, layer, far)
    named = {prop.name: prop.expression for prop in layer.visible_properties(user)}
    phones = dict(layer.queryset(user).values_list("pk", named["contact_phone"]))
    assert phones == {near.pk: "063-620-0000", far.pk: None}


def test_a_look_at_nothing_personal_is_not_noted(territory, planner):
    permissions.log_personal(planner, layers.get("vacant-houses"), "items", count=0)
    permissions.log_personal(planner, layers.get("centres"), "items", count=5)
    assert not PersonalDataAccess.objects.exists()


def test_roles_are_read_once_for_all_questions(territory, surveyor, django_assert_num_queries):
    with django_assert_num_queries(2):
        for layer in layers:
            permissions.can_view(surveyor, layer)
            permissions.area_scope(surveyor, layer.access.view)
            permissions.area_scope(surveyor, layer.access.edit)
