"""Scores of the last twelve months, measured from the demo's own ledger, inspections and trainings as of each day."""

from datetime import date

from django.utils import timezone

from disaster.models import ReadinessScore
from disaster.services import readiness

MONTHS = 12


def load() -> dict[str, int]:
    if ReadinessScore.objects.exists():
        return {"readiness scores": 0}
    return {"readiness scores": sum(readiness.keep(day) for day in days(timezone.localdate()))}


def days(today: date) -> list[date]:
    """The first of each of the last twelve months, and today."""
    count = today.year * 12 + today.month - 1
    firsts = [date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]
    return sorted({*firsts, today})
