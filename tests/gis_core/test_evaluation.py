"""Evaluation sheets: what a body may say, and scores that a person can work out by hand."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.demo import fixtures
from gis_core.indicators import body_text, evaluation
from gis_core.indicators.evaluation import TownScore, evaluate, kept, recalled
from gis_core.indicators.evaluation_reading import BadSheet, read
from gis_core.indicators.words import item_sentence
from tests.gis_core.indicator_support import body, item

A, B, C = 1, 2, 3
PERIOD = "2019"


def values(**by_key: dict[int, Any]) -> dict[tuple[str, str], dict[int, Decimal]]:
    return {
        (key, PERIOD): {town: Decimal(str(value)) for town, value in found.items()} for key, found in by_key.items()
    }


def by_town(scores: list[TownScore]) -> dict[int, TownScore]:
    return {score.town: score for score in scores}


def points(score: TownScore) -> list[list[Decimal]]:
    return [[each.low for each in task.items] for task in score.tasks]


def test_a_sheet_is_as_worked_out_by_hand() -> None:
    """Three towns, four tasks, every kind of rule.

    visits (30, linear: none at 20, all at 40)
        A 35 %: (35 - 20) / 20 = 0.75, of 30 is 22.5. B 41 % is past 40: 30. C 20 % is where points begin: 0.
    drills (10, target 4)
        A 3 of 4 = 0.75: 7.5. B 6 is more than the target: 10. C 1 of 4: 2.5.
    minutes (20, bands: up to 20 all, up to 30 70 %, otherwise none; less is better)
        A 20: 20. B 31: 0. C 25: 0.7 of 20 = 14.
    policies (25, place, the highest first)
        B has 15 (1st), A and C have 12, which is both 2nd of 3.
        1st of 3: (3 - 1) / 2 = all, 25. 2nd of 3: (3 - 2) / 2 = half, 12.5.
    committee (15, points given, of 10)
        A 8 of 10: 12. B 6.5 of 10: 9.75. C 10 of 10: 15.
    Totals: A 22.5 + 7.5 + 20 + 12.5 + 12 = 74.5. B 30 + 10 + 0 + 25 + 9.75 = 74.75. C 0 + 2.5 + 14 + 12.5 + 15 = 44.
    """
    minutes = {"kind": "bands", "bands": [{"at_most": 20, "share": 100}, {"at_most": 30, "share": 70}]}
    sheet = read(
        body(
            (30, [item("visits", 30, {"kind": "linear", "none_at": 20, "all_at": 40})]),
            (30, [item("drills", 10, {"kind": "target", "target": 4}), item("minutes", 20, minutes)]),
            (25, [item("policies", 25, {"kind": "rank", "best": "highest"})]),
            (15, [item("committee", 15, {"kind": "entered", "of": 10})]),
        )
    )
    known = values(
        visits={A: 35, B: 41, C: 20},
        drills={A: 3, B: 6, C: 1},
        minutes={A: 20, B: 31, C: 25},
        policies={A: 12, B: 15, C: 12},
        committee={A: 8, B: "6.5", C: 10},
    )
    scores = evaluate(sheet, known, [A, B, C])
    found = by_town(scores)
    assert points(found[A]) == [[Decimal("22.5")], [Decimal("7.5"), 20], [Decimal("12.5")], [12]]
    assert points(found[B]) == [[30], [10, 0], [25], [Decimal("9.75")]]
    assert points(found[C]) == [[0], [Decimal("2.5"), 14], [Decimal("12.5")], [15]]
    assert [found[town].low for town in (A, B, C)] == [Decimal("74.5"), Decimal("74.75"), 44]
    assert [(score.town, score.first, score.last) for score in scores] == [(B, 1, 1), (A, 2, 2), (C, 3, 3)]
    assert all(score.is_known for score in scores)


def test_the_demos_first_town_is_as_worked_out_by_hand() -> None:
    """운봉읍's example values: visited 47.3 %, follow-ups 88 %, 17 policies, satisfaction 92.7, 6 briefings, 3 ties,
    6 houses, 3 drills, 44 minutes, 5 points.

    visited: past 40, 15. follow-ups: band from 70, 0.7 of 10 = 7. policies: 17 meets 10, 12. satisfaction: past 90, 8.
    ties: band from 3, 8. houses: 6 meets 5, 7. drills: 3 of 4 of 7 = 5.25. minutes: band up to 45, 0.4 of 8 = 3.2.
    points: 5 of 10, 5. That is 70.45 without the briefings, which are ranked among the 23 towns.
    """
    told = fixtures.parameters("evaluation_namwon")
    examples = fixtures.parameters("indicators")["examples"]
    known: dict[tuple[str, str], dict[int, Decimal]] = {}
    for row in examples["towns"]:
        for key, value in zip(examples["indicators"], row["values"], strict=True):
            if value is not None:
                known.setdefault((key, PERIOD), {})[int(row["town"])] = Decimal(str(value))
    towns = [int(row["town"]) for row in examples["towns"]]
    score = by_town(evaluate(read(told["body"]), known, towns))[5219025000]
    assert points(score) == [
        [15, 7], [12, 8], [score.tasks[2].low], [8, 7], [Decimal("5.25"), Decimal("3.2")], [5],
    ]  # fmt: skip
    more = sum(value > 6 for value in known["subsidy_briefings", PERIOD].values())
    briefings = (15 * Decimal(22 - more) / 22).quantize(Decimal("0.01"))
    assert score.tasks[2].low == briefings
    assert score.low == Decimal("70.45") + briefings


def one_item(missing: str) -> Any:
    rule = {"kind": "target", "target": 10}
    return read(body((60, [item("a", 40, rule), item("b", 20, rule, missing=missing)]), (40, [item("c", 40, rule)])))


def test_a_missing_value_is_a_range_unless_the_sheet_says_otherwise() -> None:
    """a 5 of 10: 20 of 40; c 10 of 10: 40; b is missing, of 20."""
    known = values(a={A: 5}, c={A: 10})
    found = {missing: evaluate(one_item(missing), known, [A])[0] for missing in ("unknown", "zero", "left_out")}
    assert (found["unknown"].low, found["unknown"].high) == (60, 80)
    assert (found["zero"].low, found["zero"].high) == (60, 60)
    # Left out: 20 of the 40 that are left, stretched to the task's 60, is 30.
    assert (found["left_out"].low, found["left_out"].high) == (70, 70)
    assert found["left_out"].tasks[0].scaled


def test_a_place_is_a_range_while_somebodys_total_is() -> None:
    """A 100; B from 60 to 80; C 70, which may be before or behind B."""
    known = values(a={A: 10, B: 5, C: 10}, b={A: 10, C: 0}, c={A: 10, B: 10, C: "2.5"})
    scores = by_town(evaluate(one_item("unknown"), known, [A, B, C]))
    assert scores[C].low == 50
    known[("c", PERIOD)][C] = Decimal("7.5")
    scores = by_town(evaluate(one_item("unknown"), known, [A, B, C]))
    assert [(scores[town].first, scores[town].last) for town in (A, B, C)] == [(1, 1), (2, 3), (2, 3)]


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 12))] * 3), min_size=1, max_size=6))
def test_what_is_shown_adds_up_and_more_is_never_worth_less(towns: list[tuple[int | None, ...]]) -> None:
    known = values(
        **{
            key: {town: row[at] for town, row in enumerate(towns) if row[at] is not None}
            for at, key in enumerate(("a", "b", "c"))
        }
    )
    sheet = one_item("unknown")
    for score in evaluate(sheet, known, range(len(towns))):
        assert score.low == sum(each.low for task in score.tasks for each in task.items)
        assert 0 <= score.low <= score.high <= 100
        assert 1 <= score.first <= score.last <= len(towns)
        more = {key: {town: min(value + 1, 12) for town, value in found.items()} for key, found in known.items()}
        assert by_town(evaluate(sheet, more, range(len(towns))))[score.town].low >= score.low


def test_scores_that_are_kept_come_back_as_they_were() -> None:
    scores = evaluate(one_item("left_out"), values(a={A: "3.3", B: 7}, c={A: 10}), [A, B])
    assert recalled(kept(scores)) == scores


TARGET = {"kind": "target", "target": 10}


def ruled(rule: dict[str, Any]) -> dict[str, Any]:
    return body((100, [item("a", 100, rule)]))


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        ({"version": 2, "tasks": []}, "version", "unknown_version"),
        ({"version": 1}, "tasks", "missing"),
        ({"version": 1, "tasks": [], "weights": 1}, "weights", "unknown_name"),
        (body((90, [item("a", 90, TARGET)])), "tasks", "not_the_sum"),
        (body((100, [item("a", 90, TARGET)])), "tasks.0.items", "not_the_sum"),
        (body((100, [item("a", 0, TARGET)])), "tasks.0.items.0.weight", "not_positive"),
        (body((100, [item("a", 50, TARGET), item("a", 50, TARGET)])), "tasks.0.items.1.key", "twice"),
        (body((100, [item("a", 100, {"kind": "magic"})])), "tasks.0.items.0.rule.kind", "not_one_of"),
        (body((100, [item("a", 100, {"kind": "target", "target": 0})])), "tasks.0.items.0.rule.target", "not_positive"),
        (ruled({"kind": "linear", "none_at": 3, "all_at": 3}), "tasks.0.items.0.rule.all_at", "same_ends"),
        (body((100, [item("a", 100, TARGET, period="soon")])), "tasks.0.items.0.period", "not_a_period"),
        (body((100, [item("a", 100, TARGET, missing="maybe")])), "tasks.0.items.0.missing", "not_one_of"),
        (body((100, [item("A b", 100, TARGET)])), "tasks.0.items.0.key", "not_a_key"),
        (body((100, [item("a", 100, TARGET, title={"ko": "가"})])), "tasks.0.items.0.title.en", "missing"),
        (
            ruled({"kind": "bands", "bands": [{"at_least": 3, "share": 50}, {"at_least": 5, "share": 90}]}),
            "tasks.0.items.0.rule.bands.1.at_least", "never_holds",
        ),
        (
            ruled({"kind": "bands", "bands": [{"at_least": 3, "share": 50}, {"at_most": 1, "share": 9}]}),
            "tasks.0.items.0.rule.bands.1.at_most", "same_way",
        ),
        (
            body((100, [item("a", 100, {"kind": "bands", "bands": [{"at_least": 3, "share": 150}]})])),
            "tasks.0.items.0.rule.bands.0.share", "not_a_share",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_a_body_is_named_with_its_place(content: Any, path: str, code: str) -> None:
    with pytest.raises(BadSheet) as fault:
        read(content)
    assert (fault.value.path, fault.value.code) == (path, code)


def test_a_body_written_as_text_is_the_same_body() -> None:
    content = fixtures.parameters("evaluation_namwon")["body"]
    known = {each.indicator for each in read(content).items}
    assert body_text.from_text(body_text.as_text(content), known) == content


@pytest.mark.parametrize(
    "text",
    ["tasks: [", "a: &x [1]\nb: *x", "version: 1\ntasks: 2019-01-01", "- 1", "version: .inf", "\x00", "{" * 5000],
)
def test_text_that_is_no_body_is_refused_in_words(text: str) -> None:
    with pytest.raises(body_text.Unreadable) as fault:
        body_text.from_text(text, set())
    assert str(fault.value)


def test_an_indicator_that_is_not_there_is_named_with_its_place() -> None:
    text = body_text.as_text(body((100, [item("a", 100, TARGET)])))
    with pytest.raises(body_text.Unreadable, match=r"tasks\.0\.items\.0\.indicator"):
        body_text.from_text(text, {"b"})


def test_the_next_edition_measures_a_year_later() -> None:
    content = body((100, [item("a", 60, TARGET), item("b", 40, TARGET, period="2019-Q4")]))
    later = read(body_text.moved(content, 1))
    assert [each.period for each in later.items] == ["2020", "2020-Q4"]


def test_every_reason_has_its_sentence() -> None:
    """Each kind of rule, on both sides of its limits."""
    bands = {"kind": "bands", "bands": [{"at_least": 5, "share": 100}], "otherwise": 10}
    lows = {"kind": "bands", "bands": [{"at_most": 5, "share": 100}]}
    line = {"kind": "linear", "none_at": 2, "all_at": 8}
    rules = [bands, lows, line, TARGET, {"kind": "rank", "best": "lowest"}, {"kind": "entered", "of": 20}]
    sheet = read(body((100, [item(f"k{at}", 10, rule) for at, rule in enumerate(rules)] + [
        item("u", 10, TARGET), item("z", 10, TARGET, missing="zero"), item("l", 20, TARGET, missing="left_out"),
    ])))  # fmt: skip
    known = {(f"k{at}", PERIOD): {A: Decimal(1), B: Decimal(5), C: Decimal(30)} for at in range(len(rules))}
    scores = evaluate(sheet, known, [A, B, C])
    items = [each for score in scores for task in score.tasks for each in task.items]
    assert {each.reason for each in items} == {
        "band_from", "band_to", "below_bands", "above_bands", "line", "line_begin", "line_end", "target", "target_met",
        "rank", "entered", "unknown", "zero", "left_out",
    }  # fmt: skip
    sentences = [item_sentence(each, "건") for each in items]
    assert all(sentence and "%(" not in sentence for sentence in sentences)


def test_points_are_rounded_half_up() -> None:
    assert evaluation.rounded(Decimal("0.125")) == Decimal("0.13")
