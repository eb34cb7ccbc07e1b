"""Where a scan lies on a level: control points to a matrix, with what remains at each point.

A matrix (a, b, c, d, e, f) takes pixels (x right, y *down*, as in images) to the building's metres (y *up*):
x' = a x + c y + e and y' = b x + d y + f, the order of SVG and CSS. A picture is never mirrored, so the determinant
of every matrix made here is negative.
"""

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

XY: TypeAlias = tuple[float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Method: TypeAlias = Literal["similarity", "affine"]

# With four points a fault in one still shows in the residuals of an affine fit; with three it never does.
AFFINE_FROM = 4
# Metres per pixel outside this are a slip of a unit or a point: 1:1 at 600 dpi is finer than 0.04 mm, and
# a city map at 72 dpi is coarser than 5 m.
FINEST_M, COARSEST_M = 4e-5, 5.0
# How much thinner than long (relative) the cloud of points may be before an affine fit across it means nothing.
_THINNEST = 1e-3
_INCH_M = 0.0254


class CannotFit(ValueError):
    """The points give no matrix. ``code``: ``too_few``, ``not_a_number``, ``same_pixel``, ``same_place``, ``in_line``,
    ``mirrored``, ``unlikely_scale`` (``params``: ``metres_per_pixel``), ``no_length``, ``no_resolution``."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})


@dataclass(frozen=True)
class ControlPoint:
    """The same spot on the picture (pixels, y down) and in the building (metres, y up)."""

    pixel: XY
    place: XY


@dataclass(frozen=True)
class Fit:
    """``residuals`` are the distances (metres) by which each point misses its place; ``rms`` their root mean square."""

    matrix: Matrix
    method: Method
    residuals: tuple[float, ...] = field(default=())
    rms: float = 0.0


def fit(points: Sequence[ControlPoint], method: Method | None = None) -> Fit:
    """The matrix that fits the points best in the building's metres (least squares).

    A similarity (moved, turned, scaled) unless ``method`` asks for an affine fit or there are four points or more.
    Raises CannotFit.
    """
    method = method or ("affine" if len(points) >= AFFINE_FROM else "similarity")
    _refuse_unusable(points, 3 if method == "affine" else 2)
    matrix = _affine(points) if method == "affine" else _similarity(points)
    _refuse_unlikely(matrix)
    residuals = tuple(math.dist(apply(matrix, point.pixel), point.place) for point in points)
    rms = math.sqrt(sum(one * one for one in residuals) / len(residuals))
    return Fit(matrix, method, residuals, rms)


def matrix_of(numbers: Sequence[float]) -> Matrix:
    """Six numbers as a matrix. Raises ValueError for any other count."""
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def apply(matrix: Matrix, pixel: XY) -> XY:
    """A pixel's place in the building's metres."""
    a, b, c, d, e, f = matrix
    x, y = pixel
    return a * x + c * y + e, b * x + d * y + f


def metres_per_pixel(matrix: Matrix) -> float:
    """The scale: exact for a similarity, the geometric mean of the two directions for an affine matrix."""
    a, b, c, d, _e, _f = matrix
    return math.sqrt(abs(a * d - b * c))


def known_length(
    first: XY,
    second: XY,
    metres: float,
    *,
    height_px: float,
    matrix: Matrix | None = None,
    along: Literal["x", "y"] | None = None,
) -> tuple[ControlPoint, ControlPoint]:
    """Two control points for a line on the picture whose true length is known.

    The first stays where ``matrix`` has it, and the picture keeps its turn; without a matrix the picture is upright
    with its lower left corner at the origin. ``along`` turns it so that the line runs along the building's x or y
    axis, whichever way is nearer. Raises CannotFit.
    """
    if not (math.isfinite(metres) and metres > 0):
        raise CannotFit("no_length")
    if not all(map(math.isfinite, (*first, *second))):
        raise CannotFit("not_a_number")
    line = complex(second[0] - first[0], first[1] - second[1])
    if line == 0:
        raise CannotFit("same_pixel")
    per_pixel = metres / abs(line)
    turn = cmath.phase(complex(matrix[0], matrix[1])) if matrix else 0.0
    angle = cmath.phase(line) + turn
    if along:
        offset = math.pi / 2 if along == "y" else 0.0
        angle = round((angle - offset) / math.pi) * math.pi + offset
    if matrix:
        start = apply(matrix, first)
    else:
        corner = complex(first[0], height_px - first[1]) * per_pixel * cmath.exp(1j * (angle - cmath.phase(line)))
        start = (corner.real, corner.imag)
    step = cmath.rect(metres, angle)
    return ControlPoint(first, start), ControlPoint(second, (start[0] + step.real, start[1] + step.imag))


def paper_matrix(dpi: float, denominator: float, height_px: float) -> Matrix:
    """The matrix of a sheet drawn at 1:``denominator`` and kept at ``dpi``, its lower left corner at the origin.

    Raises CannotFit.
    """
    if not (dpi > 0 and denominator > 0 and math.isfinite(dpi) and math.isfinite(denominator)):
        raise CannotFit("not_a_number")
    scale = _INCH_M / dpi * denominator
    matrix = (scale, 0.0, 0.0, -scale, 0.0, height_px * scale)
    _refuse_unlikely(matrix)
    return matrix


def _refuse_unusable(points: Sequence[ControlPoint], least: int) -> None:
    if len(points) < least:
        raise CannotFit("too_few", {"needed": least, "given": len(points)})
    if not all(math.isfinite(number) for point in points for number in (*point.pixel, *point.place)):
        raise CannotFit("not_a_number")
    if _spread([point.pixel for point in points]) == 0:
        raise CannotFit("same_pixel")
    if _spread([point.place for point in points]) == 0:
        raise CannotFit("same_place")


def _spread(places: Sequence[XY]) -> float:
    return max(math.dist(places[0], place) for place in places)


def _refuse_unlikely(matrix: Matrix) -> None:
    scale = metres_per_pixel(matrix)
    if not FINEST_M <= scale <= COARSEST_M:
        raise CannotFit("unlikely_scale", {"metres_per_pixel": scale})


def _similarity(points: Sequence[ControlPoint]) -> Matrix:
    """Place = k * pixel + t in complex numbers, the pixel's y turned up: the unmirrored similarity."""
    pixels = np.array([complex(point.pixel[0], -point.pixel[1]) for point in points])
    places = np.array([complex(*point.place) for point in points])
    centre, target = pixels.mean(), places.mean()
    spread = pixels - centre
    k = complex((spread.conj() * (places - target)).sum() / (spread.conj() * spread).real.sum())
    t = complex(target - k * centre)
    return k.real, k.imag, k.imag, -k.real, t.real, t.imag


def _affine(points: Sequence[ControlPoint]) -> Matrix:
    pixels = np.array([point.pixel for point in points], dtype=float)
    places = np.array([point.place for point in points], dtype=float)
    centre, target = pixels.mean(axis=0), places.mean(axis=0)
    spread = pixels - centre
    for cloud in (spread, places - target):
        long, short = np.linalg.svd(cloud, compute_uv=False)[:2]
        if short < long * _THINNEST:
            raise CannotFit("in_line")
    linear = np.linalg.lstsq(spread, places - target, rcond=None)[0]
    (a, b), (c, d) = linear.tolist()
    if a * d - b * c >= 0:
        raise CannotFit("mirrored")
    e, f = (target - centre @ linear).tolist()
    return a, b, c, d, e, f
