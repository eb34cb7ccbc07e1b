"""What the writing in a drawing says of a room: its name and its number, among sizes, heights and marks."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

_HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u318e]")
# 101, B-102, 203호, 1F-03, 지하1
_NUMBER = re.compile(
    r"^(지하\s?\d{1,2}|[A-Z]{0,2}[-.]?\d{3,4}([-.]\d{1,3})?[A-Z]?|[A-Z]?\d{1,2}F?-\d{1,3})\s*호?$", re.IGNORECASE
)
# At the end of a name: 민원실 100㎡, (7.1평)
_AREA = re.compile(r"[\s(:]*\d[\d.,]*\s*(㎡|m2|m²|평|py)\)?$", re.IGNORECASE)
_MEASURE = re.compile(
    r"""^[^\w]*( [\d.,'"´’”\s/xX×*-]+                                # 13'8 x 14', 3,600
        | .*\d\s*(㎡|m2|m²|평|sqm|sf|sq\.?\s?ft|mm|cm|m)\.?\)?     # 23.5㎡
        | .*\d+\s*[x×*]\s*\d.*                                     # MIN. 22x30 ATTIC ACCESS
        | [A-Z]{1,2}\d? | [A-Z]-[A-Z] )$                             # marks of sections and axes
    | ^\W*$ | ^(FL|CH|SL|EL|GL|THK|H|W|D)\s*[.:=]?\s*[+±-]?\d | ^(UP|DN)$""",
    re.VERBOSE | re.IGNORECASE,
)
_PYEONG = re.compile(r"\d\s*평")
# Underlines and signs that DXF texts spell out.
_CONTROL = re.compile(r"%%[uUoOkK]")
_SIGNS = {"%%d": "°", "%%c": "⌀", "%%p": "±", "%%D": "°", "%%C": "⌀", "%%P": "±"}


@dataclass(frozen=True)
class Writing:
    """A text as it stands in the drawing: ``at`` its middle, ``height`` of its letters, in metres."""

    text: str
    at: tuple[float, float]
    height: float


@dataclass(frozen=True)
class RoomName:
    """``others`` are further names that stand in the same room."""

    ko: str = ""
    en: str = ""
    number: str = ""
    others: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return self.ko or self.en


def plain(text: str) -> str:
    """A DXF text without the codes for underlines, and with its signs."""
    text = _CONTROL.sub("", text)
    for code, sign in _SIGNS.items():
        text = text.replace(code, sign)
    text = " ".join(text.split())
    return _AREA.sub("", text) or text


def is_number(text: str) -> bool:
    return bool(_NUMBER.match(text)) and any(letter.isdigit() for letter in text)


def is_measure(text: str) -> bool:
    """Whether a text tells a size, a height or a mark rather than a name."""
    return not is_number(text) and bool(_MEASURE.match(text)) and not _HANGUL.search(_PYEONG.sub("", text))


def room_name(writings: Sequence[Writing], middle: tuple[float, float] = (0.0, 0.0)) -> RoomName:
    """What the texts in one room say. Lines written under each other are one name. The largest letters come first, and
    of several names in the same size the one nearest to the room's ``middle``."""
    lines = [
        Writing(plain(line), (each.at[0], each.at[1] - number * each.height * 1.5), each.height)
        for each in writings
        for number, line in enumerate(each.text.splitlines())
        if plain(line)
    ]
    number = next((line.text.removesuffix("호").strip() for line in lines if is_number(line.text)), "")
    labels = _labels([line for line in lines if not is_number(line.text) and not is_measure(line.text)])
    labels.sort(key=lambda label: (-round(label[0].height, 2), math.dist(label[0].at, middle)))
    names = [" ".join(line.text for line in label) for label in labels]
    if not names:
        return RoomName(number=number)
    korean = [name for name in names if _HANGUL.search(name)]
    other = [name for name in names if not _HANGUL.search(name)]
    first_ko, first_en = (korean or [""])[0], (other or [""])[0]
    rest = tuple(dict.fromkeys(name for name in names if name not in (first_ko, first_en)))
    return RoomName(first_ko, first_en, number, rest)


def _labels(lines: list[Writing]) -> list[list[Writing]]:
    """Lines of one name: under each other, of about the same size."""
    labels: list[list[Writing]] = []
    for line in sorted(lines, key=lambda line: -line.at[1]):
        label = next((label for label in labels if _continues(label[-1], line)), None)
        if label is None:
            labels.append([line])
        else:
            label.append(line)
    return labels


def _continues(above: Writing, line: Writing) -> bool:
    height = max(above.height, line.height)
    same_script = bool(_HANGUL.search(above.text)) == bool(_HANGUL.search(line.text))
    width = height * max(len(above.text), len(line.text)) / 2
    below = 0 < above.at[1] - line.at[1] < 2.6 * height
    return (
        same_script
        and below
        and abs(above.at[0] - line.at[0]) < width
        and min(above.height, line.height) > 0.8 * height
    )
