"""Everything that schedules, ledgers, comparisons and stacking advice can say has words."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given, settings

from facilities.plan.comparison import KINDS
from facilities.plan.costs import ITEMS
from facilities.plan.findings import Finding
from facilities.plan.ledger import STATUSES, ledger
from facilities.plan.schedule import Standard, schedule
from facilities.plan.stacking import advise
from facilities.words import comparison, stacking
from facilities.words import ledger as words
from facilities.words import schedule as schedule_words
from tests.facilities.factories_plans import key
from tests.facilities.strategies import plans, with_unit
from tests.facilities.test_ledger import HALVES, WHOLE
from tests.facilities.test_stacking import CIVIL, UPSIDE_DOWN, WELFARE, centre, office

STANDARDS = [Standard("a", 900, "m2"), Standard("b", 1, "per moon"), Standard("c", 7, "m2_per_head", "office")]


@given(plans(), plans())
@settings(max_examples=40, deadline=None)
def test_every_finding_and_every_entry_has_words(before, after):
    for finding in (*schedule(before).findings, *schedule(before, STANDARDS).findings):
        assert schedule_words.text(finding, before)
    teller = words.Teller(before, after)
    for entry in ledger(before, after).entries:
        assert words.status_of(entry) in words.STATUS_LABELS
        assert all(teller.texts(entry))
    found = advise(before)
    for item in found.advice:
        assert stacking.move_text(item, before)
        assert stacking.reason_text(item, before)
    for finding in found.reasons:
        assert stacking.text(finding, before)


def test_every_figure_status_and_cost_is_named():
    assert set(comparison.FIGURE_LABELS) == set(KINDS)
    assert {*STATUSES, "changed"} == set(words.STATUS_LABELS) == set(words.STATUS_LETTERS)
    assert set(words.COST_LABELS) == set(ITEMS)


@pytest.mark.parametrize(
    ("code", "value", "text", "difference"),
    [
        ("open_share", 0.4812, "48.1%", "+48.1 points"), ("waiting_m2", 1234.5, "1,234.50 m²", "+1,234.50 m²"),
        ("cost_krw", 1234567.0, "KRW 1,234,567", "KRW +1,234,567"), ("staff_unseated", 1.0, "1 person", "+1 person"),
        ("walk_mean_m", -3.21, "-3.2 m", "−3.2 m"), ("circulation_errors", 0.0, "0", "±0"),
        ("waiting_m2", None, "—", "—"), ("waiting_m2", -0.001, "-0.00 m²", "±0.00 m²"),
    ],
)  # fmt: skip
def test_figures_are_written_with_their_units(code, value, text, difference):
    with translation.override("en"):
        assert comparison.value_text(code, value) == text
        assert comparison.difference_text(code, value) == difference


def test_the_ledger_tells_what_was_and_what_is():
    after = with_unit(HALVES, key("room", 1), category="library", restriction="employeesonly")
    with translation.override("en"):
        teller = words.Teller(WHOLE, after)
        kept, piece = (teller.texts(entry) for entry in ledger(WHOLE, after).entries)
    assert kept == ["Gave room to: Shared space", "Use: Office → Book café",
                    "Access: Open → Closed (staff only)"]  # fmt: skip
    assert piece == ["Made out of: Book café"]


def test_advice_names_team_rooms_and_reason():
    with translation.override("en"):
        first, second = advise(UPSIDE_DOWN).advice
        assert stacking.move_text(first, UPSIDE_DOWN) == "복지팀: from 3F Office to 1F Office"
        assert stacking.reason_text(first, UPSIDE_DOWN) == (
            "60 civil visits a day would be 2 floors nearer to the entrance."
        )
        assert stacking.reason_text(second, UPSIDE_DOWN) == "Only 4 civil visits a day: it makes room for 복지팀."
        growing = centre(
            office("hall", 0, 50, CIVIL), office("small", 0, 25, WELFARE, at=5), office("large", 0, 90, at=10),
            teams=(CIVIL, replace(WELFARE, headcount_planned=9)),
        )  # fmt: skip
        (item,) = advise(growing).advice
        assert stacking.reason_text(item, growing) == (
            "9 members of staff are planned, but its rooms hold 5; the new one holds 18."
        )


def test_a_finding_of_another_part_is_left_to_it():
    with pytest.raises(KeyError):
        stacking.text(Finding("no_door"), WHOLE)
