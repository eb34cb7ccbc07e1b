"""Rounds to test with, and residents who take part in them through the pages."""

import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from gis_core.models import AdminArea, Participant, Proposal, ProposalRound, RoundMeeting, Vote
from gis_core.participation.sealing import contact_hash
from tests.factories import Territory


def make_round(area: AdminArea, phase: str = "proposing", **values: Any) -> ProposalRound:
    """A public round that is in this phase today; ``published_at=None`` for one that is not public."""
    today = timezone.localdate()
    opens = {"coming": 3, "proposing": -3, "between": -8, "voting": -20, "over": -40}[phase]
    days = {
        "opens_on": today + timedelta(days=opens),
        "closes_on": today + timedelta(days=opens + 6),
        "vote_opens_on": today + timedelta(days=opens + 15),
        "vote_closes_on": today + timedelta(days=opens + 25),
    }
    facts = {
        "title": "공원에 무엇을 둘까요?", "text": "공원에 둘 것을 알려 주세요.", "office": "자치행정과",
        "office_phone": "063-000-0000", "published_at": timezone.now() - timedelta(minutes=1),
    }  # fmt: skip
    made: ProposalRound = ProposalRound.objects.create(area=area, **{**facts, **days, **values})
    return made


def make_proposal(found: ProposalRound, title: str = "그늘막", **values: Any) -> Proposal:
    facts = {"area": found.area, "text": f"{title}이 필요합니다.", "moderation": "published", **values}
    made: Proposal = Proposal.objects.create(round=found, title=title, **facts)
    return made


def make_person(found: ProposalRound, address: str, **values: Any) -> Participant:
    """Somebody whose mail address was verified."""
    facts = {"contact_hash": contact_hash(found.pk, "email", address), "channel": "email", **values}
    made: Participant = Participant.objects.create(round=found, **facts)
    return made


class Resident:
    """Somebody without an account, at a browser of their own."""

    def __init__(self, address: str, contact: str = "kim@example.kr") -> None:
        self.client = Client(REMOTE_ADDR=address)
        self.contact = contact

    def step(self, path: str, **values: Any) -> Any:
        return self.client.post(path, values)

    def ask(self, path: str) -> Any:
        return self.step(path, step="contact", channel="email", contact=self.contact)

    @staticmethod
    def hidden(response: Any, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())
        assert found, response.content.decode()[:3000]
        return found.group(1)

    def verified(self, path: str) -> Any:
        """The answer to the right code."""
        asked = self.ask(path)
        code = re.findall(r"\d{6}", mail.outbox[-1].subject)[0]
        return self.step(path, step="code", sealed=self.hidden(asked, "sealed"), code=code)

    def act(self, path: str, **values: Any) -> Any:
        return self.step(path, step="act", **{"pass": self.hidden(self.verified(path), "pass")}, **values)


def make_participation(territory: Territory) -> dict[str, int]:
    """A round in its vote, one that is over and answered, each with all that its pages show; by kind."""
    voting = make_round(territory.namwon, "voting", eligible=500)
    waiting = make_proposal(voting, "기다리는 것", moderation="pending")
    make_proposal(voting, "고를 것")
    over = make_round(territory.unbong, "over", title="지난 것", eligible=500)
    answered = make_proposal(over, "답한 것", decision="adopted", answer="올해 합니다.", answered_at=timezone.now())
    make_proposal(over, "숨긴 것", moderation="refused", moderation_reason="주제와 다름")
    make_proposal(over, "합친 것", moderation="merged", merged_into=answered)
    Vote.objects.create(proposal=answered)
    make_person(over, "kim@example.kr", voted_at=timezone.now())
    meeting = RoundMeeting.objects.create(
        round=over, held_on=over.closes_on, title="총회", place="회관", attendance=20, minutes="모두 찬성"
    )
    return {"proposals": answered.pk, "waiting": waiting.pk, "voting": voting.pk, "over": over.pk, "met": meeting.pk}


def participation_paths(records: dict[str, int]) -> list[str]:
    """Addresses of the pages about what ``make_participation`` made."""
    voting, over = (ProposalRound.objects.get(pk=records[name]).slug for name in ("voting", "over"))
    return [
        *(f"/rounds/{page}" for page in ("", "add/", f"add/?layer=proposals&record={records['proposals']}")),
        *(f"/rounds/{records['voting']}/{page}" for page in ("", "edit/", "retire/", "desk/", "meetings/add/")),
        *(f"/rounds/meetings/{records['met']}/{page}/" for page in ("edit", "retire")),
        *(f"/rounds/proposals/{records[name]}/" for name in ("proposals", "waiting")),
        f"/rounds/{records['over']}/",
        *("/residents/", f"/residents/{over}/", f"/residents/{over}/thanks/propose/"),
        *(f"/residents/{voting}/{page}" for page in ("", "vote/", "propose/", "thanks/vote/")),
    ]
