"""The chosen layers of a drawing, sorted by what they are to be, in local metres."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely import Polygon

from . import report
from .dxf_entities import Piece, Place, Points, Text
from .dxf_file import DxfFile
from .dxf_flatten import Flat, flatten
from .dxf_inspect import is_ring
from .dxf_options import METRES, SQUARE, DxfOptions, Role
from .linework import Floats, joined, segments_of
from .names import Writing
from .places import walls_direction
from .report import ImportRefused

# No building is wider.
REACH_M = 5_000.0
TOO_WIDE = "dxf.too_wide"  # width_m, height_m: no building is that large; the unit is wrong


@dataclass(frozen=True)
class Similarity:
    """Drawing units to local metres: scaled, turned, then moved."""

    metres: float
    degrees: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)

    def points(self, xy: Points) -> Points:
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        turned: Points = xy * self.metres @ np.array([[c, s], [-s, c]]) + self.shift
        return turned

    def point(self, xy: tuple[float, float]) -> tuple[float, float]:
        x, y = self.points(np.array([xy]))[0]
        return float(x), float(y)

    def back(self, xy: tuple[float, float]) -> tuple[float, float]:
        """Where a point of the plan is in the drawing: metres along the drawing's own axes."""
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        x, y = (np.array(xy) - self.shift) @ np.array([[c, -s], [s, c]])
        return float(x), float(y)

    def piece(self, piece: Piece) -> Piece:
        arcs = tuple(
            replace(
                arc,
                centre=self.point(arc.centre),
                start=self.point(arc.start),
                end=self.point(arc.end),
                radius=arc.radius * self.metres,
            )
            for arc in piece.arcs
        )
        holes = tuple(self.points(hole) for hole in piece.holes)
        return replace(piece, points=self.points(piece.points), arcs=arcs, holes=holes)


@dataclass
class Sheet:
    """``rings`` are the closed shapes of the room layers, ``lines`` everything else on them. ``place`` brought the
    drawing here."""

    place: Similarity
    flat: Flat
    rings: list[Piece] = field(default_factory=list)
    lines: list[Piece] = field(default_factory=list)
    walls: list[Piece] = field(default_factory=list)
    doors: list[Piece] = field(default_factory=list)
    writings: list[Writing] = field(default_factory=list)

    @property
    def wall_segments(self) -> Floats:
        return joined([segments_of(piece.points, piece.closed) for piece in [*self.walls, *self.lines]])


def sheet_of(file: DxfFile, options: DxfOptions) -> Sheet:
    """Raises ImportRefused when the chosen layers hold nothing, or what they hold is larger than a building."""
    roles = _Roles(options)
    flat = flatten(file.drawing, roles.wanted)
    used = [piece for piece in flat.pieces if roles.of(piece.place) in ("rooms", "walls", "doors")]
    outlines = [piece for piece in used if roles.of(piece.place) != "doors"]
    if not outlines:
        raise ImportRefused(report.NOTHING_FOUND, {"what": "layers"})
    sheet = Sheet(_placed(outlines, options), flat)
    for piece in used:
        _sort(sheet, sheet.place.piece(piece), roles.of(piece.place), options)
    sheet.writings = [_writing(text, file, sheet.place, options) for text in flat.texts if roles.reads(text.place)]
    return sheet


class _Roles:
    """What each layer is to be; a block on a door layer is a door whatever layers its lines are on."""

    def __init__(self, options: DxfOptions) -> None:
        self.roles = {layer.lower(): role for layer, role in options.roles.items()}

    def of(self, place: Place) -> Role:
        own = self.roles.get(place.layer.lower(), "ignore")
        if own == "ignore" and self.roles.get(place.via.lower()) == "doors":
            return "doors"
        return own

    def wanted(self, place: Place) -> bool:
        return self.of(place) != "ignore"

    def reads(self, place: Place) -> bool:
        """Texts count on text layers, and on room and wall layers as well."""
        return self.of(place) in ("texts", "rooms", "walls")


def _placed(pieces: Sequence[Piece], options: DxfOptions) -> Similarity:
    metres = METRES[options.unit]
    points = np.concatenate([piece.points for piece in pieces])
    width, height = np.ptp(points, axis=0) * metres
    if max(width, height) > REACH_M:
        raise ImportRefused(TOO_WIDE, {"width_m": round(float(width)), "height_m": round(float(height))})
    if options.turn == SQUARE:
        degrees = -walls_direction([shapely.linestrings(piece.points) for piece in pieces])
    else:
        degrees = float(options.turn)
    turned = Similarity(metres, degrees)
    if options.keep_place:
        return turned
    # Whole metres for now: large coordinates would lose digits. The rooms' own corner decides in the end.
    low = np.floor(turned.points(points).min(axis=0))
    return replace(turned, shift=(float(-low[0]), float(-low[1])))


def _sort(sheet: Sheet, piece: Piece, role: Role, options: DxfOptions) -> None:
    if role == "doors":
        sheet.doors.append(piece)
    elif role == "walls":
        sheet.walls.append(piece)
    elif is_ring(piece) or _nearly_closed(piece, options.close_m):
        sheet.rings.append(piece)
    else:
        sheet.lines.append(piece)


def _nearly_closed(piece: Piece, reach: float) -> bool:
    """A polyline whose ends were meant to meet."""
    if len(piece.points) < 4 or piece.kind in ("ARC", "ELLIPSE"):
        return False
    gap = float(np.hypot(*(piece.points[0] - piece.points[-1])))
    return gap <= reach and Polygon(piece.points).area > reach * reach


def _writing(text: Text, file: DxfFile, place: Similarity, options: DxfOptions) -> Writing:
    words = file.text(text.text, options.encoding)
    return Writing(words, place.point(text.at), text.height * place.metres)
