"""Local policies and outreach visits: what the forms refuse, and the sums of towns."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.save import save
from gis_core.layers.registry import layers
from gis_core.models import OutreachVisit, Role, User
from tests.factories import Territory, lonlat, make_organisation, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.gis_core.town_work_support import make_policy, make_visit

pytestmark = pytest.mark.django_db

NAMWON = "5219000000"


def visit_form(**values: Any) -> dict[str, Any]:
    told = {
        "village": "윗예시마을", "from_on": "2019-03-01", "until_on": "2019-03-20", "households": 40, "visited": 15,
        "follow_ups": 3, "follow_ups_done": 1, "subjects": "지붕 누수",
    }  # fmt: skip
    return {**told, **values}


def test_a_policy_keeps_its_partners_and_finds_its_town_by_its_place(territory: Territory, coordinator: User) -> None:
    partner = make_organisation("이장협의회")
    told = {"title": "공구 대여", "year": 2019, "partners": [partner.pk], "satisfaction": "88.5", "respondents": 64}
    made = save(layers.get("local-policies"), coordinator, told, geometry=lonlat(place(2500, 500))).record
    assert made.area == territory.jucheon
    assert [each.name for each in made.partners.all()] == ["이장협의회"]
    page = text(signed_in(coordinator).get(f"/records/local-policies/{made.pk}/"))
    assert "이장협의회" in page
    assert "88.5" in page


def test_satisfaction_is_not_taken_without_the_number_of_people_asked(territory: Territory, coordinator: User) -> None:
    told = {"title": "공구 대여", "year": 2019, "satisfaction": "88.5"}
    with pytest.raises(Invalid) as refused:
        save(layers.get("local-policies"), coordinator, told, geometry=lonlat(place(500, 500)))
    assert set(refused.value.errors) == {"respondents"}


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"subjects": "연락처 010-1234-5678"}, "subjects", "a phone number"),
        ({"subjects": "900101-1234567 어르신"}, "subjects", "a resident number"),
        ({"village": "윗마을 063 620 1234"}, "village", "a phone number"),
        ({"visited": 41}, "visited", "More households were visited"),
        ({"follow_ups_done": 4}, "follow_ups_done", "More follow-ups are done"),
        ({"until_on": "2019-02-01"}, "until_on", "before they begin"),
    ],
)
def test_an_outreach_form_refuses_what_cannot_be_or_tells_of_a_person(
    territory: Territory, coordinator: User, values: dict[str, Any], field: str, told: str
) -> None:
    with override("en"), pytest.raises(Invalid) as refused:
        save(layers.get("outreach-visits"), coordinator, visit_form(**values), geometry=lonlat(place(500, 500)))
    assert set(refused.value.errors) == {field}
    assert told in str(refused.value.errors[field])
    assert not OutreachVisit.objects.exists()


def test_amounts_and_days_are_no_phone_numbers(territory: Territory, coordinator: User) -> None:
    told = visit_form(subjects="난방비 1,200,000원, 2019-03-11 다시 방문, 세대 10-12")
    assert save(layers.get("outreach-visits"), coordinator, told, geometry=lonlat(place(500, 500))).created


def test_only_coordinators_of_the_area_write(territory: Territory, manager: User) -> None:
    elsewhere = make_user("sunchang", (Role.ZONE_COORDINATOR, territory.sunchang))
    for user in (manager, elsewhere):
        with pytest.raises(NotAllowed):
            save(layers.get("outreach-visits"), user, visit_form(), geometry=lonlat(place(500, 500)))


def test_the_counter_says_how_many_policies_each_town_still_lacks(territory: Territory, viewer: User) -> None:
    for number in range(10):
        make_policy(f"시책 {number}")
    make_policy(area=territory.jucheon)
    make_policy(area=territory.jucheon, year=2018)
    make_policy(area=territory.sunchang_eup)
    client = signed_in(viewer)
    said = text(client.get(f"/town-work/policies/?city={NAMWON}&year=2019"))
    assert "1 of 4 towns have reached it." in said
    assert "11 policies in all; 40 would be asked for together." in said
    assert "운봉읍 10 10 / 10 reached" in said
    assert "주천면 1 1 / 10 9 more are wanted" in said
    assert "수지면 0 0 / 10 10 more are wanted" in said
    assert "운봉읍 10 10 / 12 2 more are wanted" in text(
        client.get(f"/town-work/policies/?city={NAMWON}&year=2019&target=12")
    )


def test_a_villages_households_count_once_and_unknown_ones_are_left_out_of_the_share(
    territory: Territory, viewer: User
) -> None:
    """윗마을: 40 households, visited 15 and later 10. 새마을: 60 households, 30. 먼마을: unknown, 7.
    Visited 62 in three villages; of known ones 55 of 100."""
    make_visit("윗마을", 500, follow_ups=4, follow_ups_done=1)
    later = {"from_on": date(2019, 9, 1), "until_on": date(2019, 9, 3)}
    make_visit("윗마을", 500, visited=10, follow_ups=1, follow_ups_done=1, **later)
    make_visit("새마을", 600, households=60, visited=30)
    make_visit("먼마을", 700, households=None, visited=7)
    make_visit("지난해마을", 700, from_on=date(2018, 12, 1), until_on=date(2018, 12, 3))
    said = text(signed_in(viewer).get(f"/town-work/outreach/?city={NAMWON}&year=2019"))
    row = "3 62 55.0% 55 / 100 without 1 village whose households are unknown 5 3 2019-03-01 – 2019-09-03"
    assert f"운봉읍 {row}" in said
    assert f"남원시 {row}" in said
    assert "No visits recorded: 주천면, 수지면, 송동면" in said


def test_visits_of_other_peoples_towns_are_not_summed(territory: Territory) -> None:
    make_visit("윗마을", 500)
    make_visit("옆마을", 2500, visited=33)
    said = text(signed_in(make_user("head", (Role.VIEWER, territory.unbong))).get("/town-work/outreach/?year=2019"))
    assert "남원시 1 15 37.5% 15 / 40" in said
    assert "33" not in said
