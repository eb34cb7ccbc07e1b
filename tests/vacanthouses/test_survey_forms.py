"""Survey forms: what matters, what is missing, and that a phone says the same as the server."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.models import RuleKind, RuleTable, SurveyStep
from vacanthouses.rule_reading import BadRule
from vacanthouses.services.rules import SAMPLES, check
from vacanthouses.survey import forms
from vacanthouses.words.answers import answered
from vacanthouses.words.rules import fault_text
from vacanthouses.words.survey import PROBLEMS, problem_text

VECTORS = json.loads((Path(__file__).parent / "form_vectors.json").read_text(encoding="utf-8"))
FORM = forms.read(VECTORS["form"])
SAMPLE_FORMS = sorted(SAMPLES.glob("form-*.yaml"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: json.dumps(case["answers"], ensure_ascii=False))
def test_the_server_says_what_the_phone_says(case: dict[str, Any]) -> None:
    found = forms.problems(FORM, case["answers"], case["slots"], case["outcome"])
    assert [f"{each.question} {each.code}" for each in found] == case["problems"]
    assert sorted(forms.kept(FORM, case["answers"], case["outcome"])) == case["kept"]


@pytest.mark.parametrize("path", SAMPLE_FORMS, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_read_and_is_marked_as_a_sample(path: Path) -> None:
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert (table["kind"], table["is_sample"]) == (RuleKind.FORM, True)
    assert "예시" in table["source"]
    form = forms.read(table["body"])
    assert forms.problems(form, {}, set(), "surveyed"), "something is required"
    assert forms.problems(form, {}, set(), "no_entry") == [], "who could not enter answers nothing"


def test_there_is_a_form_for_every_step() -> None:
    keys = {yaml.safe_load(path.read_text(encoding="utf-8"))["key"] for path in SAMPLE_FORMS}
    assert keys == set(SurveyStep.values)


def test_the_grading_form_asks_what_the_grading_tables_score() -> None:
    grading = yaml.safe_load((SAMPLES / "form-grading.yaml").read_text(encoding="utf-8"))
    asked = {question.id: set(question.options) for question in forms.read(grading["body"]).questions}
    items = "outer_wall column roof heating water power safety passage hygiene landscape".split()
    assert all(asked[item] == {"good", "fair", "poor", "bad", "unknown"} for item in items)


values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 30), st.text(max_size=5),
    st.lists(st.sampled_from(["wall", "fire", "sea"])),
    st.sampled_from(["yes", "no", "good", "bad", "2024-02-29"]),
)  # fmt: skip
answer_sets = st.dictionaries(st.sampled_from([question.id for question in FORM.questions]), values)
outcomes = st.sampled_from(["surveyed", "not_vacant", "no_entry", "gone"])


@given(answer_sets, st.sets(st.sampled_from(["photo_roof", "photo_other"])), outcomes)
def test_answers_that_do_not_matter_change_nothing(answers: dict[str, Any], slots: set[str], outcome: str) -> None:
    kept = forms.kept(FORM, answers, outcome)
    assert forms.kept(FORM, kept, outcome) == kept
    assert forms.problems(FORM, kept, slots, outcome) == forms.problems(FORM, answers, slots, outcome)


@given(answer_sets, outcomes)
def test_every_problem_has_words(answers: dict[str, Any], outcome: str) -> None:
    for problem in forms.problems(FORM, answers, set(), outcome):
        assert problem.code in PROBLEMS
        assert problem_text(FORM, problem)


def roof(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["sections"][0]["questions"][1]
    return found


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda body: body.update(sections="none"), "sections"),
        (lambda body: body["sections"][0]["questions"][1].update(type="song"), "sections.0.questions.1.type"),
        (lambda body: body["sections"][0]["questions"][1].update(id="entered"), "entered"),
        (lambda body: body["sections"][0]["questions"][1].pop("options"), "sections.0.questions.1.options"),
        (lambda body: roof(body).update(relevant={"question": "later", "is": "x"}), "roof.relevant"),
        (lambda body: roof(body).update(relevant={"question": "entered"}), "roof.relevant"),
        (lambda body: roof(body).update(relevant={"question": "entered", "in": 5}), "roof.relevant.in"),
        (lambda body: roof(body).update(relevant={"question": "entered", "in": "yes"}), "roof.relevant.in"),
        (lambda body: roof(body).update(relevant={"question": "entered", "at_least": "x"}), "roof.relevant.at_least"),
        (lambda body: roof(body).update(relevant={"question": "entered", "known": "yes"}), "roof.relevant.known"),
        (lambda body: roof(body).update(relevant={"not": None}), "roof.relevant.not"),
        (lambda body: roof(body).update(relevant={"outcome": ["flooded"]}), "roof.relevant.outcome"),
        (lambda body: body["sections"][0].pop("title"), "sections.0.title"),
    ],
)  # fmt: skip
def test_a_broken_form_is_refused_at_its_place(change: Any, path: str) -> None:
    body = json.loads(json.dumps(VECTORS["form"]))
    change(body)
    with pytest.raises(BadRule) as refused:
        check(RuleKind.FORM, body)
    assert refused.value.path == path
    assert path in fault_text(refused.value)


def test_a_reviewer_reads_yes_and_no_in_words_and_photos_are_no_answers() -> None:
    table = RuleTable(kind="form", body=VECTORS["form"])
    with translation.override("ko"):
        found = {each.question.id: each.text for each in answered(table, {"entered": "yes", "roof": "bad"})}
    assert (found["entered"], found["roof"]) == ("예", "불량")
    assert "photo_roof" not in found
