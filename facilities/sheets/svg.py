"""Writing SVG in millimetres of paper: elements that cannot become broken XML, and a pen that knows the scale.

Looks are presentation attributes, never ``style``: the same markup goes into pages with a strict CSP, into files and,
through WeasyPrint, into PDF. No Django here.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "Pretendard GOV, Pretendard, Noto Sans CJK KR, Noto Sans KR, Malgun Gothic, sans-serif"
INK, FAINT, PAPER = "#1e2124", "#6d7882", "#ffffff"

# What XML 1.0 cannot hold at all, and what would turn the text's direction.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


def root(width: float, height: float, title: str, **attributes: Any) -> Element:
    """An ``<svg>`` of so many millimetres, which screen readers call by its title."""
    svg = Element("svg", {"xmlns": NAMESPACE})
    sizes = {"width": f"{number(width)}mm", "height": f"{number(height)}mm"}
    box = f"0 0 {number(width)} {number(height)}"
    _set(svg, {**sizes, "viewBox": box, "role": "img", "aria_label": title, "font_family": FONT, **attributes})
    add(svg, "title", title)
    return svg


def add(parent: Element, tag: str, words: object = None, **attributes: Any) -> Element:
    """A child element; ``stroke_width=0.2`` becomes stroke-width="0.2", None is left out."""
    made = SubElement(parent, tag)
    _set(made, attributes)
    if words is not None:
        made.text = writable(str(words))
    return made


def group(parent: Element, name: str, **attributes: Any) -> Element:
    return add(parent, "g", **{"class": name}, **attributes)


def _set(element: Element, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        if value is None:
            continue
        name = name if name == "viewBox" else name.rstrip("_").replace("_", "-")
        element.set(name, number(value) if isinstance(value, int | float) else writable(str(value)))


def to_text(svg: Element) -> str:
    return tostring(svg, encoding="unicode")


def number(value: float) -> str:
    """To the thousandth: a micrometre on paper."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def writable(words: str) -> str:
    return _UNWRITABLE.sub("", words)


def text_width(words: str, size: float) -> float:
    """About how wide the words are in the sheets' font, in the unit of ``size``; rather too wide than too narrow."""
    return size * sum(_advance(character) for character in words)


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 0.92
    if character in " .,:;'|!()[]il·":
        return 0.3
    return 0.7 if character.isupper() or character in "mw%&@" else 0.57


def shortened(words: str, size: float, width: float) -> str:
    """The words, cut with an ellipsis where they would be wider than that."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


@dataclass(frozen=True)
class Pen:
    """Takes local metres (y up) to millimetres of paper (y down) at 1:``scale``.

    The place (``west``, ``north``) lies at (``left``, ``top``) on the paper.
    """

    west: float
    north: float
    scale: float = 100.0
    left: float = 0.0
    top: float = 0.0

    def mm(self, metres: float) -> float:
        return metres * 1000 / self.scale

    def metres(self, mm: float) -> float:
        return mm * self.scale / 1000

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + self.mm(x - self.west), self.top + self.mm(self.north - y)

    def line(self, places: Iterable[Sequence[float]]) -> str:
        """Path data of an open line."""
        return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (self.at(*place[:2]) for place in places))

    def path(self, geometry: BaseGeometry) -> str:
        """Path data of any lines and polygons; fill it by the even-odd rule."""
        if isinstance(geometry, Point) or geometry.is_empty:
            return ""
        if isinstance(geometry, Polygon):
            return "".join(self.line(ring.coords[:-1]) + "Z" for ring in (geometry.exterior, *geometry.interiors))
        if isinstance(geometry, LineString):
            return self.line(geometry.coords)
        return "".join(self.path(part) for part in geometry.geoms)
