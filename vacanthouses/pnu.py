"""The parcel number (PNU, 필지고유번호): 19 digits in four parts.

Legal-dong code (10: sido 2, sigungu 3, eupmyeondong 3, ri 2), land kind (1: 1 ordinary, 2 forest), main number (4),
sub number (4). Address files write the forest flag as 0/1 instead; ``from_address_parts`` converts.
"""

from dataclasses import dataclass
from enum import Enum

# Current sido codes, and former ones that older files still carry (42 -> 51, 45 -> 52; 29 and 46 -> 12).
SIDO_CODES = frozenset(
    f"{number}" for number in (11, 12, 26, 27, 28, 29, 30, 31, 36, 41, 42, 43, 44, 45, 46, 47, 48, 50, 51, 52)
)


class PnuFault(Enum):
    LENGTH = "length"
    DIGIT = "digit"
    SIDO = "sido"
    SIGUNGU = "sigungu"
    TOWN = "town"
    LAND_KIND = "land_kind"
    MAIN_NUMBER = "main_number"


@dataclass(frozen=True)
class PnuProblem:
    """What is wrong, at which digit (counted from 1), and the text found there."""

    fault: PnuFault
    position: int
    found: str


@dataclass(frozen=True)
class Pnu:
    legal_dong: str
    forest: bool
    main_number: int
    sub_number: int

    def __str__(self) -> str:
        kind = "2" if self.forest else "1"
        return f"{self.legal_dong}{kind}{self.main_number:04d}{self.sub_number:04d}"

    @property
    def lot(self) -> str:
        """The lot number as people write it: ``산 12-3``."""
        number = f"{self.main_number}-{self.sub_number}" if self.sub_number else str(self.main_number)
        return f"산 {number}" if self.forest else number


def problems(text: str) -> list[PnuProblem]:
    """Everything wrong with a PNU, first digit first; empty when it is sound."""
    if len(text) != 19:
        return [PnuProblem(PnuFault.LENGTH, min(len(text), 19) + 1, str(len(text)))]
    faulty = [PnuProblem(PnuFault.DIGIT, i, c) for i, c in enumerate(text, 1) if c not in "0123456789"]
    if faulty:
        return faulty
    parts = (
        (PnuFault.SIDO, 1, text[0:2], text[0:2] not in SIDO_CODES),
        # Sejong (36) is the one sido with a single sigungu, 36110; none has the code 000.
        (PnuFault.SIGUNGU, 3, text[2:5], text[2:5] == "000"),
        (PnuFault.TOWN, 6, text[5:8], text[5:8] == "000"),
        (PnuFault.LAND_KIND, 11, text[10], text[10] not in "12"),
        (PnuFault.MAIN_NUMBER, 12, text[11:15], text[11:15] == "0000"),
    )
    return [PnuProblem(fault, position, found) for fault, position, found, wrong in parts if wrong]


def parse(text: str) -> Pnu:
    """Raises ValueError with the problems when the text is no PNU."""
    found = problems(text)
    if found:
        raise ValueError(found)
    return Pnu(text[:10], text[10] == "2", int(text[11:15]), int(text[15:]))


def from_address_parts(legal_dong: str, forest_flag: str, main_number: int, sub_number: int = 0) -> Pnu:
    """A PNU from an address file's columns, whose forest flag is 0 (ordinary) or 1 (forest)."""
    if forest_flag not in {"0", "1"}:
        raise ValueError([PnuProblem(PnuFault.LAND_KIND, 11, forest_flag)])
    return parse(str(Pnu(legal_dong, forest_flag == "1", main_number, sub_number)))
