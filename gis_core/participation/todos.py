"""What waits of rounds: proposals that nobody looked at, requests without an answer."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core.layers.layer import Todo
from gis_core.models import ProposalRound

from .access import is_staff, may_manage, seen_rounds
from .querysets import unanswered, waiting


def _own(user: Any) -> list[int]:
    """The rounds that this person looks after: few, and the subject decides."""
    return [each.pk for each in seen_rounds(user) if may_manage(user, each)]


def proposal_todos(user: Any) -> list[Todo]:
    """For whoever looks after rounds."""
    ids = _own(user)
    if not ids:
        return []
    own = ProposalRound.objects.filter(pk__in=ids)
    names = ", ".join(own.filter(pk__in=waiting(own).order_by().values("round")).values_list("title", flat=True)[:3])
    return [
        Todo(_("Proposals waiting to be looked at"), waiting(own).count(), reverse("round-list"), names),
        Todo(_("Residents' requests without an answer"), unanswered(own).count(), reverse("round-list")),
    ]


def resident_tasks(user: Any, area_ids: frozenset[int]) -> Iterator[Todo]:
    """Of an area, for its sheet: residents' requests of these towns, and of rounds held for them, without an answer."""
    if not is_staff(user):
        return
    requests = unanswered(seen_rounds(user)).filter(area_id__in=sorted(area_ids))
    yield Todo(_("Residents' requests without an answer"), requests.count(), reverse("round-list"))
    pending = waiting(seen_rounds(user)).filter(area_id__in=sorted(area_ids))
    yield Todo(_("Proposals waiting to be looked at"), pending.count(), reverse("round-list"))
