"""Plans of one building held against one of them: ledger, figures, cost, and who asked for what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from facilities.models import Answer, Building, Plan, Request
from facilities.plan import circulation
from facilities.plan.circulation import Circulation
from facilities.plan.comparison import Beside, Figures, figures
from facilities.plan.costs import Cost, cost
from facilities.plan.document import Document
from facilities.plan.ledger import Ledger, ledger
from gis_core import permissions
from gis_core.layers.registry import layers

from .documents import load
from .standards import costs_in_force, standards_in_force


@dataclass(frozen=True)
class Examined:
    """A plan beside the base plan. The base beside itself changes nothing and costs nothing."""

    plan: Plan
    document: Document
    circulation: Circulation
    ledger: Ledger
    cost: Cost
    figures: Figures

    @cached_property
    def entries(self) -> dict[str, Any]:
        return {entry.key: entry for entry in self.ledger.entries}


def examine(plans: Sequence[Plan], sources: dict[str, list[int]]) -> list[Examined]:
    """Every plan against the first, with the norms and unit costs in force today."""
    today = timezone.localdate()
    standards, unit_costs = standards_in_force(today), costs_in_force(today)
    base: Document | None = None
    found = []
    for plan in plans:
        document = load(plan)
        base = base or document
        checked = circulation.check(document)
        changes = ledger(base, document, sources)
        bill = cost(changes.quantities, unit_costs, today)
        beside = Beside(base, changes, bill, checked.findings, checked.routes, standards)
        found.append(Examined(plan, document, checked, changes, bill, figures(document, beside)))
    return found


def requests_of(building: Building, user: Any) -> list[Request]:
    """What was asked of the redesigns of the building's centre, as far as this person may see it."""
    layer = layers.get("requests")
    if not permissions.can_view(user, layer):
        return []
    return list(layer.queryset(user).filter(project__centre=building.centre_id).order_by("pk"))


def sources_of(requests: Iterable[Request]) -> dict[str, list[int]]:
    """Ids of requests by the key of each room they are about. A rejected one is no source of anything."""
    found: dict[str, list[int]] = defaultdict(list)
    for request in requests:
        for key in request.unit_keys if request.answer != Answer.REJECTED else ():
            found[str(key)].append(request.pk)
    return found
