"""Periods, values, faults and scores in the user's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from . import periods
from .evaluation import ItemScore, TaskScore, plain
from .evaluation_reading import BANDS, LINEAR, RANK, TARGET, BadSheet, Rule
from .formula import BadFormula
from .rows import Cell

_FORMULA_FAULTS = {
    "empty": gettext_lazy("The formula is empty."),
    "too_long": gettext_lazy("The formula is longer than %(most)s characters."),
    "not_readable": gettext_lazy("The formula cannot be read: check signs and parentheses."),
    "not_a_key": gettext_lazy("“%(name)s” is no key: keys are small letters, digits and _."),
    "not_allowed": gettext_lazy("“%(part)s”: only keys, numbers, + - * / and parentheses are taken."),
    "too_large": gettext_lazy("A number in the formula is too large."),
    "circle": gettext_lazy("These would need one another in a circle: %(names)s"),
}
_SHEET_FAULTS = {
    "not_a_mapping": gettext_lazy("names with values are needed here"),
    "not_a_list": gettext_lazy("a list is needed here"),
    "missing": gettext_lazy("is missing"),
    "empty": gettext_lazy("is empty"),
    "not_a_number": gettext_lazy("needs a number"),
    "not_a_text": gettext_lazy("needs a text"),
    "not_positive": gettext_lazy("must be more than 0"),
    "not_a_share": gettext_lazy("must be from 0 to 100 (percent of the item's points)"),
    "not_a_key": gettext_lazy("must begin with a small letter and have only small letters, digits and _"),
    "not_a_period": gettext_lazy("must be a period such as 2019, 2019-H1, 2019-Q3 or 2019-07"),
    "not_one_of": gettext_lazy("must be one of: %(names)s"),
    "unknown_name": gettext_lazy("is not known here; there are: %(names)s"),
    "unknown_version": gettext_lazy("must be %(known)s"),
    "twice": gettext_lazy("“%(name)s” is there twice"),
    "not_the_sum": gettext_lazy("the weights add up to %(sum)s, not to %(whole)s"),
    "one_limit": gettext_lazy("needs either “at_least” or “at_most”"),
    "same_way": gettext_lazy("the bands above use “%(name)s”; all must"),
    "never_holds": gettext_lazy("can never hold: the band above takes all of it"),
    "same_ends": gettext_lazy("must differ from where no points are given"),
    "no_indicator": gettext_lazy("there is no indicator “%(name)s”"),
}
_ROW_FAULTS = {
    "no_area": gettext_lazy("There is no such town in this city: “%(about)s”."),
    "other_area": gettext_lazy("Code and name are those of different towns: %(about)s."),
    "no_period": gettext_lazy("“%(about)s” is no period."),
    "no_value": gettext_lazy("The value is missing."),
    "not_a_number": gettext_lazy("“%(about)s” is no number (at most four decimals)."),
    "twice": gettext_lazy("The same town and period stand in row %(about)s already."),
    "not_yours": gettext_lazy("This lies outside the area in which you may change records."),
}
_COLUMN_FAULTS = {
    "area": gettext_lazy("The table has no column “town” or “code”."),
    "value": gettext_lazy("The table has neither a column “value” nor columns of periods such as 2019."),
    "period": gettext_lazy("The table has no column “period”: choose the period for all rows."),
}
_REASONS = {
    "band_from": gettext_lazy("%(value)s reaches the band from %(limit)s, which is worth %(share)s%% of the points."),
    "band_to": gettext_lazy("%(value)s is in the band up to %(limit)s, which is worth %(share)s%% of the points."),
    "below_bands": gettext_lazy("%(value)s is below the lowest band (%(limit)s): %(share)s%% of the points."),
    "above_bands": gettext_lazy("%(value)s is above the highest band (%(limit)s): %(share)s%% of the points."),
    "line": gettext_lazy("%(value)s lies between %(low)s (no points) and %(high)s (all points): %(share)s%% of them."),
    "line_begin": gettext_lazy("%(value)s does not go beyond %(low)s, where points begin."),
    "line_end": gettext_lazy("%(value)s reaches %(high)s, where all points are given."),
    "target": gettext_lazy("%(value)s is %(share)s%% of the target of %(target)s."),
    "target_met": gettext_lazy("%(value)s meets the target of %(target)s."),
    "rank": gettext_lazy("%(value)s is place %(place)s among %(among)s towns with a value: %(share)s%% of the points."),
    "entered": gettext_lazy("%(value)s of %(of)s points were given."),
    "unknown": gettext_lazy("No value was entered: between no points and all."),
    "zero": gettext_lazy("No value was entered, which this sheet counts as no points."),
    "left_out": gettext_lazy("No value was entered: the item is left out, and the task measured by its other items."),
}


def period_label(text: str) -> str:
    """“2019”, “first half of 2019”, “3rd quarter of 2019”, “July 2019”; what is no period stays as it is."""
    try:
        period = periods.parse(text)
    except periods.BadPeriod:
        return text
    year = str(period.year)
    if period.kind == periods.YEAR:
        return pgettext("a year as a period", "%(year)s") % {"year": year}
    if period.kind == periods.HALF:
        halves = {1: _("first half of %(year)s"), 2: _("second half of %(year)s")}
        return halves[period.number] % {"year": year}
    if period.kind == periods.QUARTER:
        return _("quarter %(number)s of %(year)s") % {"number": period.number, "year": year}
    return date_format(date(period.year, period.number, 1), "YEAR_MONTH_FORMAT")


def number_text(value: Decimal | None, decimals: int) -> str:
    """Unknown is a dash, never a zero."""
    return "–" if value is None else number_format(value, decimals, force_grouping=True)


def value_text(value: Decimal | None, indicator: Any) -> str:
    """A value with its unit; a sign such as % stands close."""
    if value is None:
        return _("unknown")
    told = number_text(value, indicator.decimals)
    return with_unit(told, indicator.unit)


def with_unit(told: str, unit: str) -> str:
    """Korean units and signs such as % stand close to their number, others apart."""
    close = unit[:1] in ("%", "‰") or "가" <= unit[:1] <= "힣"
    return f"{told}{unit}" if close else f"{told} {unit}".strip()


def points(low: Decimal, high: Decimal) -> str:
    """“12.5”, or “10–12.5” where it is not known."""
    return plain(low) if low == high else f"{plain(low)}–{plain(high)}"


def points_in_column(low: Decimal, high: Decimal) -> str:
    """The same with two decimals, so that a column of them can be compared."""
    return f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"


def in_language(titles: Mapping[str, str]) -> str:
    return titles.get((get_language() or "ko")[:2]) or titles.get("ko", "")


def formula_fault(fault: BadFormula) -> str:
    return str(_FORMULA_FAULTS[fault.code]) % fault.params


def sheet_fault(fault: BadSheet) -> str:
    """“tasks.2.items.0.weight: needs a number”."""
    words = str(_SHEET_FAULTS[fault.code]) % fault.params
    return _("%(place)s: %(fault)s") % {"place": fault.path or _("The sheet"), "fault": words}


def row_fault(cell: Cell) -> str:
    return str(_ROW_FAULTS[cell.fault]) % {"about": cell.about}


def column_fault(code: str) -> str:
    return str(_COLUMN_FAULTS[code])


def item_sentence(score: ItemScore, unit: str) -> str:
    """Why an item has its points."""
    value = "" if score.value is None else with_unit(number_format(plain(score.value), force_grouping=True), unit)
    return str(_REASONS[score.reason]) % {**score.params, "value": value}


def task_sentence(score: TaskScore) -> str:
    """What was left out of a task, if anything was."""
    if not score.scaled:
        return ""
    if all(item.reason == "left_out" for item in score.items):
        return _("None of its items has a value: between no points and all.")
    return _("Items without a value are left out; the others are stretched to the task's whole weight.")


def rule_text(rule: Rule) -> str:
    """How a value becomes points, in one sentence."""
    if rule.kind == BANDS:
        told = _("from %(limit)s: %(share)s%%") if rule.at_least else _("up to %(limit)s: %(share)s%%")
        bands = [told % {"limit": plain(band.limit), "share": plain(band.share * 100)} for band in rule.bands]
        return ", ".join([*bands, _("otherwise: %(share)s%%") % {"share": plain(rule.otherwise * 100)}])
    if rule.kind == LINEAR:
        return _("no points at %(low)s, all at %(high)s, in between evenly") % {
            "low": plain(rule.low), "high": plain(rule.high),
        }  # fmt: skip
    if rule.kind == TARGET:
        return _("share of the target of %(target)s, at most all points") % {"target": plain(rule.high)}
    if rule.kind == RANK:
        highest, lowest = _("place within the city, the highest first"), _("place within the city, the lowest first")
        return highest if rule.at_least else lowest
    return _("points as given, of %(of)s") % {"of": plain(rule.high)}


def missing_text(missing: str) -> str:
    told = {
        "unknown": _("without a value: unknown"),
        "zero": _("without a value: no points"),
        "left_out": _("without a value: left out"),
    }
    return told[missing]
