"""Mails that remind: to whom, of what, in which language, and how often."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from disaster.services import reminders
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_schedule
from tests.factories import Territory, make_depot, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(territory: Territory) -> User:
    grant = (Role.DISASTER_OFFICER, territory.unbong)
    return make_user("keeper", grant, email="keeper@example.org", language="en", name="Kim")


def due(days: int, east: float = 500, **values: Any) -> None:
    make_schedule(
        make_depot(place(east, 500), name="창고"), None, timezone.localdate() + timedelta(days=days), **values
    )


def run() -> str:
    out = StringIO()
    call_command("send_reminders", stdout=out)
    return out.getvalue()


def test_a_keeper_gets_one_mail_a_day_with_what_is_overdue_and_near(keeper: User, settings: Any) -> None:
    settings.SITE_URL = "https://dongne.example.org"
    due(-3, title="지난 것")
    due(7, title="다음 것")
    due(8, title="먼 것")
    due(-3, east=2500, title="남의 것")
    assert "1 reminders sent" in run()
    assert "0 reminders sent" in run()
    [sent] = mail.outbox
    assert sent.to == ["keeper@example.org"]
    assert sent.subject == "[Dongne] Inspections: 1 overdue, 1 due within 7 days"
    assert "지난 것" in sent.body
    assert "다음 것" in sent.body
    assert "먼 것" not in sent.body
    assert "남의 것" not in sent.body
    assert "https://dongne.example.org/disaster/inspections/" in sent.body


def test_each_is_written_to_in_their_language(keeper: User, territory: Territory) -> None:
    make_user("chief", (Role.DISASTER_OFFICER, None), email="chief@example.org", language="ko")
    due(-1)
    reminders.send_all()
    assert {sent.to[0]: sent.subject for sent in mail.outbox} == {
        "keeper@example.org": "[Dongne] Inspections: 1 overdue",
        "chief@example.org": "[동네] 점검: 기한 지남 1건",
    }


def test_nothing_to_say_is_no_mail_and_leaves_the_day_free_for_one(keeper: User) -> None:
    due(20)
    assert reminders.send_all() == (0, [])
    due(-1)
    assert reminders.send_all() == (1, [])


def test_people_without_address_role_or_account_get_none(keeper: User, territory: Territory) -> None:
    due(-1)
    keeper.role_grants.update(role=Role.VIEWER)
    make_user("no-mail", (Role.DISASTER_OFFICER, None))
    make_user("left", (Role.DISASTER_OFFICER, None), email="left@example.org", is_active=False)
    assert reminders.send_all() == (0, [])
    assert mail.outbox == []


def test_the_office_can_turn_the_mails_off(keeper: User, settings: Any) -> None:
    settings.REMINDERS = False
    due(-1)
    assert "turned off" in run()
    assert mail.outbox == []


def test_a_mail_that_fails_holds_up_no_other_and_is_tried_again(
    keeper: User, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("chief", (Role.DISASTER_OFFICER, None), email="chief@example.org")
    due(-1)
    right = reminders.send_mail

    def sometimes(subject: str, body: str, sender: Any, to: list[str]) -> int:
        if to == ["keeper@example.org"]:
            raise OSError("no route")
        return right(subject, body, sender, to)

    monkeypatch.setattr(reminders, "send_mail", sometimes)
    with pytest.raises(CommandError, match="keeper: no route"):
        run()
    assert [sent.to for sent in mail.outbox] == [["chief@example.org"]]
    monkeypatch.setattr(reminders, "send_mail", right)
    assert reminders.send_all() == (1, [])


def test_a_long_list_is_cut_and_says_how_many_more(keeper: User) -> None:
    for number in range(23):
        due(-1, title=f"점검 {number}")
    reminders.send_all()
    assert "and 3 more" in mail.outbox[0].body
