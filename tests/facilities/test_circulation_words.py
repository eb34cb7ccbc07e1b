"""Every finding and suggestion of the circulation check can be said."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.plan.circulation import check
from facilities.plan.document import Document
from facilities.plan.findings import Finding, Suggestion
from facilities.words.circulation import SUGGESTIONS, interface_text, suggestion_text, text
from tests.facilities.circulation_support import STAFF, Sketch, only
from tests.facilities.test_circulation_properties import plans


@settings(max_examples=60)
@given(plans(), st.sampled_from(["ko", "en"]))
def test_whatever_is_found_is_said_in_whole_sentences(plan: Document, language: str) -> None:
    circulation = check(plan)
    with translation.override(language):
        for finding in circulation.findings:
            assert "%(" not in text(finding, plan)
            if finding.suggestion:
                assert suggestion_text(finding.suggestion, plan).strip()
        assert all(interface_text(interface, plan) for interface in circulation.interfaces)


def test_what_others_found_is_left_to_them() -> None:
    with pytest.raises(KeyError):
        text(Finding("rooms_overlap"), Document())


def test_every_suggestion_has_words() -> None:
    for code in SUGGESTIONS:
        assert suggestion_text(Suggestion(code, {"rooms": ["a", "b"], "width": 0.9}), Document())


def test_a_sentence_names_rooms_doors_and_what_to_do() -> None:
    sketch = Sketch().room("hall", 0, 0, 0, 8, 6).room("café", 0, 8, 0, 12, 6).entrance("hall")
    sketch.door("hall", "café", **STAFF)
    found = only(sketch.check(), "open_unreached")
    with translation.override("en"):
        told = text(found, sketch.document())
        assert told == ("The public cannot reach café. The way ends at the door hall – café, which is for staff only.")
        assert found.suggestion is not None
        assert suggestion_text(found.suggestion, sketch.document()) == "Open the door hall – café to the public."
