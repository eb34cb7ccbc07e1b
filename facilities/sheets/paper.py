"""Sheets of paper: which takes a drawing at which scale, and where its parts lie. Millimetres. No Django here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .dims import DIMS_MM

PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
SCALES = (50, 100, 200, 300, 500)
# What a planner expects when nothing is asked: 1:100 if the paper takes it, then smaller.
_USUAL = (100, 200, 300, 500)
FRAME_MM, STRIP_MM = 8.0, 17.0
# The column beside a landscape drawing, the band below an upright one.
_PANEL = {"A4": 76.0, "A3": 86.0}
_BAND = {"A4": 74.0, "A3": 92.0}
# What arrows and their names need around the building.
CLEAR_MM = 10.0


class DoesNotFit(ValueError):
    """The building is too large for what was asked. ``params``: ``scale``, ``paper`` and ``fits`` (a scale, or 0)."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__("does_not_fit")
        self.code = "does_not_fit"
        self.params = dict(params)


class Box(NamedTuple):
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Layout:
    paper: str
    landscape: bool
    scale: int

    @property
    def name(self) -> str:
        return f"{self.paper.lower()}-{'landscape' if self.landscape else 'portrait'}"

    @property
    def size(self) -> tuple[float, float]:
        short, long = PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)

    @property
    def inside(self) -> Box:
        """Within the frame, above the title block."""
        width, height = self.size
        return Box(FRAME_MM, FRAME_MM, width - 2 * FRAME_MM, height - 2 * FRAME_MM - STRIP_MM)

    @property
    def strip(self) -> Box:
        """The title block."""
        inside = self.inside
        return Box(inside.left, inside.bottom, inside.width, STRIP_MM)

    @property
    def drawing(self) -> Box:
        left, top, width, height = self.inside
        if self.landscape:
            return Box(left, top, width - _PANEL[self.paper], height)
        return Box(left, top, width, height - _BAND[self.paper])

    @property
    def panel(self) -> Box:
        """Room table, legend, scale bar and north arrow."""
        left, top, width, height = self.inside
        if self.landscape:
            return Box(left + width - _PANEL[self.paper], top, _PANEL[self.paper], height)
        return Box(left, top + height - _BAND[self.paper], width, _BAND[self.paper])

    def takes(self, width_m: float, height_m: float) -> bool:
        """Whether a building of so many metres fits, with its dimensions to the left and below."""
        wide, high = (metres * 1000 / self.scale + 2 * CLEAR_MM + DIMS_MM for metres in (width_m, height_m))
        return wide <= self.drawing.width and high <= self.drawing.height


def choose(width_m: float, height_m: float, scale: int | None = None, paper: str | None = None) -> Layout:
    """The smallest sheet that takes the building at the scale asked, or else at the largest usual one.

    Raises DoesNotFit.
    """
    for layout in _layouts((scale,) if scale else _USUAL, (paper,) if paper else tuple(PAPERS)):
        if layout.takes(width_m, height_m):
            return layout
    fits = [one.scale for one in _layouts(SCALES, (paper,) if paper else ("A3",)) if one.takes(width_m, height_m)]
    raise DoesNotFit({"scale": scale or _USUAL[-1], "paper": paper or "A3", "fits": min(fits, default=0)})


def _layouts(scales: tuple[int, ...], papers: tuple[str, ...]) -> Iterator[Layout]:
    for scale in scales:
        for paper in papers:
            yield Layout(paper, True, scale)
            yield Layout(paper, False, scale)
