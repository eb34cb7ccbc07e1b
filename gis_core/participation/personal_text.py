"""Numbers by which a person could be found, in text that many will read: phone and resident numbers. Pure.

Whether a name stands in a text no rule can tell; who publishes it reads it first.
"""

import re
import unicodedata
from enum import StrEnum

# Dashes, dots and spaces as people put them between the parts of a number. ``.`` and blanks of any width.
_GAP = r"[\s.\-‐-―−~·()]{0,3}"

# 주민등록번호, 외국인등록번호: a birthday, then seven digits of which the first tells century and sex;
# also with the last six hidden.
_RESIDENT = re.compile(
    rf"(?<!\d)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}(?:[0-9]\d{{6}}(?!\d)|[1-8][*xX○●]{{4,6}})"
)
# Mobile (010, 011, 016-019), area (02, 031-064), internet (070), safe (050x), and the same with +82 for the 0.
_PHONE = re.compile(
    rf"(?<!\d)(?:\+{_GAP}?82{_GAP}(?:\(?0\)?)?{_GAP}|0)"
    rf"(?:1[016-9]|2|[3-6][1-5]|70|50\d){_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


class Personal(StrEnum):
    RESIDENT_NUMBER = "resident_number"
    PHONE = "phone"
    EMAIL = "email"


def find(text: str) -> frozenset[Personal]:
    """The kinds of personal numbers and addresses in a text. Full-width digits count as digits."""
    plain = unicodedata.normalize("NFKC", text)
    found = set()
    # What is a resident number is no phone number, though its end may look like one.
    rest, count = _RESIDENT.subn(" ", plain)
    if count:
        found.add(Personal.RESIDENT_NUMBER)
    if _PHONE.search(rest):
        found.add(Personal.PHONE)
    if _EMAIL.search(rest):
        found.add(Personal.EMAIL)
    return frozenset(found)
