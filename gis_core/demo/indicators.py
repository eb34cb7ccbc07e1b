"""The demo data's indicators with reported and invented values, an evaluation sheet, local policies and outreach."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from gis_core.indicators import evaluation_reading, periods
from gis_core.models import (
    EvaluationSheet,
    Indicator,
    IndicatorValue,
    LocalPolicy,
    Organisation,
    OutreachVisit,
)

from . import fixtures


def load() -> dict[str, int]:
    return {
        "indicators": _indicators(),
        "indicator values": _values(),
        "evaluation sheets": _evaluation(),
        "local policies": _policies(),
        "outreach visits": _outreach(),
    }


def _indicators() -> int:
    """Those whose key is not there yet, nor ever was."""
    known = set(Indicator.objects.values_list("key", flat=True))
    wanted = [row for row in fixtures.parameters("indicators")["indicators"] if row["key"] not in known]
    return len(Indicator.objects.bulk_create(Indicator(**row) for row in wanted))


def _values() -> int:
    """Reported ones, and examples, which are marked."""
    areas = fixtures.Areas()
    indicators = {each.key: each for each in Indicator.objects.live()}
    known = set(IndicatorValue.objects.values_list("indicator__key", "area_id", "period"))
    told = fixtures.parameters("indicators")
    made = [
        IndicatorValue(indicator=indicators[key], area=areas.get(code), **facts)
        for key, code, facts in (*reported(told["reported"]), *_examples(told["examples"]))
        if key in indicators and (key, areas.get(code).pk, facts["period"]) not in known
    ]
    return len(IndicatorValue.objects.bulk_create(made))


def reported(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each reported figure: the indicator's key, the area's code, and what is kept of it."""
    for row in rows:
        by_area = row.get("areas") or {row["area"]: row["value"]}
        period = str(periods.parse(str(row["period"])))
        for code, value in by_area.items():
            yield row["indicator"], code, {
                "period": period, "value": Decimal(str(value)), "evidence": row["evidence"]
            }  # fmt: skip


def _examples(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    facts = {"period": str(told["period"]), "evidence": told["evidence"], "is_example": True}
    for row in told["towns"]:
        for key, value in zip(told["indicators"], row["values"], strict=True):
            if value is not None:
                yield key, row["town"], {**facts, "value": Decimal(str(value))}


def _evaluation() -> int:
    if EvaluationSheet.objects.filter(is_example=True).exists():
        return 0
    told = fixtures.parameters("evaluation_namwon")
    evaluation_reading.read(told["body"])
    facts = {name: told[name] for name in ("title", "year", "source", "body")}
    EvaluationSheet.objects.create(area=fixtures.Areas().get(told["city"]), is_example=True, **facts)
    return 1


def _policies() -> int:
    if LocalPolicy.objects.filter(is_example=True).exists():
        return 0
    areas = fixtures.Areas()
    rows = fixtures.parameters("local_policies")
    for row in rows:
        facts = {name: row[name] for name in ("title", "year", "summary", "satisfaction", "respondents", "outcome")}
        policy = LocalPolicy.objects.create(
            area=areas.get(row["town"]), location=fixtures.location(*row["at"]), is_example=True, **facts
        )
        policy.partners.set(Organisation.objects.filter(is_example=True, name__in=row["partners"]))
    return len(rows)


def _outreach() -> int:
    if OutreachVisit.objects.filter(is_example=True).exists():
        return 0
    areas = fixtures.Areas()
    made = []
    for row in fixtures.parameters("outreach"):
        facts = {name: value for name, value in row.items() if name not in ("town", "at")}
        place = fixtures.location(*row["at"])
        made.append(OutreachVisit(area=areas.get(row["town"]), location=place, is_example=True, **facts))
    return len(OutreachVisit.objects.bulk_create(made))
