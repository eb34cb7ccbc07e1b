"""What residents see and do without an account, and what nobody gets to see."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gis_core.models import ContactCode, Participant, Proposal, ProposalRound, RoundMeeting, User, Vote
from gis_core.participation import limits
from tests import factories
from tests.factories import Territory, place
from tests.gis_core.participation_support import Resident, make_person, make_proposal, make_round

pytestmark = pytest.mark.django_db
IDEA = {"title": "그늘막", "text": "여름에 너무 뜨겁습니다."}


def text_of(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_a_resident_proposes_and_it_waits_to_be_looked_at(territory: Territory) -> None:
    found = make_round(territory.namwon)
    path = f"/residents/{found.slug}/propose/"
    lon, lat = factories.lonlat(place(500, 500))["coordinates"]
    sent = Resident("10.0.0.1").act(path, **IDEA, lon=lon, lat=lat)
    assert sent.status_code == 302
    made = Proposal.objects.get()
    assert (made.title, made.moderation, made.area) == ("그늘막", "pending", territory.unbong)
    assert made.participant is not None
    assert made.participant.contact == "", "nobody asked for an answer"
    assert "그늘막" not in text_of(Client().get(f"/residents/{found.slug}/"))


def test_a_proposal_sent_twice_is_one(territory: Territory) -> None:
    found = make_round(territory.namwon)
    resident, path = Resident("10.0.0.1"), f"/residents/{found.slug}/propose/"
    form = {"step": "act", "pass": resident.hidden(resident.verified(path), "pass"), **IDEA, "wants_answer": "on"}
    assert [resident.step(path, **form).status_code for _again in range(2)] == [302, 302]
    assert Proposal.objects.count() == 1
    assert Participant.objects.get().contact == "kim@example.kr"


def test_one_person_cannot_fill_a_round(territory: Territory) -> None:
    found = make_round(territory.namwon)
    resident, path = Resident("10.0.0.1"), f"/residents/{found.slug}/propose/"
    sealed = resident.hidden(resident.verified(path), "pass")
    answers = [
        resident.step(path, step="act", title=f"생각 {number}", text="이유", **{"pass": sealed}).status_code
        for number in range(6)
    ]
    assert answers == [302] * 5 + [409]


@pytest.mark.parametrize(("field", "text"), [("title", "010-1234-5678"), ("text", "저는 900101-1234567입니다")])
def test_a_proposal_with_a_personal_number_is_refused_kindly(territory: Territory, field: str, text: str) -> None:
    found = make_round(territory.namwon)
    answer = Resident("10.0.0.1").act(f"/residents/{found.slug}/propose/", **{**IDEA, field: text})
    assert answer.status_code == 422
    assert "누구나 읽는 글이니 지워 주십시오" in text_of(answer)
    assert text in text_of(answer), "what was typed is still there"
    assert not Proposal.objects.exists()


def test_a_place_outside_every_town_is_named(territory: Territory) -> None:
    found = make_round(territory.namwon)
    answer = Resident("10.0.0.1").act(f"/residents/{found.slug}/propose/", **IDEA, lon="131.0", lat="37.0")
    assert answer.status_code == 422
    assert "등록된 읍면동 밖" in text_of(answer)


def test_a_resident_votes_once_and_a_second_vote_is_refused_kindly(territory: Territory) -> None:
    found = make_round(territory.namwon, "voting", votes_per_person=2)
    first, second, third = (make_proposal(found, title) for title in ("하나", "둘", "셋"))
    path = f"/residents/{found.slug}/vote/"
    assert Resident("10.0.0.1").act(path, choices=[first.pk, third.pk]).status_code == 302
    again = Resident("10.0.0.2", "Kim+again@example.kr").verified(path)
    assert again.status_code == 409
    assert "먼저 하신 투표가 반영되어 있습니다" in text_of(again)
    assert sorted(Vote.objects.values_list("proposal", flat=True)) == [first.pk, third.pk]
    voted = Participant.objects.get().voted_at
    assert voted is not None
    assert (timezone.localtime(voted).hour, voted.minute, voted.second) == (0, 0, 0), "the day, not the moment"
    assert second.votes.count() == 0


def test_a_ballot_with_too_many_none_or_unknown_choices_is_not_cast(territory: Territory) -> None:
    found = make_round(territory.namwon, "voting")
    ballots = [make_proposal(found, "하나").pk, make_proposal(found, "둘").pk]
    hidden = make_proposal(found, "숨김", moderation="pending").pk
    resident, path = Resident("10.0.0.1"), f"/residents/{found.slug}/vote/"
    sealed = resident.hidden(resident.verified(path), "pass")
    for choices, status in (([], 409), (ballots, 409), ([hidden], 422)):
        assert resident.step(path, step="act", choices=choices, **{"pass": sealed}).status_code == status
    assert not Vote.objects.exists()
    assert resident.step(path, step="act", choices=ballots[:1], **{"pass": sealed}).status_code == 302


@pytest.mark.parametrize("phase", ["coming", "between", "over"])
def test_nobody_takes_part_outside_the_days(territory: Territory, phase: str) -> None:
    found = make_round(territory.namwon, phase)
    for purpose in ("propose", "vote"):
        answer = Resident("10.0.0.1").ask(f"/residents/{found.slug}/{purpose}/")
        assert answer.status_code == 409
    assert not ContactCode.objects.exists()


def test_a_pass_of_one_round_opens_no_other(territory: Territory) -> None:
    mine, other = make_round(territory.namwon), make_round(territory.namwon)
    resident = Resident("10.0.0.1")
    sealed = resident.hidden(resident.verified(f"/residents/{mine.slug}/propose/"), "pass")
    answer = resident.step(f"/residents/{other.slug}/propose/", step="act", **{"pass": sealed}, **IDEA)
    assert answer.status_code == 409
    assert not Proposal.objects.exists()


def test_five_wrong_codes_end_a_code_and_ten_minutes_do_too(territory: Territory) -> None:
    found = make_round(territory.namwon)
    resident, path = Resident("10.0.0.1"), f"/residents/{found.slug}/propose/"
    sealed = resident.hidden(resident.ask(path), "sealed")
    right = re.findall(r"\d{6}", mail.outbox[-1].subject)[0]
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _try in range(5):
        assert resident.step(path, step="code", sealed=sealed, code=wrong).status_code == 422
    assert resident.step(path, step="code", sealed=sealed, code=right).status_code == 422
    later = Resident("10.0.0.1", "lee@example.kr")
    asked = later.ask(path)
    ContactCode.objects.update(expires_at=timezone.now())
    code = re.findall(r"\d{6}", mail.outbox[-1].subject)[0]
    assert later.step(path, step="code", sealed=later.hidden(asked, "sealed"), code=code).status_code == 422
    assert not Participant.objects.exists()


def test_a_code_is_good_once_and_kept_as_a_hash_only(territory: Territory) -> None:
    found = make_round(territory.namwon)
    resident, path = Resident("10.0.0.1"), f"/residents/{found.slug}/propose/"
    sealed = resident.hidden(resident.ask(path), "sealed")
    code = re.findall(r"\d{6}", mail.outbox[-1].subject)[0]
    kept = ContactCode.objects.values().get()
    assert code not in str(kept["code_hash"])
    assert "kim" not in str(kept)
    form = {"step": "code", "sealed": sealed, "code": code}
    assert [resident.step(path, **form).status_code for _again in range(2)] == [200, 422]


def test_the_answer_tells_nobody_whether_a_contact_takes_part(territory: Territory) -> None:
    found = make_round(territory.namwon)
    make_person(found, "kim@example.kr", voted_at=timezone.now())
    path = f"/residents/{found.slug}/propose/"

    def shown(contact: str) -> str:
        page = text_of(Resident("10.0.0.1", contact).ask(path)).replace(contact, "")
        return re.sub(r'value="[^"]+"', "", page)

    assert shown("kim@example.kr") == shown("nobody@example.kr")
    for _again in range(4):
        assert shown("kim@example.kr") == shown("other@example.kr")
    assert [message.to for message in mail.outbox].count(["kim@example.kr"]) == limits.CODES_PER_CONTACT


def test_one_address_cannot_ask_for_ever_more_codes(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CODES_PER_ADDRESS", 3)
    path = f"/residents/{make_round(territory.namwon).slug}/propose/"
    answers = [Resident("10.0.0.1", f"a{number}@example.kr").ask(path).status_code for number in range(4)]
    assert answers == [200, 200, 200, 429]
    assert Resident("10.0.0.2").ask(path).status_code == 200


def test_a_round_sends_only_so_many_codes_in_an_hour(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CODES_PER_ROUND", 2)
    path = f"/residents/{make_round(territory.namwon).slug}/propose/"
    answers = [Resident(f"10.0.0.{number}", f"a{number}@example.kr").ask(path).status_code for number in range(3)]
    assert answers == [200, 200, 429]


def _fails(_contact: str, _subject: str, _text: str) -> None:
    raise OSError("no network")


def test_a_code_that_cannot_be_sent_is_said_so(territory: Territory, settings: Any) -> None:
    settings.CONTACT_SENDERS = {"email": f"{__name__}._fails"}
    answer = Resident("10.0.0.1").ask(f"/residents/{make_round(territory.namwon).slug}/propose/")
    assert answer.status_code == 503
    assert "보내지 못했습니다" in text_of(answer)


def test_without_a_sender_residents_are_asked_to_come(territory: Territory, settings: Any) -> None:
    settings.CONTACT_SENDERS = {"email": "", "phone": ""}
    found = make_round(territory.namwon)
    page = text_of(Client().get(f"/residents/{found.slug}/propose/"))
    assert "담당 부서로 와 주십시오" in page
    assert 'name="contact"' not in page


def test_nothing_is_public_before_it_was_published_and_after_it_was_withdrawn(territory: Territory) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    for values in ({"published_at": None}, {"published_at": tomorrow}, {"retired_at": timezone.now()}):
        found = make_round(territory.namwon, title="아직 비밀", **values)
        assert "아직 비밀" not in text_of(Client().get("/residents/"))
        for page in ("", "places.json", "propose/", "vote/", "thanks/vote/"):
            assert Client().get(f"/residents/{found.slug}/{page}").status_code == 404


@pytest.fixture
def full_round(territory: Territory, coordinator: User) -> ProposalRound:
    """A round that is over, with everything in it that nobody outside may see."""
    User.objects.filter(pk=coordinator.pk).update(name="한비밀")
    found = make_round(territory.namwon, "over", created_by=coordinator, updated_by=coordinator)
    person = make_person(found, "secret@example.kr", contact="secret@example.kr", voted_at=timezone.now())
    point = factories.geos(place(500, 500))
    shown = make_proposal(
        found, "보이는 제안", participant=person, answer="이렇게 합니다.", decision="adopted", location=point,
        answered_at=timezone.now(), answered_by=coordinator, updated_by=coordinator,
    )  # fmt: skip
    make_proposal(found, "기다리는 제안", moderation="pending", location=point)
    make_proposal(found, "거절한 제안", moderation="refused", moderation_reason="주제와 다릅니다.", location=point)
    make_proposal(found, "합친 제안", moderation="merged", merged_into=shown, participant=person, location=point)
    Vote.objects.create(proposal=shown)
    RoundMeeting.objects.create(
        round=found, held_on=found.vote_closes_on, title="총회", attendance=30, created_by=coordinator
    )
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_public_pages_hold_nothing_private(full_round: ProposalRound, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    person = Participant.objects.get()
    for page in (
        "residents/",
        *(f"residents/{full_round.slug}/{name}" for name in ("", "places.json", "thanks/vote/")),
    ):
        answer = client.get(f"/{page}")
        assert answer.status_code == 200
        shown = text_of(answer)
        for secret in (
            "secret@", person.contact_hash, "한비밀", "coordinator", "기다리는", "거절한", "합친 제안", "participant",
        ):  # fmt: skip
            assert secret not in shown, (page, secret)
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies
    round_page = text_of(client.get(f"/residents/{full_round.slug}/"))
    for public in ("보이는 제안", "이렇게 합니다.", "주제와 다릅니다.", "총회"):
        assert public in round_page


def test_the_form_pages_set_no_cookie_but_the_forms_own(territory: Territory) -> None:
    found = make_round(territory.namwon)
    resident = Resident("10.0.0.1")
    resident.client.get(f"/residents/{found.slug}/propose/")
    resident.act(f"/residents/{found.slug}/propose/", **IDEA)
    assert set(resident.client.cookies) == {"csrftoken"}
    assert (
        Client(enforce_csrf_checks=True).post(f"/residents/{found.slug}/propose/", {"step": "contact"}).status_code
        == 403
    )


def test_what_all_may_read_may_be_kept_a_minute_and_what_a_person_sees_may_not(territory: Territory) -> None:
    found = make_round(territory.namwon)
    shown = Client().get(f"/residents/{found.slug}/")
    assert shown["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in shown["Vary"]
    assert "script-src 'self'" in shown["Content-Security-Policy"]
    assert "no-store" in Client().get(f"/residents/{found.slug}/propose/")["Cache-Control"]


def test_a_visitor_chooses_the_language_by_a_link(territory: Territory) -> None:
    found = make_round(territory.namwon, title_en="What for the park?")
    client = Client()
    assert client.get(f"/residents/{found.slug}/?lang=en").url == f"/residents/{found.slug}/"
    page = text_of(client.get(f"/residents/{found.slug}/"))
    assert 'lang="en"' in page
    assert "What for the park?" in page


def test_results_are_shown_only_when_the_vote_is_over(territory: Territory) -> None:
    for phase, shown in (("voting", False), ("over", True)):
        found = make_round(territory.namwon, phase, eligible=40)
        proposal = make_proposal(found)
        make_person(found, "a@example.kr", voted_at=timezone.now())
        Vote.objects.create(proposal=proposal)
        page = text_of(Client().get(f"/residents/{found.slug}/"))
        assert ("투표율 2.5%" in page) is shown
        assert ("results" in page) is shown


def test_a_round_page_asks_the_database_as_often_for_many_proposals(
    territory: Territory, django_assert_max_num_queries: Any
) -> None:
    found = make_round(territory.namwon, "over")
    for number in range(30):
        make_proposal(found, f"제안 {number}")
    with django_assert_max_num_queries(14):
        Client().get(f"/residents/{found.slug}/")
