"""Two ballots of one person in the same moment, with real threads and real locks."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gis_core.models import ContactCode, Participant, Vote
from gis_core.participation.services import taking_part, verification
from tests import factories
from tests.gis_core.participation_support import make_person, make_proposal, make_round
from tests.races import while_i_write

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_ballots_of_one_person_in_the_same_moment_count_once() -> None:
    found = make_round(factories.make_territory().namwon, "voting")
    first, second = make_proposal(found, "하나"), make_proposal(found, "둘")
    person = make_person(found, "kim@example.kr")
    with while_i_write(lambda: taking_part.vote(found, person.pk, [second.pk])) as other:
        taking_part.vote(found, person.pk, [first.pk])
    assert isinstance(other.refused, taking_part.AlreadyVoted)
    assert [vote.proposal_id for vote in Vote.objects.all()] == [first.pk]


def test_many_ballots_of_one_person_at_once_count_once() -> None:
    found = make_round(factories.make_territory().namwon, "voting")
    proposal, person = make_proposal(found), make_person(found, "kim@example.kr")
    gate, answers = threading.Barrier(6), []

    def cast() -> None:
        gate.wait()
        try:
            taking_part.vote(found, person.pk, [proposal.pk])
            answers.append("cast")
        except taking_part.AlreadyVoted:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=cast) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["cast", *["refused"] * 5]
    assert Vote.objects.count() == 1


def test_a_ballot_that_fails_leaves_the_person_their_vote() -> None:
    found = make_round(factories.make_territory().namwon, "voting")
    proposal, person = make_proposal(found), make_person(found, "kim@example.kr")
    with transaction.atomic():
        taking_part.vote(found, person.pk, [proposal.pk])
        transaction.set_rollback(True)
    assert Participant.objects.get().voted_at is None
    taking_part.vote(found, person.pk, [proposal.pk])
    assert Vote.objects.count() == 1


def test_wrong_tries_at_the_same_time_are_all_counted() -> None:
    found = make_round(factories.make_territory().namwon)
    hashed = verification.contact_hash(found.pk, "email", "kim@example.kr")
    later = timezone.now() + timedelta(minutes=10)
    ContactCode.objects.create(round=found, contact_hash=hashed, code_hash="x", channel="email", expires_at=later)

    def guess() -> None:
        try:
            verification.check_code(found, "email", "kim@example.kr", "000000")
        except verification.WrongCode:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ContactCode.objects.get().tries == verification.MOST_TRIES
