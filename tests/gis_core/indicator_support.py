"""Indicators, values and an evaluation sheet to test with."""

from decimal import Decimal
from typing import Any

from gis_core.models import AdminArea, EvaluationSheet, Indicator, IndicatorValue


def make_indicator(key: str, **values: Any) -> Indicator:
    return Indicator.objects.create(**{"key": key, "name": f"지표 {key}", "unit": "건", "source": "시험", **values})


def make_value(
    indicator: Indicator, area: AdminArea, value: Any, period: str = "2019", **values: Any
) -> IndicatorValue:
    facts = {"indicator": indicator, "area": area, "period": period, "value": Decimal(str(value))}
    return IndicatorValue.objects.create(**facts, **values)


def item(key: str, weight: int, rule: dict[str, Any], **values: Any) -> dict[str, Any]:
    titles = {"ko": "세부 지표", "en": "Measure"}
    return {"key": key, "title": titles, "weight": weight, "indicator": key, "period": "2019", "rule": rule, **values}


def body(*tasks: tuple[int, list[dict[str, Any]]], **values: Any) -> dict[str, Any]:
    """A sheet's body of tasks with their weights and items."""
    told = [
        {"key": f"task_{at}", "title": {"ko": f"과제 {at}", "en": f"Task {at}"}, "weight": weight, "items": items}
        for at, (weight, items) in enumerate(tasks, 1)
    ]
    return {"version": 1, "tasks": told, **values}


def make_sheet(area: AdminArea, content: dict[str, Any], **values: Any) -> EvaluationSheet:
    return EvaluationSheet.objects.create(
        **{"title": "읍면동 평가", "area": area, "year": 2019, "source": "시험", "body": content, **values}
    )
