"""What the office does with rounds: who may, what is refused, what residents then see."""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from gis_core import open_tasks
from gis_core.models import (
    ContactCode,
    Participant,
    Proposal,
    ProposalRound,
    Role,
    RoundMeeting,
    User,
    Vote,
)
from gis_core.participation.querysets import unanswered
from gis_core.views.home import todos
from tests import factories
from tests.factories import Territory
from tests.gis_core.pages_support import signed_in as signed_in_as
from tests.gis_core.participation_support import Resident, make_person, make_proposal, make_round

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    return signed_in_as(user, "ko")


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def form_of(area: Any, **values: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": "공원에 무엇을 둘까요?", "text": "알려 주세요.", "area": area.pk, "opens_on": today,
        "closes_on": today + timedelta(days=9), "vote_opens_on": today + timedelta(days=12),
        "vote_closes_on": today + timedelta(days=20), "votes_per_person": 1, "eligible": "", "office": "자치행정과",
        "token": uuid.uuid4(), **values,
    }  # fmt: skip


def test_a_coordinator_opens_a_round_about_a_zone_and_publishes_it(territory: Territory, coordinator: User) -> None:
    zone = factories.make_zone(territory.unbong, territory.jucheon)
    client = signed_in(coordinator)
    record = text(client.get(f"/records/zones/{zone.pk}/"))
    assert f"/rounds/add/?layer=zones&amp;record={zone.pk}" in record
    form = form_of(territory.namwon, layer="zones", record=zone.pk)
    assert f'value="{territory.namwon.pk}" selected' in text(client.get(f"/rounds/add/?layer=zones&record={zone.pk}"))
    assert [client.post("/rounds/add/", form).status_code for _again in range(2)] == [302, 302]
    made = ProposalRound.objects.get()
    assert (made.subject_layer, made.subject_id) == ("zones", zone.pk)
    assert Client().get(f"/residents/{made.slug}/").status_code == 404
    client.post(f"/rounds/{made.pk}/publish/", {"version": made.version})
    assert Client().get(f"/residents/{made.slug}/").status_code == 200
    assert made.title in text(client.get(f"/records/zones/{zone.pk}/"))
    made.refresh_from_db()
    client.post(f"/rounds/{made.pk}/withdraw/", {"version": made.version})
    assert Client().get(f"/residents/{made.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "days"), [("closes_on", -1), ("vote_opens_on", 5), ("vote_closes_on", 11), ("vote_closes_on", None)]
)
def test_days_that_make_no_sense_are_named(
    territory: Territory, coordinator: User, field: str, days: int | None
) -> None:
    value = "" if days is None else timezone.localdate() + timedelta(days=days)
    answer = signed_in(coordinator).post("/rounds/add/", form_of(territory.namwon, **{field: value}))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    assert not ProposalRound.objects.exists()


def test_planners_open_rounds_about_centres_and_no_others(territory: Territory, planner: User) -> None:
    client = signed_in(planner)
    centre = factories.make_centre(factories.place(500, 500))
    form = form_of(territory.unbong, layer="centres", record=centre.pk)
    assert client.post("/rounds/add/", form).status_code == 302
    assert client.post("/rounds/add/", form_of(territory.unbong)).status_code == 403
    own = ProposalRound.objects.get()
    other = make_round(territory.namwon, subject_layer="", title="조정자의 것")
    assert client.post(f"/rounds/{own.pk}/publish/", {"version": own.version}).status_code == 302
    assert client.get(f"/rounds/{other.pk}/").status_code == 200
    assert client.post(f"/rounds/{other.pk}/withdraw/", {"version": other.version}).status_code == 403


def test_a_coordinator_of_another_county_sees_nothing_of_a_round(territory: Territory) -> None:
    elsewhere = signed_in(factories.make_user("elsewhere", (Role.ZONE_COORDINATOR, territory.sunchang)))
    found = make_round(territory.namwon)
    proposal = make_proposal(found, moderation="pending")
    assert found.title not in text(elsewhere.get("/rounds/"))
    for path in (f"/rounds/{found.pk}/", f"/rounds/{found.pk}/proposals.csv", f"/rounds/proposals/{proposal.pk}/"):
        assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"/rounds/{found.pk}/withdraw/", {"version": 1}).status_code == 404
    moved = form_of(territory.namwon)
    assert elsewhere.post("/rounds/add/", moved).status_code == 422, "it is not among the areas to choose from"


@pytest.mark.parametrize("who", ["officer", "viewer", "surveyor"])
def test_roles_without_rounds_see_neither_their_pages_nor_the_layer(
    territory: Territory, who: str, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    found = make_round(territory.namwon)
    assert client.get("/rounds/").status_code == 403
    assert client.get(f"/rounds/{found.pk}/").status_code == 403
    assert client.get("/records/proposals/").status_code == 403
    assert Client().get("/rounds/").status_code == 302


def do(client: Client, proposal: Proposal, what: str, **values: Any) -> Any:
    proposal.refresh_from_db()
    sent = {"version": proposal.version, **values}
    return client.post(f"/rounds/proposals/{proposal.pk}/", {"do": what, **{f"{what}-{k}": v for k, v in sent.items()}})


def test_the_office_publishes_joins_and_refuses(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon)
    first, same, rude = (make_proposal(found, title, moderation="pending") for title in ("의자", "또 의자", "욕설"))
    assert do(client, first, "publish").status_code == 302
    assert do(client, same, "join", other=first.pk).status_code == 302
    assert do(client, rude, "refuse", reason=" ").status_code == 422
    assert do(client, rude, "refuse", reason="010-1234-5678로 문의").status_code == 422
    assert do(client, rude, "refuse", reason="비방하는 글입니다.").status_code == 302
    page = text(Client().get(f"/residents/{found.slug}/"))
    for shown in ("의자", "제안 1건을 합쳤습니다", "비방하는 글입니다."):
        assert shown in page
    for hidden in ("또 의자", "욕설"):
        assert hidden not in page
    assert do(client, first, "refuse", reason="잘못 게시").status_code == 409, "others were joined with it"


def test_what_a_colleague_decided_meanwhile_is_not_overwritten(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon)
    proposal = make_proposal(found, moderation="pending")
    seen = proposal.version
    do(client, proposal, "refuse", reason="주제와 다릅니다.")
    answer = client.post(f"/rounds/proposals/{proposal.pk}/", {"do": "publish", "publish-version": seen})
    assert answer.status_code == 409
    assert Proposal.objects.get().moderation == "refused"


def test_the_ballot_does_not_grow_when_people_vote(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon, "voting")
    late, shown = make_proposal(found, "늦음", moderation="pending"), make_proposal(found, "하나")
    assert do(client, late, "publish").status_code == 409
    assert do(client, shown, "join", other=make_proposal(found, "둘").pk).status_code == 409
    assert do(client, shown, "answer", decision="adopted", answer="합니다.").status_code == 409
    assert do(client, shown, "refuse", reason="개인정보가 있습니다.").status_code == 302


def _answered(client: Client, proposal: Proposal) -> Any:
    return do(client, proposal, "answer", decision="partly", answer="절반은 올해 합니다.")


def test_an_answer_is_public_and_goes_once_to_those_who_want_it(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon, "over")
    wants = make_person(found, "a@example.kr", contact="a@example.kr")
    also = make_person(found, "b@example.kr", contact="b@example.kr")
    proposal = make_proposal(found, participant=wants)
    make_proposal(found, "같은 것", moderation="merged", merged_into=proposal, participant=also)
    make_proposal(found, "다른 것", participant=make_person(found, "c@example.kr"))
    assert _answered(client, proposal).status_code == 302
    assert sorted(message.to for message in mail.outbox) == [["a@example.kr"], ["b@example.kr"]]
    assert "절반은 올해 합니다." in mail.outbox[0].body
    assert coordinator.username not in mail.outbox[0].body
    do(client, proposal, "answer", decision="adopted", answer="모두 올해 합니다.")
    call_command("tend_rounds")
    assert len(mail.outbox) == 2
    assert "모두 올해 합니다." in text(Client().get(f"/residents/{found.slug}/"))


def _fails(_contact: str, _subject: str, _text: str) -> None:
    raise OSError("no network")


def test_a_mail_that_fails_loses_neither_the_answer_nor_itself(
    territory: Territory, coordinator: User, settings: Any
) -> None:
    found = make_round(territory.namwon, "over")
    proposal = make_proposal(found, participant=make_person(found, "a@example.kr", contact="a@example.kr"))
    working, settings.CONTACT_SENDERS = settings.CONTACT_SENDERS, {"email": f"{__name__}._fails"}
    assert _answered(signed_in(coordinator), proposal).status_code == 302
    assert "절반은" in text(Client().get(f"/residents/{found.slug}/"))
    with pytest.raises(CommandError, match="1 answers could not be sent"):
        call_command("tend_rounds")
    settings.CONTACT_SENDERS = working
    call_command("tend_rounds")
    call_command("tend_rounds")
    assert [message.to for message in mail.outbox] == [["a@example.kr"]]


def test_thirty_days_after_a_round_nobody_can_be_found_by_it(territory: Territory) -> None:
    old, young = (
        make_round(territory.namwon, "over", **{name: timezone.localdate() - timedelta(days=days) for name in LAST})
        for days in (30, 29)
    )
    for found in (old, young):
        person = make_person(found, "a@example.kr", contact="a@example.kr", voted_at=timezone.now())
        Vote.objects.create(proposal=make_proposal(found, participant=person))
        ContactCode.objects.create(
            round=found, contact_hash=person.contact_hash, code_hash="x", channel="email", expires_at=timezone.now()
        )
    call_command("tend_rounds")
    gone, kept = (Participant.objects.get(round=found) for found in (old, young))
    assert (gone.contact, kept.contact) == ("", "a@example.kr")
    assert gone.contact_hash.startswith("gone-")
    assert gone.voted_at is not None, "turnout is still counted"
    assert Proposal.objects.get(round=old).participant is None
    assert Proposal.objects.get(round=young).participant == kept
    assert set(ContactCode.objects.values_list("round", flat=True)) == {young.pk}
    assert Vote.objects.count() == 2
    before = Participant.objects.get(round=old).contact_hash
    call_command("tend_rounds")
    assert Participant.objects.get(round=old).contact_hash == before


LAST = ("opens_on", "closes_on", "vote_opens_on", "vote_closes_on")


def test_at_the_desk_a_person_votes_and_cannot_vote_again_by_phone(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon, "voting")
    proposal, path = make_proposal(found), f"/rounds/{found.pk}/desk/"
    contact = {"step": "contact", "channel": "email", "contact": "KIM@example.kr"}
    opened = client.post(path, contact)
    form = {"step": "act", "pass": Resident.hidden(opened, "pass"), "choices": [proposal.pk]}
    assert [client.post(path, form).status_code for _again in range(2)] == [302, 409]
    assert client.post(path, contact).status_code == 409
    assert Resident("10.0.0.1").verified(f"/residents/{found.slug}/vote/").status_code == 409
    person = Participant.objects.get()
    assert (person.contact, person.channel, person.voted_on_site) == ("", "on_site", True)
    assert Vote.objects.get().on_site
    closed = make_round(territory.namwon, "over")
    assert 'name="contact"' not in text(client.get(f"/rounds/{closed.pk}/desk/"))


def test_a_pass_from_the_desk_opens_no_public_ballot(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon, "voting")
    proposal = make_proposal(found)
    opened = client.post(
        f"/rounds/{found.pk}/desk/", {"step": "contact", "channel": "email", "contact": "kim@example.kr"}
    )
    form = {"step": "act", "pass": Resident.hidden(opened, "pass"), "choices": [proposal.pk]}
    assert Client().post(f"/residents/{found.slug}/vote/", form).status_code == 409
    assert not Vote.objects.exists()


def test_the_file_of_a_round_holds_no_contact_and_no_formula(territory: Territory, coordinator: User) -> None:
    found = make_round(territory.namwon, "over")
    person = make_person(found, "secret@example.kr", contact="secret@example.kr")
    Vote.objects.create(proposal=make_proposal(found, "=1+1", participant=person, answered_by=coordinator))
    make_proposal(found, "기다림", moderation="pending")
    answer = signed_in(coordinator).get(f"/rounds/{found.pk}/proposals.csv")
    content = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["제목"], row["득표"]) for row in rows] == [("'=1+1", "1"), ("기다림", "")]
    for secret in ("secret@", person.contact_hash, coordinator.username):
        assert secret not in content


def test_a_meeting_is_kept_with_minutes_that_name_nobody(territory: Territory, coordinator: User) -> None:
    client, found = signed_in(coordinator), make_round(territory.namwon)
    form = {
        "title": "주민총회", "held_on": timezone.localdate(), "attendance": 120, "minutes": "문의 010-1234-5678",
        "token": uuid.uuid4(),
    }  # fmt: skip
    assert client.post(f"/rounds/{found.pk}/meetings/add/", form).status_code == 422
    form["minutes"] = "모두 찬성했습니다."
    assert [client.post(f"/rounds/{found.pk}/meetings/add/", form).status_code for _again in range(2)] == [302, 302]
    made = RoundMeeting.objects.get()
    page = text(Client().get(f"/residents/{found.slug}/"))
    assert "120명 참석" in page
    assert "모두 찬성했습니다." in page
    client.post(f"/rounds/meetings/{made.pk}/retire/", {"reason": "두 번 적음", "version": made.version})
    assert "모두 찬성했습니다." not in text(Client().get(f"/residents/{found.slug}/"))


def test_the_home_page_and_the_area_sheet_tell_what_waits(territory: Territory, coordinator: User) -> None:
    make_proposal(make_round(territory.namwon), moderation="pending", area=territory.unbong)
    over = make_round(territory.namwon, "over")
    open_request = make_proposal(over, area=territory.unbong)
    make_proposal(over, "답함", answered_at=timezone.now(), answer="예", decision="adopted")
    make_proposal(make_round(territory.namwon, "voting"), "아직 투표 중")
    assert list(unanswered()) == [open_request]
    told = {str(todo.title): todo.count for todo in todos(coordinator)}
    assert told["게시 검토를 기다리는 제안"] == 1
    assert told["답변하지 않은 주민 제안"] == 1
    sheet = {str(todo.title): todo.count for todo in open_tasks.of(coordinator, frozenset({territory.unbong.pk}))}
    assert sheet["답변하지 않은 주민 제안"] == 1
    assert open_tasks.of(coordinator, frozenset({territory.suji.pk})) == []


def test_answered_and_unanswered_proposals_are_told_apart_on_the_map(territory: Territory, coordinator: User) -> None:
    found = make_round(territory.namwon, "over")
    place = factories.geos(factories.place(500, 500))
    make_proposal(found, "답함", answered_at=timezone.now(), decision="adopted", location=place, area=territory.unbong)
    make_proposal(found, "아직", location=place, area=territory.unbong)
    client = signed_in(coordinator)
    listed = text(client.get("/records/proposals/?decision=blank"))
    assert ("아직" in listed, "답함</a>" in listed) == (True, False)
    assert "처리: 답변 전" in listed
    shown = client.get("/api/collections/proposals/items?decision=adopted").json()
    assert [each["properties"]["title"] for each in shown["features"]] == ["답함"]
    assert "participant" not in str(shown)
