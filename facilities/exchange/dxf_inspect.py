"""What a DXF holds, for the person who has to say what it means: layers, sizes, units, encodings."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import dxf_file, dxf_own
from .dxf_entities import Arc, Piece, Text
from .dxf_file import ENCODINGS, DxfFile
from .dxf_flatten import Flat, flatten
from .dxf_options import HEADER_UNITS, METRES, Role, Unit
from .linework import Floats, joined, segments_of

SAMPLES = 8
# A door's leaf, and how long a building is: the unit in which both are likely is the likely one.
_LEAF_M = (0.55, 1.3)
_BUILDING_M = (5.0, 300.0)
_LETTER_M = (0.05, 0.8)
_ARCS_TRIED = 100

# The first that is found decides; what is neither a room nor a wall stands first.
_ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    ("rooms", r"^a-(room|area|spac)-(?!t)"),
    ("ignore", r"dim|치수|foot(er|ing)|foundation|hatch|grid|axis|중심선|defpoint|furn|가구|plant|조경"),
    ("ignore", r"topo|beam|slab|roof|stair|fixt|amen"),
    ("doors", r"door|window|\bwid\b|open|문|창호|glaz|puerta"),
    ("walls", r"wall|벽|wal\b|partition|footprint|외곽|\bmur|pared"),
    ("texts", r"text|txt|name|note|글|문자|실명|이름"),
    ("rooms", r"room|space|area|zone|실\b|구획|면적|용도"),
)
_ROLES_SAID = tuple((role, re.compile(words, re.IGNORECASE)) for role, words in _ROLE_WORDS)


@dataclass(frozen=True)
class LayerSummary:
    """``size`` is width and height in drawing units; ``closed`` counts rings, ``texts`` writings. ``name`` is as the
    guessed encoding reads it."""

    key: str
    name: str
    counts: Mapping[str, int]
    closed: int
    texts: int
    size: tuple[float, float]
    hidden: bool
    guess: Role


@dataclass(frozen=True)
class UnitGuess:
    """What the drawing would be in a unit: metres across, the doors' usual leaf (None: no doors seen), how likely."""

    unit: Unit
    width_m: float
    height_m: float
    leaf_m: float | None
    score: float


@dataclass(frozen=True)
class DxfSummary:
    """``unit`` is the likely one, ``header_unit`` what the file says ("" for nothing). ``samples`` are some of the
    texts in each encoding."""

    version: str
    header_unit: str
    unit: Unit
    units: tuple[UnitGuess, ...]
    encoding: str
    header_encoding: str
    samples: Mapping[str, tuple[str, ...]]
    layers: tuple[LayerSummary, ...]
    blocks: Mapping[str, int]
    mended: tuple[str, ...]
    errors: tuple[str, ...]
    georeferenced: bool
    own: bool
    own_levels: tuple[str, ...] = ()

    @property
    def unit_is_doubtful(self) -> bool:
        return self.unit != self.header_unit


def inspect(source: Path | bytes) -> DxfSummary:
    """Raises ImportRefused for what is no DXF, is beyond repair, or too large."""
    file = dxf_file.load(source)
    flat = flatten(file.drawing)
    return summary_of(file, flat)


def summary_of(file: DxfFile, flat: Flat) -> DxfSummary:
    texts = [text.text for text in flat.texts]
    encoding = dxf_file.guessed_encoding([*texts, *flat.layers.values()], file.encoding)
    header_unit = HEADER_UNITS.get(int(dxf_file.header(file.drawing, "$INSUNITS", 0) or 0), "")
    units = unit_guesses(flat.pieces, flat.texts, header_unit)
    return DxfSummary(
        version=str(file.drawing.acad_release),
        header_unit=header_unit,
        unit=max(units, key=lambda guess: guess.score).unit,
        units=units,
        encoding=encoding,
        header_encoding=file.encoding,
        samples={each: _samples(file, texts, each) for each in ENCODINGS},
        layers=_layers(file, flat, encoding),
        blocks=_blocks(flat.pieces),
        mended=file.mended,
        errors=file.errors,
        georeferenced=file.drawing.modelspace().get_geodata() is not None,
        own=dxf_own.is_own(file.drawing),
        own_levels=dxf_own.level_names(file.drawing),
    )


def _samples(file: DxfFile, texts: list[str], encoding: str) -> tuple[str, ...]:
    """Texts that differ between encodings, or any where none does."""
    foreign = [text for text in texts if not text.isascii()]
    shown = [text for text in dict.fromkeys(foreign or texts) if any(letter.isalpha() for letter in text)]
    return tuple(file.text(text, encoding)[:40] for text in shown[:SAMPLES])


def _layers(file: DxfFile, flat: Flat, encoding: str) -> tuple[LayerSummary, ...]:
    pieces: dict[str, list[Piece]] = {}
    texts: Counter[str] = Counter()
    for piece in flat.pieces:
        pieces.setdefault(piece.layer, []).append(piece)
    for text in flat.texts:
        texts[text.layer] += 1
    dropped: dict[str, Counter[str]] = {}
    for (layer, kind), count in flat.dropped.items():
        dropped.setdefault(layer, Counter())[kind] += count
    keys = dict.fromkeys([*pieces, *texts, *dropped, *flat.hidden])
    found = []
    for key in sorted(keys, key=str.lower):
        own = pieces.get(key, [])
        counts = dict(Counter(piece.kind for piece in own) + dropped.get(key, Counter()))
        closed = sum(is_ring(piece) for piece in own)
        name = file.text(flat.layers.get(key, key), encoding)
        guess = _role(name, own, closed, texts[key]) if key not in flat.hidden else "ignore"
        hidden = key in flat.hidden
        found.append(LayerSummary(key, name, counts, closed, texts[key], _size(own), hidden, guess))
    return tuple(found)


def is_ring(piece: Piece) -> bool:
    return (piece.closed or bool(np.array_equal(piece.points[0], piece.points[-1]))) and len(piece.points) > 2


def _size(pieces: Sequence[Piece]) -> tuple[float, float]:
    if not pieces:
        return 0.0, 0.0
    width, height = np.ptp(np.concatenate([piece.points for piece in pieces]), axis=0)
    return float(width), float(height)


def _role(name: str, pieces: Sequence[Piece], closed: int, texts: int) -> Role:
    """What a layer is likely to be, by its name and then by what is on it."""
    said = next((role for role, words in _ROLES_SAID if words.search(name)), None)
    if said == "rooms" and not closed:
        said = None
    if said in ("walls", "doors") and not pieces:
        said = None
    if said is None and texts and texts >= len(pieces):
        said = "texts"
    return said or "ignore"


def _blocks(pieces: Sequence[Piece]) -> dict[str, int]:
    inserts = {(piece.place.insert, piece.place.block) for piece in pieces if piece.place.insert}
    return dict(Counter(block for _number, block in inserts).most_common(40))


def unit_guesses(pieces: Sequence[Piece], texts: Sequence[Text], header: str) -> tuple[UnitGuess, ...]:
    """How large everything would be in each unit, and how likely that is."""
    size = extent(pieces)
    leaf = usual_leaf(pieces)
    letter = float(np.median([text.height for text in texts])) if texts else None
    found = []
    for unit, metres in METRES.items():
        width, height = size[0] * metres, size[1] * metres
        leaf_m = None if leaf is None else leaf * metres
        score = 2.0 * _within(max(width, height), _BUILDING_M) + 0.5 * (unit == header)
        score += 4.0 * (leaf_m is not None and _within(leaf_m, _LEAF_M))
        score += 1.0 * (letter is not None and _within(letter * metres, _LETTER_M))
        found.append(UnitGuess(unit, width, height, leaf_m, score))
    return tuple(found)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def extent(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Width and height of all but the outermost hundredth, so that one stray line does not count."""
    if not pieces:
        return 0.0, 0.0
    points = np.concatenate([piece.points for piece in pieces])
    low, high = np.percentile(points, [0.5, 99.5], axis=0) if len(points) > 400 else (points.min(0), points.max(0))
    return float(high[0] - low[0]), float(high[1] - low[1])


def usual_leaf(pieces: Sequence[Piece]) -> float | None:
    """The radius that most swings of doors have: quarter circles with a leaf drawn from their centre."""
    arcs = [arc for piece in pieces for arc in piece.arcs if 75 <= arc.sweep <= 105][:_ARCS_TRIED]
    straight = [segments_of(piece.points, piece.closed) for piece in pieces if not piece.arcs]
    segments = joined(straight)
    radii = np.array([arc.radius for arc in arcs if _has_leaf(arc, segments)])
    if not len(radii):
        return None
    logs = np.log(radii)
    votes = [(np.abs(logs - log) < 0.2).sum() for log in logs]
    return float(np.median(radii[np.abs(logs - logs[int(np.argmax(votes))]) < 0.2]))


def _has_leaf(arc: Arc, segments: Floats) -> bool:
    """Whether a line runs from the arc's centre to one of its ends."""
    near = 0.15 * arc.radius
    at_hinge = np.hypot(*(segments - arc.centre).transpose(2, 0, 1)) < near
    for tip in (arc.start, arc.end):
        at_tip = np.hypot(*(segments - tip).transpose(2, 0, 1)) < near
        if ((at_hinge[:, 0] & at_tip[:, 1]) | (at_hinge[:, 1] & at_tip[:, 0])).any():
            return True
    return False
