"""An inspection on its page: answers in words, the signature, and the repairs that it opened."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone

from disaster.access import officer_scope
from disaster.checklists import BadChecklist, read, relevant
from disaster.models import Inspection
from disaster.words import schedules as words
from disaster.words.inspections import answer_text, in_language, limits_text, reason_text
from gis_core import permissions

register = template.Library()


@register.filter
def day_text(day: date) -> str:
    """A day with its weekday in short."""
    return words.day_text(day)


@register.simple_tag(takes_context=True)
def inspection_facts(context: Any, record: Inspection) -> dict[str, Any]:
    """What the page of an inspection shows beside its facts."""
    user = context["request"].user
    may = permissions.covers(officer_scope(user), [record.area_id])
    return {
        "rows": _rows(record),
        "repairs": list(record.repairs.select_related("assignee").order_by("pk")),
        "strokes": strokes(record.signature) if may else [],
        "signed_by": record.signature.get("name", "") if may and isinstance(record.signature, dict) else "",
        "may": may,
        "was_sent_later": record.received_at and timezone.localdate(record.received_at) > record.inspected_on,
    }


def _rows(record: Inspection) -> list[dict[str, Any]]:
    """Each question that mattered: its answer, and why it failed."""
    try:
        checklist = read(record.checklist.body)
    except BadChecklist:
        return [{"title": key, "answer": value, "failed": False} for key, value in record.answers.items()]
    failed = {each["key"]: each for each in record.failed}
    keys = relevant(checklist, record.answers)
    return [
        {
            "title": in_language(question.title),
            "answer": answer_text(question, record.answers.get(question.key)),
            "limits": limits_text(question) if question.kind == "measure" else "",
            "is_answered": question.key in record.answers,
            "failed": question.key in failed,
            "reason": reason_text(question, failed[question.key]) if question.key in failed else "",
            "units": failed.get(question.key, {}).get("units"),
        }
        for question in checklist.questions
        if question.key in keys
    ]


def strokes(signature: Any) -> list[str]:
    """The strokes of a signature as points of SVG polylines, in thousandths of its width."""
    if not isinstance(signature, list):
        return []
    return [" ".join(f"{x},{y}" for x, y in stroke) for stroke in signature]
