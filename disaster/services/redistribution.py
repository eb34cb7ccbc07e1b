"""Redistribution plans: computed, kept as drafts of transfer orders, approved or withdrawn by a person.

A plan is known by the token of the form that asked for it, which is also its job's number: sent twice it is one plan.
"""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disaster import redistribution as rules
from disaster.access import is_officer
from disaster.models import Depot, Item, OrderState, TransferOrder
from disaster.orders import SIDES, Step
from disaster.querysets_operations import sides
from disaster.redistribution import Basis, Options, Transfer
from disaster.words import redistribution as words
from gis_core import jobs
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import CooperationZone, Job
from gis_core.models.jobs import JobStatus

from . import orders as order_services
from .orders import Act
from .redistribution_facts import areas_of, depots_of, items_for, stands

# Ways between those who have and those who lack, up to which a page may compute while a person waits.
AT_ONCE = 20_000


@dataclass(frozen=True)
class Wish:
    """What was asked for: where, of what, and by which rules. All of it JSON."""

    area: int | None = None
    zone: int | None = None
    item: int | None = None
    hazard: str = ""
    floor: int = 100
    below_standard: bool = False
    most_km: float | None = None

    @property
    def options(self) -> Options:
        return Options(self.floor, self.below_standard, None if self.most_km is None else self.most_km * 1000)


@dataclass(frozen=True)
class Ground:
    """What a wish is about today."""

    depots: dict[int, Depot]
    items: dict[int, Item]
    stands: dict[int, list[rules.Stand]]

    @property
    def unknown(self) -> list[tuple[Depot, Item]]:
        """Where a standard says what there must be and nobody has ever said what there is."""
        return [
            (self.depots[stand.depot], self.items[item])
            for item, found in self.stands.items()
            for stand in found
            if stand.works is None
        ]

    @property
    def without_standard(self) -> int:
        return sum(stand.standard is None for found in self.stands.values() for stand in found)


def ground(wish: Wish, *, but_plan: uuid.UUID | None = None) -> Ground:
    """Raises JobError when the zone is not there any more."""
    areas: Collection[int] = [wish.area] if wish.area else []
    if wish.zone:
        zone = CooperationZone.objects.live().filter(pk=wish.zone).first()
        if zone is None:
            raise jobs.JobError(_("The cooperation zone is not there any more."))
        areas = areas_of(zone)
    depots = depots_of(areas).select_related("area").in_bulk()
    item = Item.objects.live().filter(pk=wish.item).first() if wish.item else None
    items = items_for(item, wish.hazard).in_bulk()
    return Ground(depots, items, stands(depots, list(items), but_plan=but_plan))


def start(user: Any, wish: Wish, token: uuid.UUID) -> Job:
    """The job that drafts a plan: done already where the case is small. Raises NotAllowed, Invalid."""
    if not is_officer(user):
        raise NotAllowed(_("Only disaster officers may do this."))
    job, is_new = Job.objects.get_or_create(
        pk=token,
        defaults={
            "kind": plan_in_background.module_path, "title": _("Redistribution"), "created_by": user,
            "language": get_language() or "ko",
        },
    )  # fmt: skip
    if not is_new:
        if job.created_by_id != user.pk:
            raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
        return job
    found = ground(wish)
    if sum(rules.size(each, wish.options) for each in found.stands.values()) > AT_ONCE:
        plan_in_background.enqueue(str(job.pk), wish=asdict(wish))
        return job
    with transaction.atomic(), jobs.run(job.pk) as handle:
        handle.report = draft(handle, wish)
    job.refresh_from_db()
    return job


@jobs.background
def plan_in_background(job: jobs.Handle, wish: dict[str, Any]) -> dict[str, Any]:
    with transaction.atomic():
        return draft(job, Wish(**wish))


def draft(job: jobs.Handle, wish: Wish) -> dict[str, Any]:
    """Compute and keep the drafts; what the job's page and the plan's page say of them."""
    found = ground(wish)
    transfers: list[tuple[int, Transfer]] = []
    for number, (item, item_stands) in enumerate(found.stands.items()):
        job.progress(number, len(found.stands), found.items[item])
        transfers += [(item, each) for each in rules.propose(item_stands, wish.options)]
    _keep(job, found, wish, transfers)
    return {
        "facts": words.facts(found, [(each.quantity, each.way_m) for _item, each in transfers]),
        "link": reverse("redistribution-plan", args=[job.job.pk]),
        "wish": asdict(wish),
    }


def _keep(job: jobs.Handle, found: Ground, wish: Wish, transfers: list[tuple[int, Transfer]]) -> None:
    keeps = {
        (stand.depot, item): rules.keeps(stand, wish.options) for item, group in found.stands.items() for stand in group
    }
    for item, each in transfers:
        giver, taker = found.depots[each.giver], found.depots[each.taker]
        # Depots are found by their area.
        assert taker.area_id is not None
        TransferOrder.objects.create(
            state=OrderState.DRAFT, plan=job.job.pk, item=found.items[item], quantity=each.quantity, source=giver,
            destination=taker, area_id=taker.area_id, distance_m=each.way_m, created_by=job.job.created_by,
            updated_by=job.job.created_by,
            reason=Basis(each.over, each.short, keeps[each.giver, item]).text(),
        )  # fmt: skip


def drafts(plan: uuid.UUID) -> list[TransferOrder]:
    """All orders of a plan, whatever has become of them, the nearest first."""
    found = TransferOrder.objects.live().filter(plan=plan)
    related = ("item", "source__area", "destination__area", "area", "updated_by", "partner")
    return list(found.select_related(*related).order_by("item_id", "distance_m", "pk"))


def approve(user: Any, orders: Collection[tuple[TransferOrder, int]], token: uuid.UUID) -> tuple[int, list[str]]:
    """Make requests of drafts, each at the version that the person saw: how many, and why others were not. One that
    does not fit today's stock, or is another town's to approve, stays a draft."""
    approved, refused = 0, []
    for order, version in orders:
        try:
            # A name of its own for each order, the same when the form is sent again.
            order_services.take(user, order, Step.APPROVE, Act(version, token=uuid.uuid5(token, str(order.pk))))
            approved += 1
        except NotAllowed as error:
            refused.append(f"{words.way(order)}: {error}")
        except Invalid as invalid:
            refused += [f"{words.way(order)}: {text}" for texts in invalid.errors.values() for text in texts]
    return approved, refused


def withdraw(user: Any, plan: uuid.UUID, token: uuid.UUID) -> int:
    """Take back the drafts of a plan that are this person's to take back; how many."""
    taken = 0
    with transaction.atomic():
        for order in drafts(plan):
            if order.state == OrderState.DRAFT and _is_mine(user, order):
                act = Act(order.version, token=uuid.uuid5(token, str(order.pk)), reason=_("The plan was withdrawn."))
                order_services.take(user, order, Step.CANCEL, act)
                taken += 1
    return taken


def _is_mine(user: Any, order: TransferOrder) -> bool:
    return SIDES[Step.CANCEL] in sides(user, order)


def again(user: Any, plan: uuid.UUID, token: uuid.UUID) -> Job:
    """Withdraw what is left of a plan and compute it anew by the same wish. Raises Invalid when that is not known."""
    before = Job.objects.filter(pk=plan, status=JobStatus.DONE).first()
    if before is None or "wish" not in before.report:
        raise Invalid({"__all__": [_("What this plan was asked for is not known any more: start a new one.")]})
    with transaction.atomic():
        withdraw(user, plan, token)
        return start(user, Wish(**before.report["wish"]), token)
