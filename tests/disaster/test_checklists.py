"""Checklists: what their text may say, how answers are judged, and how a new edition is made."""

import copy
import json
import re
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from disaster import checklists
from disaster.models import Checklist, ItemClass
from disaster.querysets_inspections import checklists_in_force
from disaster.services.checklists import load_samples
from disaster.words.inspections import fault_text, limits_text
from gis_core.models import Role, User
from tests.factories import Territory, make_user

VECTORS = json.loads((Path(__file__).parent / "checklist_vectors.json").read_text(encoding="utf-8"))
BODY = VECTORS["body"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["why"])
def test_answers_are_judged_as_the_phone_judges_them(case: dict[str, Any]) -> None:
    checklist = checklists.read(BODY)
    found = checklists.judge(checklist, case["answers"])
    assert list(found.passed) == case["passed"]
    assert [[fault.key, fault.code] for fault in found.failed] == case["failed"]
    assert list(found.unanswered) == case["unanswered"]
    told = checklists.problems(checklist, case["answers"], case["photos"])
    assert [[problem.key, problem.code] for problem in told] == case["problems"]


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "starts": st.sampled_from(["yes", "no", "", None, "x"]),
        "flow": st.one_of(st.none(), st.floats(allow_nan=False), st.text(max_size=3)),
        "torn": st.sampled_from(["yes", "no", None]),
        "fuel": st.sampled_from(["full", "low", "none", None]),
        "remarks": st.one_of(st.none(), st.text(max_size=5)),
    },
)


@given(ANSWERS)
def test_no_question_is_both_passed_and_failed_and_an_unanswered_one_is_never_passed(answers: dict[str, Any]) -> None:
    checklist = checklists.read(BODY)
    found = checklists.judge(checklist, answers)
    failed = {fault.key for fault in found.failed}
    groups = [set(found.passed), failed, set(found.unanswered)]
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert set().union(*groups) <= checklists.relevant(checklist, answers)
    assert all(checklists.is_known(answers.get(key)) for key in found.passed)
    assert found.is_passed == (not failed and not found.unanswered)


@given(ANSWERS)
def test_judging_what_is_kept_gives_the_same_as_judging_everything(answers: dict[str, Any]) -> None:
    checklist = checklists.read(BODY)
    assert checklists.judge(checklist, checklists.kept(checklist, answers)) == checklists.judge(checklist, answers)


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        (("version",), 2, "version", "unknown_version"),
        (("questions",), [], "questions", "missing"),
        (("questions",), "x", "questions", "not_a_list"),
        (("questions", 0, "kind"), "date", "questions.0.kind", "not_one_of"),
        (("questions", 0, "key"), "Has Space", "questions.0.key", "not_a_key"),
        (("questions", 2, "key"), "starts", "questions.2.key", "twice"),
        (("questions", 1, "min"), "viel", "questions.1.min", "not_a_number"),
        (("questions", 1, "max"), 100, "questions.1.max", "below_min"),
        (("questions", 1, "only_if"), {"question": "torn", "is": "yes"}, "questions.1.only_if.question",
         "unknown_question"),
        (("questions", 1, "only_if"), {"question": "starts", "is": "so"}, "questions.1.only_if.is", "not_one_of"),
        (("questions", 0, "title"), {"ko": "시동"}, "questions.0.title.en", "missing"),
        (("questions", 0, "blocks"), "ja", "questions.0.blocks", "not_yes_or_no"),
        (("questions", 0, "severety"), "high", "questions.0.severety", "unknown_name"),
        (("questions", 3, "options"), [], "questions.3.options", "too_few"),
        (("questions", 0, "photo"), "always", "questions.0.photo", "not_one_of"),
    ],
)  # fmt: skip
def test_a_fault_in_a_checklist_is_named_with_its_place(
    path: tuple[Any, ...], value: Any, place: str, code: str
) -> None:
    body = copy.deepcopy(BODY)
    target = body
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(checklists.BadChecklist) as found:
        checklists.read(body)
    assert (found.value.path, found.value.code) == (place, code)
    with translation.override("en"):
        assert fault_text(found.value).startswith(f"{place}: ")


def test_limits_are_told_in_words() -> None:
    flow = checklists.read(BODY).question("flow")
    assert flow is not None
    with translation.override("en"):
        assert limits_text(flow) == "200 – 3,000 L/min"


def test_every_shipped_sample_can_be_read_and_says_that_it_is_one() -> None:
    told = yaml.safe_load((django_settings.BASE_DIR / "fixtures" / "checklists.yaml").read_text(encoding="utf-8"))
    assert "예시" in told["source"]
    assert {each["item_class"] for each in told["checklists"]} == {None, "pump", "generator", "tool", "consumable"}
    for sample in told["checklists"]:
        assert checklists.read(sample["body"]).questions


@pytest.fixture
def pump(db: None) -> ItemClass:
    return ItemClass.objects.create(code="pump", name="펌프류", name_en="Pumps")


@pytest.mark.django_db
def test_samples_are_loaded_once_for_the_classes_there_are(pump: ItemClass) -> None:
    assert load_samples() == 2
    assert load_samples() == 0
    assert set(Checklist.objects.values_list("item_class", flat=True)) == {None, pump.pk}


@pytest.mark.django_db
def test_the_latest_edition_of_the_day_is_in_force(pump: ItemClass) -> None:
    load_samples()
    today = timezone.localdate()
    first = Checklist.objects.get(item_class=pump)
    coming = Checklist.objects.create(
        title="새 펌프 점검표", item_class=pump, effective_from=today + timedelta(days=10), source="시험", body=BODY
    )
    assert checklists_in_force(today)[pump.pk] == first
    assert checklists_in_force(today + timedelta(days=10))[pump.pk] == coming


def edition(text: str, **values: Any) -> dict[str, Any]:
    return {
        "title": "새 판", "effective_from": "2026-01-01", "source": "남원시 재난안전과", "text": text,
        "token": str(uuid.uuid4()), **values,
    }  # fmt: skip


@pytest.mark.django_db
def test_an_officer_makes_a_new_edition_and_the_form_sent_twice_makes_one(
    client: Client, officer: User, pump: ItemClass
) -> None:
    load_samples()
    former = Checklist.objects.get(item_class=pump)
    client.force_login(officer)
    page = client.get(f"/disaster/checklists/{former.pk}/edition/").content.decode()
    assert "양수량" in page or "퍼 올립니까" in page
    posted = edition(yaml.safe_dump(BODY, allow_unicode=True))
    for _attempt in range(2):
        answer = client.post(f"/disaster/checklists/{former.pk}/edition/", posted)
        assert answer.status_code == 302
    made = Checklist.objects.exclude(item_class=None).latest("pk")
    assert Checklist.objects.filter(item_class=pump).count() == 2
    assert (made.item_class, made.source, made.is_sample) == (pump, "남원시 재난안전과", False)
    assert checklists_in_force(date(2026, 2, 1))[pump.pk] == made
    assert client.get(f"/disaster/checklists/{made.pk}/").status_code == 200
    assert "새 판" in client.get("/disaster/checklists/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: [", "Line|줄"),
        ("version: 1\nquestions: [{key: a, kind: measure, title: {ko: 가, en: a}, unit: V}]", "questions.0.min"),
        ("a: &x [1]\nb: *x", "Anchors|앵커|\\*name"),
        ("version: 1\nquestions: 2026-01-01", "questions"),
    ],
)
def test_a_text_that_is_no_checklist_is_refused_with_the_place(
    client: Client, officer: User, pump: ItemClass, text: str, told: str
) -> None:
    load_samples()
    former = Checklist.objects.get(item_class=pump)
    client.force_login(officer)
    answer = client.post(f"/disaster/checklists/{former.pk}/edition/", edition(text))
    assert answer.status_code == 422
    assert re.search(told, str(answer.context["form"].errors["text"]))
    assert Checklist.objects.filter(item_class=pump).count() == 1


@pytest.mark.django_db
def test_a_question_about_the_depot_itself_cannot_make_all_that_is_in_it_unusable(
    client: Client, officer: User
) -> None:
    load_samples()
    former = Checklist.objects.get(item_class=None)
    assert not any(question.blocks for question in checklists.read(former.body).questions)
    body = {**former.body, "questions": [{**former.body["questions"][0], "blocks": True}]}
    client.force_login(officer)
    answer = client.post(
        f"/disaster/checklists/{former.pk}/edition/", edition(yaml.safe_dump(body, allow_unicode=True))
    )
    assert answer.status_code == 409
    assert answer.context["form"].errors["text"]
    assert Checklist.objects.filter(item_class=None).count() == 1


@pytest.mark.django_db
def test_the_keeper_of_one_town_and_a_viewer_do_not_change_what_is_asked_everywhere(
    client: Client, territory: Territory, viewer: User, pump: ItemClass
) -> None:
    load_samples()
    former = Checklist.objects.get(item_class=pump)
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    for user in (keeper, viewer):
        client.force_login(user)
        assert client.get(f"/disaster/checklists/{former.pk}/").status_code == 200
        assert client.post(f"/disaster/checklists/{former.pk}/edition/", edition("version: 1")).status_code == 403
    client.force_login(make_user("stranger"))
    assert client.get("/disaster/checklists/").status_code == 403
