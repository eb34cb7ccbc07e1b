"""Days, turnout, ranks, contacts and numbers that lead to a person: rules without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.participation import contacts
from gis_core.participation.personal_text import Personal, find
from gis_core.participation.rules import Days, Phase, may_propose, may_vote, phase, ranking, turnout

ROUND = Days(date(2026, 5, 1), date(2026, 5, 20), date(2026, 6, 1), date(2026, 6, 7))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 30), Phase.COMING),
        (date(2026, 5, 1), Phase.PROPOSING),
        (date(2026, 5, 20), Phase.PROPOSING),
        (date(2026, 5, 21), Phase.BETWEEN),
        (date(2026, 6, 1), Phase.VOTING),
        (date(2026, 6, 7), Phase.VOTING),
        (date(2026, 6, 8), Phase.OVER),
    ],
)
def test_a_round_is_in_one_phase_each_day_and_its_last_days_count(day: date, expected: Phase) -> None:
    assert phase(ROUND, day) == expected


def test_a_round_without_a_vote_is_over_after_its_last_day_for_proposals() -> None:
    plain = Days(date(2026, 5, 1), date(2026, 5, 20))
    assert phase(plain, date(2026, 5, 20)) == Phase.PROPOSING
    assert phase(plain, date(2026, 5, 21)) == Phase.OVER
    assert not may_vote(plain, date(2026, 5, 10))


_DAY = st.dates(date(2026, 1, 1), date(2027, 1, 1))


@given(days=st.lists(_DAY, min_size=4, max_size=4, unique=True).map(sorted), today=_DAY)
def test_nobody_votes_or_proposes_outside_the_days_that_are_told(days: list[date], today: date) -> None:
    found = Days(*days)
    now = phase(found, today)
    assert may_propose(found, today) == (now == Phase.PROPOSING)
    assert may_vote(found, today) == (now == Phase.VOTING)
    assert (now == Phase.OVER) == (today > found.last)
    assert found.forgotten_from > found.last + timedelta(days=1)


def test_turnout_is_unknown_where_nobody_knows_how_many_may_vote() -> None:
    assert turnout(12, None) is None
    assert turnout(12, 0) is None
    assert turnout(12, 10) is None, "more than all have voted: the number was wrong"
    assert turnout(0, 200) == 0
    assert turnout(50, 200) == 25


def test_those_with_as_many_votes_share_a_rank() -> None:
    found = [(place.proposal, place.rank, place.is_tied) for place in ranking({1: 4, 2: 9, 3: 4, 4: 0})]
    assert found == [(2, 1, False), (1, 2, True), (3, 2, True), (4, 4, False)]


@given(st.dictionaries(st.integers(1, 99), st.integers(0, 5), max_size=12))
def test_a_rank_is_one_more_than_the_proposals_with_more_votes(votes: dict[int, int]) -> None:
    found = ranking(votes)
    assert {place.proposal: place.votes for place in found} == votes
    for place in found:
        assert place.rank == 1 + sum(count > place.votes for count in votes.values())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("저에게 010-1234-5678로 전화 주세요", Personal.PHONE),
        ("０１０ １２３４ ５６７８", Personal.PHONE),
        ("+82 10 1234 5678", Personal.PHONE),
        ("사무실은 02)345-6789입니다", Personal.PHONE),
        ("0507.1234.5678", Personal.PHONE),
        ("주민번호 900101-1234567", Personal.RESIDENT_NUMBER),
        ("9001011234567", Personal.RESIDENT_NUMBER),
        ("900101-2******", Personal.RESIDENT_NUMBER),
        ("kim.chulsu@example.kr로 보내 주세요", Personal.EMAIL),
    ],
)
def test_a_number_that_leads_to_a_person_is_found_however_it_is_written(text: str, kind: Personal) -> None:
    assert find(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01부터 2026-05-20까지",
        "예산 2,300만 원, 면적 1,250㎡",
        "지번 123-45",
        "버스 061-22번",
        "4427025021100010000",
    ],
)
def test_days_sums_and_parcels_are_no_personal_numbers(text: str) -> None:
    assert find(text) == frozenset()


def test_one_person_is_one_however_they_type_their_contact() -> None:
    phones = ("010-1234-5678", "01012345678", "+82 10 1234 5678", "０１０ 1234 5678")
    assert {contacts.phone(text) for text in phones} == {"01012345678"}
    assert {contacts.email(text) for text in ("Kim@Example.kr", " kim+vote2@example.kr ")} == {"kim@example.kr"}


@pytest.mark.parametrize(
    ("channel", "text"), [("email", "kim"), ("email", "@a.kr"), ("phone", "02-345-6789"), ("phone", "10")]
)
def test_what_no_code_can_be_sent_to_is_no_contact(channel: str, text: str) -> None:
    with pytest.raises(contacts.BadContact):
        contacts.normal(channel, text)
