"""Two people change one record: what goes together is kept, what clashes is shown, nothing is lost."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.models import Centre
from gis_core.editing import Conflict, Invalid, NotAllowed, VersionRequired, restore, retire, save
from gis_core.editing import state as states
from gis_core.editing.history import changes
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.models import Organisation
from tests.database import undone
from tests.factories import geos, lonlat, make_centre, make_house, make_organisation, make_zone, place, square
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def centres():
    return layers.get("centres")


def change(layer, user, record, version, **arguments):
    data = {name: arguments.pop(name) for name in list(arguments) if name in layer.form.base_fields}
    return save(layer, user, data, record=record, expected_version=version, partial=True, **arguments)


def test_the_second_person_sees_the_field_in_three_states(centres, territory, planner):
    centre = make_centre(name="운봉읍", staff=18)
    change(centres, planner, centre, 1, staff=25)
    with pytest.raises(Conflict) as refusal:
        change(centres, planner, centre, 1, staff=20)
    assert refusal.value.difference == {"staff": {"base": 18, "current": 25, "yours": 20}}
    assert refusal.value.current.version == 2


def test_without_merging_a_change_of_another_field_is_refused_too(centres, territory, planner):
    centre = make_centre(staff=18)
    change(centres, planner, centre, 1, staff=25)
    with pytest.raises(Conflict) as refusal:
        change(centres, planner, centre, 1, address="남원시 운봉읍")
    assert list(refusal.value.difference) == ["address"]


def test_changes_of_different_fields_go_together_when_merging(centres, territory, planner):
    centre = make_centre(staff=18)
    change(centres, planner, centre, 1, staff=25)
    saved = change(centres, planner, centre, 1, address="남원시 운봉읍", merging=True)
    assert (saved.record.staff, saved.record.address, saved.record.version) == (25, "남원시 운봉읍", 3)
    assert saved.merged == ["staff"]


def test_a_full_form_that_left_their_field_as_it_was_does_not_undo_it(centres, territory, planner):
    centre = make_centre(name="운봉읍", staff=18)
    read = {"name": "운봉읍", "category": centre.category, "staff": 18}
    change(centres, planner, centre, 1, staff=25)
    saved = save(centres, planner, {**read, "note": "이전 검토"}, record=centre, expected_version=1, merging=True)
    assert (saved.record.staff, saved.record.note) == (25, "이전 검토")


def test_both_shapes_of_a_clash_are_shown(centres, territory, planner):
    centre = make_centre(place(10, 10))
    change(centres, planner, centre, 1, geometry=lonlat(place(20, 20)))
    with pytest.raises(Conflict) as refusal:
        change(centres, planner, centre, 1, geometry=lonlat(place(30, 30)), merging=True)
    shapes = refusal.value.difference["location"]
    assert [shapes[side]["type"] for side in ("base", "current", "yours")] == ["Point"] * 3
    assert len({tuple(shapes[side]["coordinates"]) for side in ("base", "current", "yours")}) == 3


def test_a_shape_sent_back_unmoved_does_not_clash_with_their_move(centres, territory, planner):
    centre = make_centre(place(10, 10))
    unmoved = lonlat(to_shapely(centre.location))
    change(centres, planner, centre, 1, geometry=lonlat(place(2500, 20)))
    saved = change(centres, planner, centre, 1, geometry=unmoved, staff=3, merging=True)
    assert to_shapely(saved.record.location).distance(place(2500, 20)) < 0.01
    assert saved.record.area == territory.jucheon


def test_the_same_change_by_two_people_is_no_clash_when_merging(centres, territory, planner):
    centre = make_centre(staff=18)
    change(centres, planner, centre, 1, staff=25)
    saved = change(centres, planner, centre, 1, staff=25, merging=True)
    assert (saved.changed, saved.record.version) == ([], 2)


def test_a_version_that_never_was_clashes_in_every_field_that_differs(centres, territory, planner):
    centre = make_centre(staff=18)
    with pytest.raises(Conflict) as refusal:
        change(centres, planner, centre, 99, staff=20, merging=True)
    assert refusal.value.difference == {"staff": {"base": None, "current": 18, "yours": 20}}


def test_retiring_what_somebody_changed_meanwhile_is_refused(centres, territory, planner):
    centre = make_centre()
    change(centres, planner, centre, 1, staff=25)
    with pytest.raises(Conflict):
        retire(centres, planner, centre, reason="closed", expected_version=1)


texts = st.sampled_from(["", "a", "b", "c"])
edits = st.fixed_dictionaries({}, optional={"note": texts, "address": texts, "staff": st.sampled_from([None, 1, 2])})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits, edits)
def test_after_two_people_saved_each_field_is_as_one_of_them_left_it_or_the_second_was_asked(
    territory, planner, first, second
):
    layer = layers.get("centres")
    with undone():
        centre = make_centre(note="a", address="a", staff=1)
        before = {"note": "a", "address": "a", "staff": 1}
        now = {**before, **change(layer, planner, centre, 1, **first).record.__dict__}
        clashing = {
            name for name in second if second[name] != before[name] and now[name] not in (before[name], second[name])
        }
        if clashing:
            with pytest.raises(Conflict) as refusal:
                change(layer, planner, centre, 1, merging=True, **second)
            assert set(refusal.value.difference) == clashing
            saved = layer.model.objects.get(pk=centre.pk)
            assert all(getattr(saved, name) == now[name] for name in before)
        else:
            saved = change(layer, planner, centre, 1, merging=True, **second).record
            for name in before:
                mine = second.get(name, before[name])
                assert getattr(saved, name) == (mine if mine != before[name] else now[name])


def test_history_tells_who_changed_what_from_what_to_what(centres, territory, planner, administrator):
    centre = save(
        centres, planner, {"name": "운봉읍", "category": "governmentfacility"}, geometry=lonlat(place(10, 10))
    ).record
    change(centres, administrator, centre, 1, staff=25)
    retire(centres, planner, centre, reason="moved", expected_version=2)
    last, middle, first = changes(centres, centre)
    assert [entry.version for entry in (first, middle, last)] == [1, 2, 3]
    assert [entry.label for entry in (first, middle, last)] == ["insert", "update", "retire"]
    assert [entry.user for entry in (first, middle, last)] == [planner, administrator, planner]
    assert [(field.name, field.before, field.after) for field in middle.fields] == [("staff", None, 25)]
    assert {field.name for field in first.fields} == {"name", "category", "location"}


def test_history_catches_changes_that_went_past_the_forms(centres, territory):
    centre = make_centre(staff=1)
    pk, events = centre.pk, centre.events.model.objects
    Centre.objects.filter(pk=pk).update(staff=2)
    centre.delete()
    kept = events.filter(pgh_obj_id=pk).order_by("pgh_id").values_list("pgh_label", "staff")
    assert list(kept) == [("insert", 1), ("update", 2), ("delete", 2)]


def test_reading_a_long_history_costs_a_bounded_number_of_statements(
    centres, territory, planner, django_assert_max_num_queries
):
    centre = make_centre()
    for version in range(1, 15):
        change(centres, planner, centre, version, staff=version)
    with django_assert_max_num_queries(4):
        assert len(changes(centres, centre, limit=10)) == 10


def test_an_earlier_version_comes_back_as_a_new_one(centres, territory, planner):
    centre = make_centre(place(10, 10), staff=18, footprint=geos(square(0, 0, 30)))
    change(centres, planner, centre, 1, staff=25, geometry=lonlat(place(2010, 10)), outline=None)
    first = centre.events.get(version=1)
    saved = restore(centres, planner, centre, first.pgh_id, expected_version=2)
    assert saved.changed == ["footprint", "location", "staff"]
    record = saved.record
    assert (record.version, record.staff, record.area) == (3, 18, territory.unbong)
    assert to_shapely(record.location).distance(place(10, 10)) < 0.001


def test_one_field_of_an_earlier_version_comes_back_alone(centres, territory, planner):
    centre = make_centre(staff=18, address="옛 주소")
    change(centres, planner, centre, 1, staff=25, address="새 주소")
    first = centre.events.get(version=1)
    record = restore(centres, planner, centre, first.pgh_id, expected_version=2, fields=["staff"]).record
    assert (record.staff, record.address) == (18, "새 주소")


def test_putting_back_needs_the_same_rights_and_version_as_a_change(territory, manager, viewer, surveyor):
    layer, house = layers.get("vacant-houses"), make_house(place(2100, 100))
    change(layer, manager, house, 1, note="x")
    first = house.events.get(version=1)
    for user in (viewer, surveyor):
        with pytest.raises(NotAllowed):
            restore(layer, user, house, first.pgh_id, expected_version=2)
    with pytest.raises(VersionRequired):
        restore(layer, manager, house, first.pgh_id, expected_version=None)
    with pytest.raises(Conflict):
        restore(layer, manager, house, first.pgh_id, expected_version=1)
    with pytest.raises(Invalid):
        restore(layer, manager, house, 0, expected_version=2)


def test_a_version_of_another_record_cannot_be_put_back_here(centres, territory, planner):
    one, other = make_centre(), make_centre()
    with pytest.raises(Invalid):
        restore(centres, planner, one, other.events.get().pgh_id, expected_version=1)


def test_a_retired_house_comes_back_into_use(territory, manager, viewer):
    layer, house = layers.get("vacant-houses"), make_house()
    retired = retire(layer, manager, house, reason="by mistake", expected_version=1)
    with pytest.raises(NotAllowed):
        restore(layer, viewer, retired, house.events.get(version=1).pgh_id, expected_version=2)
    assert VacantHouse.objects.get(pk=house.pk).retired_at is not None
    back = restore(layer, manager, retired, house.events.get(version=1).pgh_id, expected_version=2).record
    assert (back.retired_at, back.retired_reason, back.updated_by) == (None, "", manager)
    assert layer.queryset(manager).filter(pk=house.pk).exists()
    assert "reinstate" in [entry.label for entry in changes(layer, back)]


def test_a_lead_that_no_longer_exists_does_not_come_back(territory, coordinator):
    layer = layers.get("zones")
    lead = make_organisation()
    zone = make_zone(territory.unbong, lead=lead, purpose="하천 정화")
    change(layer, coordinator, zone, 1, lead=None, purpose="축제")
    Organisation.objects.filter(pk=lead.pk).delete()
    back = restore(layer, coordinator, zone, zone.events.get(version=1).pgh_id, expected_version=2).record
    assert (back.lead, back.purpose) == (None, "하천 정화")


@pytest.mark.django_db(transaction=True)
def test_members_of_an_earlier_version_come_back(territory, coordinator):
    layer = layers.get("zones")
    old, new = make_organisation("옛"), make_organisation("새")
    with transaction.atomic():
        zone = make_zone(territory.unbong, territory.jucheon, organisations=[old])
    change(layer, coordinator, zone, 1, member_areas=[territory.unbong.pk, territory.suji.pk])
    change(layer, coordinator, zone, 2, member_organisations=[new.pk])
    assert states.of_version(layer, zone, 1)["member_areas"] == {territory.unbong.pk, territory.jucheon.pk}
    assert states.of_version(layer, zone, 2)["member_areas"] == {territory.unbong.pk, territory.suji.pk}
    assert states.of_version(layer, zone, 2)["member_organisations"] == {old.pk}
    last = changes(layer, zone)[0]
    assert [(field.name, field.before, field.after) for field in last.fields] == [
        ("member_organisations", {old.pk}, {new.pk})
    ]
    back = restore(layer, coordinator, zone, zone.events.get(version=1).pgh_id, expected_version=3).record
    assert set(back.member_areas.all()) == {territory.unbong, territory.jucheon}
    assert list(back.member_organisations.all()) == [old]
    assert to_shapely(back.geometry).area == pytest.approx(8e6, rel=1e-6)
