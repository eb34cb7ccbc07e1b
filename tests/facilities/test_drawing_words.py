"""Refusals and notes of edits are told in words."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from facilities.plan import drawing
from facilities.plan.drawing import Refused
from facilities.plan.findings import Finding
from facilities.words import drawing as words
from tests.facilities.factories_plans import key, make_document

PLAN = make_document(1, 2)
FIRST, SECOND = key(0, "room", 0, 0), key(0, "room", 0, 1)
SOURCES = "".join(path.read_text() for path in Path(drawing.__file__).parent.glob("*.py"))
PARAMS = {
    "area": 1.25, "length": 0.8, "width": 0.9, "low": 0, "high": 500, "within": 1.0, "least": 0.05, "maximum": 60,
    "field": "name_ko", "value": "corridor", "op": "fly", "level": key("level", 0), "parts": 2, "count": 1, "key": "x",
    "kind": "units", "team": "x",
}  # fmt: skip


def test_every_refusal_has_its_words_and_no_others_are_kept():
    assert set(re.findall(r'Refused\(\s*"(\w+)"', SOURCES)) == words.REFUSALS.keys()


def test_every_note_has_its_words():
    assert set(re.findall(r'draft\.note\(\s*"(\w+)"', SOURCES)) == words._NOTES.keys()


@pytest.mark.parametrize("code", sorted(words.REFUSALS))
def test_a_refusal_is_a_whole_sentence(code):
    sentence = words.refusal_text(Refused(code, (FIRST, SECOND), PARAMS), PLAN)
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize("code", sorted(words._NOTES))
def test_a_note_is_a_whole_sentence(code):
    sentence = words.text(Finding(code, "note", key("level", 0), (FIRST,), PARAMS), PLAN)
    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.parametrize(("language", "name"), [("en", "101 Office 101, 102 Office 102"), ("ko", "101 사무실 101")])
def test_rooms_are_called_by_the_name_in_the_users_language(language, name):
    with translation.override(language):
        assert name in words.refusal_text(Refused("overlap", (FIRST, SECOND), {"area": 0.002}), PLAN)


def test_small_areas_are_told_in_square_centimetres_and_unnamed_rooms_as_new():
    with translation.override("en"):
        sentence = words.refusal_text(Refused("overlap", (FIRST, "not yet"), {"area": 0.002}), PLAN)
    assert sentence == "101 Office 101, the new room would overlap by 20 cm²."
