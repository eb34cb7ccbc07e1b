"""Yields of a screening table from accepted visits, and a new edition with the weights that follow from them."""

import copy
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from vacanthouses import screening, screening_yield
from vacanthouses.models import RuleKind, RuleTable, VisitOutcome
from vacanthouses.querysets_screening import visited
from vacanthouses.screening_yield import Yield

NO_VISITS = screening_yield.of(0, 0)


def of_table(table: RuleTable) -> tuple[Yield, dict[str, Yield]]:
    """The yield of all reasons together and of each, over all rounds screened by this table or its editions."""
    return screening_yield.measure(
        (house, _codes(reasons), outcome == VisitOutcome.SURVEYED) for house, reasons, outcome in visited(table.key)
    )


def _codes(reasons: Iterable[dict[str, Any]]) -> list[str]:
    return [str(found["code"]) for found in reasons]


@transaction.atomic
def propose(table: RuleTable, user: Any) -> RuleTable:
    """An edition with new points that is not in use; the same where it was proposed already. Raises Invalid."""
    rules = screening.read(table.body)
    overall, by_code = of_table(table)
    if rules.known is None:
        raise Invalid({"__all__": [_("The table does not say the known yield against which weights are drawn.")]})
    if not overall.visited:
        raise Invalid({"__all__": [_("No candidate has an accepted visit yet.")]})
    points = screening_yield.proposed(rules.reasons, rules.known, overall, by_code)
    body = copy.deepcopy(table.body)
    for row in body["reasons"]:
        row["points"] = points[row["code"]]
    RuleTable.objects.select_for_update().get(pk=table.pk)
    same = RuleTable.objects.live().filter(kind=RuleKind.SCREENING, key=table.key, is_active=False, body=body)
    if (found := same.filter(regime=table.regime).first()) is not None:
        return found
    day = timezone.localdate()
    source = _("Points from %(visits)s visits by %(day)s; before: %(source)s") % {
        "visits": overall.visited, "day": day, "source": table.source,
    }  # fmt: skip
    made: RuleTable = RuleTable.objects.create(
        kind=RuleKind.SCREENING, key=table.key, title=table.title, regime=table.regime, effective_from=day,
        source=source[:300], is_sample=table.is_sample, is_active=False, body=body, created_by=user, updated_by=user,
    )  # fmt: skip
    return made
