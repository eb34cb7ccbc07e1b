"""The area schedule: a fragment of the plan editor, and a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from facilities.models import Plan
from facilities.plan.document import Document
from facilities.plan.schedule import Schedule, schedule
from facilities.services import plans
from facilities.services.standards import standards_in_force
from facilities.sheets.workbook import Heading, schedule_workbook
from facilities.words import schedule as words

from .access import find_plan

_GRAVITY = ("error", "warning", "note")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def schedule_html(request: HttpRequest, plan: Plan, document: Document) -> str:
    """The schedule as tables, against the standards in force today."""
    found = schedule(document, standards_in_force())
    context = {"plan": plan, "schedule": found, "findings": _told(found, document)}
    return render_to_string("facilities/_schedule.html", context, request)


def _told(found: Schedule, document: Document) -> list[dict[str, Any]]:
    """What is amiss, the gravest first: the fragment folds all but the first few."""
    return [
        {
            "severity": finding.severity,
            "keys": finding.keys,
            "level": finding.level,
            "text": words.text(finding, document),
        }
        for finding in sorted(found.findings, key=lambda finding: _GRAVITY.index(finding.severity))
    ]


@login_required
@require_safe
def schedule_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The area schedule as XLSX."""
    plan = find_plan(request, pk)
    document = plans.load(plan)
    heading = Heading(f"{plan.building.centre} · {plan.building}", plan.name, localdate())
    book = schedule_workbook(document, schedule(document, standards_in_force()), heading)
    response = HttpResponse(book, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{plan.pk}-{localdate():%Y%m%d}.xlsx"'
    return response
