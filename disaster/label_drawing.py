"""Labels as SVG in millimetres of paper: a QR code that says nothing but its address, and what people read. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

import segno

from disaster.label_papers import A4, Paper

QUIET = 4
FONT = "Pretendard GOV, Noto Sans CJK KR, sans-serif"
INK = "#000000"
EDGE = 1.5
LARGEST_CODE = 40.0


@dataclass(frozen=True)
class Words:
    """What a label says: the thing, where it belongs, and the first signs of its token for the telephone."""

    title: str
    place: str
    code: str


def page_svg(placed: Sequence[tuple[tuple[str, Words], float, float]], paper: Paper, title: str) -> str:
    """One page; each label is ((address, words), left, top)."""
    width, height = A4
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "width": f"{width}mm", "height": f"{height}mm",
            "viewBox": f"0 0 {width} {height}", "role": "img", "aria-label": title, "font-family": FONT, "fill": INK,
        },
    )  # fmt: skip
    for (address, words), left, top in placed:
        group = SubElement(svg, "g", {"transform": f"translate({left:.3f} {top:.3f})"})
        _label(group, address, words, paper)
    return tostring(svg, encoding="unicode")


def _label(group: Element, address: str, words: Words, paper: Paper) -> None:
    side = min(paper.height - 2 * EDGE, paper.width * 0.52, LARGEST_CODE)
    top = (paper.height - side) / 2
    _code(group, address, EDGE, top, side)
    left = EDGE + side + 0.8
    room = paper.width - left - EDGE
    size = min(4.2, paper.height / 8)
    lines = [
        *((text, size, "700") for text in _wrapped(words.title, room, size)[:3]),
        *((text, size * 0.8, "400") for text in _wrapped(words.place, room, size * 0.8)[:2]),
        (words.code, size * 0.7, "400"),
    ]
    baseline = (paper.height - sum(each * 1.3 for _text, each, _weight in lines)) / 2
    for text, each, weight in lines:
        baseline += each * 1.3
        attributes = {"x": f"{left:.3f}", "y": f"{baseline - each * 0.3:.3f}", "font-size": f"{each:.3f}"}
        SubElement(group, "text", {**attributes, "font-weight": weight}).text = text


def _code(group: Element, address: str, left: float, top: float, side: float) -> None:
    """The code with its quiet zone inside the square; runs of dark modules become one shape."""
    rows = list(segno.make(address, error="m", micro=False, boost_error=False).matrix)
    unit = side / (len(rows) + 2 * QUIET)
    parts = []
    for y, row in enumerate(rows, QUIET):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x + QUIET} {y}h{run - x}v1h-{run - x}z")
            x = run + 1
    place = f"translate({left:.3f} {top:.3f}) scale({unit:.5f})"
    SubElement(group, "path", {"transform": place, "d": "".join(parts), "shape-rendering": "crispEdges"})


def _wrapped(text: str, room: float, size: float) -> list[str]:
    """Lines that fit, broken anywhere as Korean may be, rather too short than too long."""
    lines, line = [], ""
    for sign in text:
        if line and _wide(line + sign) * size > room:
            lines.append(line.strip())
            line = ""
        line += sign
    return [*lines, line.strip()] if line.strip() else lines


def _wide(text: str) -> float:
    return sum(0.92 if ord(sign) > 0x2E80 else 0.57 for sign in text)
