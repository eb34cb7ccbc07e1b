"""Two people edit the same record: the second sees the difference and chooses; nothing is lost."""

import html
import json
import re
from typing import Any

import pytest

from gis_core.models import Role, User
from tests.factories import Territory, lonlat, make_house, make_user, make_zone, place
from tests.gis_core.pages_support import HTMX, house_form, inputs, signed_in, text
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db: None) -> User:
    return make_user("colleague", (Role.SURVEY_MANAGER, None), name="박동료")


def edit_url(house: VacantHouse) -> str:
    return f"/records/vacant-houses/{house.pk}/edit/"


def clash(manager: User, colleague: User, house: VacantHouse, theirs: dict[str, Any], mine: dict[str, Any]) -> Any:
    """The colleague saves first; the manager, who opened the same version, then sends theirs."""
    opened = house_form(house)
    signed_in(colleague).post(edit_url(house), {**opened, **theirs})
    return signed_in(manager).post(edit_url(house), {**opened, **mine}, headers=HTMX)


def answer(manager: User, house: VacantHouse, page: Any, **choices: str) -> Any:
    return signed_in(manager).post(edit_url(house), {**inputs(page), **choices}, headers=HTMX)


def now(house: VacantHouse) -> VacantHouse:
    return VacantHouse.objects.get(pk=house.pk)


def test_changes_of_different_fields_go_side_by_side_and_are_told(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(grade="none")
    page = clash(manager, colleague, house, {"grade": "2"}, {"note": "지붕 파손"})
    assert page.status_code == 200
    assert "both changes are kept" in text(page)
    assert (now(house).grade, now(house).note) == ("2", "지붕 파손")


def test_the_second_person_sees_before_theirs_and_mine_and_by_whom(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(grade="none")
    page = clash(manager, colleague, house, {"grade": "2"}, {"grade": "3"})
    assert page.status_code == 409
    told = text(page)
    assert "박동료 changed the same fields" in told
    assert "Before: Not graded" in told
    assert "박동료 Grade 2: to be managed" in told
    assert "Mine Grade 3: to be cleared" in told
    assert now(house).grade == "2"


def test_choosing_mine_for_one_field_and_theirs_for_another_writes_exactly_that(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(grade="none", status="candidate")
    theirs = {"grade": "2", "status": "confirmed", "address": "그들이 고친 주소 1"}
    page = clash(manager, colleague, house, theirs, {"grade": "3", "status": "reused", "note": "내가 쓴 메모"})
    saved = answer(manager, house, page, **{"choice-grade": "mine", "choice-status": "theirs"})
    assert saved.status_code == 200
    assert "HX-Trigger" in saved
    result = now(house)
    assert (result.grade, result.status) == ("3", "confirmed")
    assert result.address == "그들이 고친 주소 1"
    assert result.note == "내가 쓴 메모"


def test_leaving_a_field_undecided_writes_nothing_and_keeps_what_was_decided(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(grade="none", status="candidate")
    mine = {"grade": "3", "status": "reused", "note": "내가 쓴 메모"}
    page = clash(manager, colleague, house, {"grade": "2", "status": "confirmed"}, mine)
    again = answer(manager, house, page, **{"choice-grade": "mine"})
    assert again.status_code == 409
    assert inputs(again)["choice-grade"] == ["mine"]
    assert "choice-status" not in inputs(again)
    assert now(house).grade == "2"
    saved = answer(manager, house, again, **{"choice-status": "mine"})
    assert saved.status_code == 200
    assert (now(house).grade, now(house).status, now(house).note) == ("3", "reused", "내가 쓴 메모")


def test_a_third_change_while_choosing_is_shown_as_a_new_conflict(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(grade="none")
    page = clash(manager, colleague, house, {"grade": "2"}, {"grade": "3"})
    signed_in(colleague).post(edit_url(house), house_form(now(house), grade="1"))
    again = answer(manager, house, page, **{"choice-grade": "mine"})
    assert again.status_code == 409
    assert "Grade 1: to be used" in text(again)
    assert answer(manager, house, again, **{"choice-grade": "mine"}).status_code == 200
    assert now(house).grade == "3"


def test_both_shapes_reach_the_map_and_mine_can_still_be_saved(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(place(500, 500))
    here, there = lonlat(place(600, 600)), lonlat(place(700, 700))
    page = clash(manager, colleague, house, {"geometry": json.dumps(here)}, {"geometry": json.dumps(there)})
    assert page.status_code == 409
    shapes = {
        side: json.loads(html.unescape(re.search(f'data-{side}="([^"]*)"', page.content.decode())[1]))["geometry"]  # type: ignore[index]
        for side in ("mine", "theirs")
    }
    assert shapes["mine"]["coordinates"] == pytest.approx(there["coordinates"], abs=1e-6)
    assert shapes["theirs"]["coordinates"] == pytest.approx(here["coordinates"], abs=1e-6)
    assert answer(manager, house, page, **{"choice-geometry": "mine"}).status_code == 200
    assert now(house).location.distance(place_geos(700, 700)) < 0.1


def test_choosing_their_shape_leaves_it_where_they_put_it(manager: User, colleague: User, territory: Territory) -> None:
    house = make_house(place(500, 500))
    here, there = lonlat(place(600, 600)), lonlat(place(700, 700))
    mine = {"geometry": json.dumps(there), "note": "메모"}
    page = clash(manager, colleague, house, {"geometry": json.dumps(here)}, mine)
    assert answer(manager, house, page, **{"choice-geometry": "theirs"}).status_code == 200
    assert now(house).location.distance(place_geos(600, 600)) < 0.1
    assert now(house).note == "메모"


def test_a_place_typed_by_hand_survives_a_conflict_about_facts(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house(place(500, 500), grade="none")
    lon, lat = lonlat(place(650, 650))["coordinates"]
    page = clash(manager, colleague, house, {"grade": "2"}, {"grade": "3", "lon": lon, "lat": lat})
    assert answer(manager, house, page, **{"choice-grade": "theirs"}).status_code == 200
    assert now(house).location.distance(place_geos(650, 650)) < 0.1


def test_members_chosen_in_a_conflict_are_all_kept(coordinator: User, territory: Territory) -> None:
    other = make_user("second", (Role.ZONE_COORDINATOR, None))
    zone = make_zone(territory.unbong, name="협력권")
    url = f"/records/zones/{zone.pk}/edit/"
    opened = {"name": zone.name, "kind": zone.kind, "version": 1, "member_areas": [territory.unbong.pk], "geometry": ""}
    signed_in(other).post(url, {**opened, "name": "그들의 이름"})
    mine = {**opened, "name": "나의 이름", "member_areas": [territory.unbong.pk, territory.suji.pk]}
    page = signed_in(coordinator).post(url, mine)
    assert page.status_code == 409
    assert signed_in(coordinator).post(url, {**inputs(page), "choice-name": "theirs"}).status_code == 302
    zone.refresh_from_db()
    assert zone.name == "그들의 이름"
    assert set(zone.member_areas.all()) == {territory.unbong, territory.suji}


def test_a_form_without_a_version_is_refused_in_words(manager: User, territory: Territory) -> None:
    house = make_house()
    page = signed_in(manager).post(edit_url(house), house_form(house, version=""))
    assert page.status_code == 422
    assert "Open it again" in text(page)


def test_saving_what_somebody_retired_meanwhile_says_so_and_keeps_what_was_typed(
    manager: User, colleague: User, territory: Territory
) -> None:
    house = make_house()
    opened = house_form(house, note="메모")
    signed_in(colleague).post(f"/records/vacant-houses/{house.pk}/retire/", {"reason": "철거", "version": 1})
    page = signed_in(manager).post(edit_url(house), opened, headers=HTMX)
    assert page.status_code == 422
    assert "This was retired on" in text(page)
    assert "메모" in text(page)
    assert now(house).note == ""


def place_geos(east: float, north: float) -> Any:
    from tests.factories import geos

    return geos(place(east, north))
