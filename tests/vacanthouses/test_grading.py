"""Grades by table: every item's effect, unknown answers, knock-outs, and tables that are wrong."""

from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.grading import GradingTable, explain, read
from vacanthouses.rule_reading import BadRule

SAMPLES = ("grading-three", "grading-four", "grading-rural")
OPTIONS = ("good", "fair", "poor", "bad")


def body(name: str = "grading-three") -> dict[str, Any]:
    text = (settings.BASE_DIR / "fixtures" / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["body"]
    return found


TABLES: dict[str, GradingTable] = {name: read(body(name)) for name in SAMPLES}
ITEMS = [item.id for item in TABLES["grading-three"].items]
known = st.fixed_dictionaries({item: st.sampled_from(OPTIONS) for item in ITEMS})
some = st.dictionaries(st.sampled_from(ITEMS), st.sampled_from([*OPTIONS, "unknown", None]))
tables = st.sampled_from(list(TABLES.values()))


def everything(answer: str, **other: str) -> dict[str, str]:
    return {**dict.fromkeys(ITEMS, answer), **other}


@pytest.mark.parametrize(
    ("name", "best", "worst"), [(SAMPLES[0], "1", "3"), (SAMPLES[1], "1", "4"), (SAMPLES[2], "ordinary", "specific")],
)  # fmt: skip
def test_each_sample_says_that_it_is_none_of_the_law_and_gives_its_own_grades(name: str, best: str, worst: str) -> None:
    text = (settings.BASE_DIR / "fixtures" / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["is_sample"] is True
    assert "예시(공식 아님)" in yaml.safe_load(text)["source"]
    assert (explain(TABLES[name], everything("good")).grade, explain(TABLES[name], everything("good")).score) == (
        best,
        0,
    )
    assert explain(TABLES[name], everything("bad")).grade == worst
    assert explain(TABLES[name], everything("bad")).score == pytest.approx(100)


def test_the_effect_of_an_item_is_its_share_of_the_weight_times_its_points() -> None:
    found = explain(TABLES["grading-three"], everything("good", roof="poor"))
    roof = next(effect for effect in found.items if effect.item == "roof")
    assert (roof.points, roof.max, roof.share, roof.effect) == (2, 3, pytest.approx(0.15), pytest.approx(10))
    assert found.score == pytest.approx(10)


def test_a_bad_roof_is_grade_three_however_good_the_rest_and_both_are_told() -> None:
    found = explain(TABLES["grading-three"], everything("good", roof="bad"))
    assert (found.by_score, found.grade) == ("1", "3")
    assert [rule.item for rule in found.knock_outs] == ["roof"]


def test_a_cut_off_belongs_to_the_worse_grade() -> None:
    assert explain(TABLES["grading-four"], everything("good", outer_wall="bad", roof="poor")).score == pytest.approx(25)
    assert explain(TABLES["grading-four"], everything("good", outer_wall="bad", roof="poor")).grade == "2"


def test_an_unknown_item_is_left_out_and_what_it_could_make_of_the_grade_is_told() -> None:
    found = explain(TABLES["grading-three"], everything("poor", landscape="unknown", power=""))
    assert found.missing == ("power", "landscape")
    assert found.unknown_share == pytest.approx(0.14)
    assert found.score == pytest.approx(200 / 3)
    assert (found.grade, found.best, found.worst) == ("3", "2", "3")


def test_where_too_much_is_unknown_there_is_no_grade_unless_a_knock_out_decides() -> None:
    few = {"heating": "good", "roof": "good"}
    assert explain(TABLES["grading-three"], few).grade == "none"
    assert explain(TABLES["grading-three"], {**few, "roof": "bad"}).grade == "3"
    assert explain(TABLES["grading-three"], {**few, "safety": "bad"}).grade == "none"
    nothing = explain(TABLES["grading-three"], {})
    assert (nothing.score, nothing.grade, nothing.unknown_share) == (None, "none", 1)


@given(tables, known, st.sampled_from(ITEMS), st.sampled_from(OPTIONS))
def test_a_worse_answer_never_gives_a_better_grade(
    table: GradingTable, answers: dict[str, str], item: str, other: str
) -> None:
    low, high = sorted((answers[item], other), key=OPTIONS.index)
    better, worse = explain(table, {**answers, item: low}), explain(table, {**answers, item: high})
    assert table.grades.index(better.grade) <= table.grades.index(worse.grade)
    assert better.score is not None
    assert worse.score is not None
    assert better.score <= worse.score + 1e-9


@given(tables, some)
def test_what_is_kept_adds_up_to_the_score_and_the_grade_lies_between_the_possible_ones(
    table: GradingTable, answers: dict[str, Any]
) -> None:
    found = explain(table, answers)
    effects = [line["effect"] for line in found.kept() if line.get("effect") is not None]
    shares = [line["share"] for line in found.kept() if line.get("share") is not None]
    assert len(found.kept()) == len(ITEMS) + len(found.knock_outs)
    if found.score is None:
        assert effects == []
        return
    assert sum(effects) == pytest.approx(found.score)
    assert sum(shares) == pytest.approx(1)
    if found.grade != "none":
        place = table.grades.index
        assert place(found.best) <= place(found.grade) <= place(found.worst)


def broken(change: Any) -> BadRule:
    wrong = body()
    change(wrong)
    with pytest.raises(BadRule) as caught:
        read(wrong)
    return caught.value


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (lambda b: b["items"][2]["points"].update(bad="three"), "items.2.points.bad", "not_a_number"),
        (lambda b: b["items"][2].update(weight=0), "items.2.weight", "not_positive"),
        (lambda b: b["items"][1].update(id="outer_wall"), "items.1.id", "twice"),
        (lambda b: b["items"][0].update(group="attic"), "items.0.group", "not_one_of"),
        (lambda b: b["items"][0]["points"].update(good=1), "items.0.points", "best_is_zero"),
        (lambda b: b["cutoffs"].update({"2": 70}), "cutoffs.3", "not_rising"),
        (lambda b: b["cutoffs"].update({"1": 5}), "cutoffs.1", "first_from_zero"),
        (lambda b: b["cutoffs"].update({"4": 80}), "cutoffs.4", "not_one_of"),
        (lambda b: b.update(grades=["1", "seven"]), "grades.1", "not_one_of"),
        (lambda b: b["knock_outs"][0].update(at_least="4"), "knock_outs.0.at_least", "not_one_of"),
        (lambda b: b["knock_outs"][0].update(item="attic"), "knock_outs.0.item", "not_one_of"),
        (lambda b: b.pop("most_unknown"), "most_unknown", "missing"),
        (lambda b: b["review"].pop("accuracy_m"), "review.accuracy_m", "missing"),
        (lambda b: b.update(items=[]), "items", "empty"),
    ],
)
def test_a_fault_of_a_table_is_named_by_its_place(change: Any, path: str, code: str) -> None:
    found = broken(change)
    assert (found.path, found.code) == (path, code)
