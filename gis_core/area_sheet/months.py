"""The ends of months, and small charts of what they held. No Django here."""

from collections.abc import Sequence
from datetime import date


def next_first(day: date) -> date:
    """The first day of the month after this day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def last_months(today: date, number: int) -> list[date]:
    """First days of the ``number`` months that have ended before today's, the oldest first."""
    months = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(months - number, months)]


def spark_points(values: Sequence[float], width: float, height: float) -> str:
    """The points of an SVG polyline through values at equal steps, the lowest at the bottom; a flat line in the middle
    where all are the same. Empty for fewer than two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step = width / (len(values) - 1)
    span = high - low

    def y(value: float) -> float:
        return height / 2 if not span else height - (value - low) / span * height

    return " ".join(f"{number * step:.1f},{y(value):.1f}" for number, value in enumerate(values))
