"""The facts of a house as people type them."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from tests.factories import house_values
from vacanthouses.forms import VacantHouseForm
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


def errors(**values):
    with translation.override("en"):
        form = VacantHouseForm({**house_values(), **values})
        return {name: [str(error) for error in found] for name, found in form.errors.items()}


def test_sound_facts_are_accepted():
    assert errors() == {}


@pytest.mark.parametrize("text", ["5219025021-1-0123-0004", "52190 25021 1 0123 0004", " 5219025021101230004 "])
def test_a_number_written_with_blanks_or_hyphens_is_taken_as_it_is_meant(text):
    form = VacantHouseForm({**house_values(), "pnu": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["pnu"] == "5219025021101230004"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("521902502110123000", ["A parcel number has 19 digits; this has 18."]),
        ("52190250211012300045", ["A parcel number has 19 digits; this has 20."]),
        ("52190250211O1230004", ["Digit 12 is “O”, not a number."]),
        ("9919025021101230004", ["Digits 1–2 (province) are “99”, which no province has."]),
        ("5219025021301230004", ["Digit 11 (kind of land) is “3”; it must be 1 (ordinary) or 2 (forest)."]),
        ("5219025021100000004", ["Digits 12–15 (main lot number) are “0000”."]),
    ],
)
def test_what_is_wrong_with_a_number_is_told_digit_by_digit(text, words):
    assert errors(pnu=text) == {"pnu": words}


def test_all_wrong_parts_of_a_number_are_told():
    assert len(errors(pnu="9900000021300000004")["pnu"]) == 5


def test_a_house_cannot_be_found_tomorrow_but_today():
    today = timezone.localdate()
    assert errors(found_on=today) == {}
    assert "found_on" in errors(found_on=today + timedelta(days=1))


@pytest.mark.parametrize("name", ["pnu", "address", "regime", "status", "grade", "found_on"])
def test_what_every_house_must_have_is_asked_for(name):
    assert list(errors(**{name: ""})) == [name]


@pytest.mark.parametrize(("name", "value"), [("regime", "sea"), ("status", "empty"), ("grade", "5")])
def test_a_value_that_is_no_choice_is_refused(name, value):
    assert list(errors(**{name: value})) == [name]


def test_a_house_is_called_by_its_address():
    assert str(VacantHouse(address="남원시 운봉읍 서천리 1")) == "남원시 운봉읍 서천리 1"
