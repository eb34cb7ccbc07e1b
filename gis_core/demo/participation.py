"""The demo data's proposal rounds, loaded when every app has made the records that they are about."""

import secrets
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from gis_core.layers.registry import LayerNotFound, layers
from gis_core.models import (
    AdminArea,
    Channel,
    Moderation,
    Participant,
    Proposal,
    ProposalRound,
    RoundMeeting,
    User,
    Vote,
)

from . import fixtures


def load() -> int:
    """How many rounds were made. One about a record that is not there is left out, and made by a later run."""
    known = set(ProposalRound.objects.filter(is_example=True).values_list("title", flat=True))
    areas = fixtures.Areas()
    made = [_round(row, areas) for row in fixtures.parameters("rounds") if row["title"] not in known]
    return sum(made)


def _subject(layer_id: str, name: str) -> int | None:
    try:
        records = layers.get(layer_id).records()
    except LayerNotFound:
        return None
    found: int | None = records.filter(name__contains=name).order_by("pk").values_list("pk", flat=True).first()
    return found


def _round(row: dict[str, Any], areas: fixtures.Areas) -> bool:
    layer = row["about"]["layer"]
    subject = _subject(layer, row["about"]["name"])
    if subject is None:
        return False
    today = timezone.localdate()

    def day(offset: int) -> Any:
        return today + timedelta(days=offset)

    facts = ("title", "title_en", "text", "text_en", "votes_per_person", "eligible", "office", "office_phone")
    made = ProposalRound.objects.create(
        **{name: row[name] for name in facts}, area=areas.get(row["area"]), subject_layer=layer, subject_id=subject,
        opens_on=day(row["opens"]), closes_on=day(row["closes"]), vote_opens_on=day(row["vote"][0]),
        vote_closes_on=day(row["vote"][1]), published_at=_moment(day(row["opens"])), is_example=True,
    )  # fmt: skip
    _proposals(made, row)
    for meeting in row.get("meetings", ()):
        held = {name: meeting[name] for name in ("title", "place", "attendance", "minutes")}
        RoundMeeting.objects.create(round=made, held_on=day(meeting["day"]), **held)
    return True


def _moment(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _proposals(found: ProposalRound, row: dict[str, Any]) -> None:
    made: dict[str, Proposal] = {}
    clerk = User.objects.filter(username="coordinator").first()
    for each in row["proposals"]:
        answered = _moment(timezone.localdate() + timedelta(days=row["vote"][1] + 14)) if each.get("answer") else None
        place = fixtures.location(*each["place"]) if "place" in each else None
        town = AdminArea.objects.containing(place) if place else None
        made[each["title"]] = proposal = Proposal.objects.create(
            round=found, area=town or found.area, title=each["title"], text=each["text"].strip(), location=place,
            moderation=Moderation(each["moderation"]), moderation_reason=each.get("reason", ""),
            merged_into=made[each["into"]] if "into" in each else None, decision=each.get("decision", ""),
            answer=each.get("answer", ""), answered_at=answered, answered_by=clerk if answered else None,
            is_example=True, created_at=_moment(found.opens_on + timedelta(days=1)),
        )  # fmt: skip
        Vote.objects.bulk_create(Vote(proposal=proposal) for _number in range(each.get("votes", 0)))
    _voters(found, row.get("voters", 0), row.get("on_site", 0))


def _voters(found: ProposalRound, count: int, on_site: int) -> None:
    """People whom nobody can be found by: no contact gives such a hash."""
    assert found.vote_opens_on is not None
    voted = _moment(found.vote_opens_on)
    Participant.objects.bulk_create(
        Participant(
            round=found, contact_hash=f"gone-{secrets.token_hex(16)}", voted_at=voted, verified_at=voted,
            channel=Channel.ON_SITE if number < on_site else Channel.PHONE, voted_on_site=number < on_site,
        )
        for number in range(count)
    )  # fmt: skip
