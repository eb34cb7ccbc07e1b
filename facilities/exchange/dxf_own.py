"""Our own DXF exports, read back: every part carries its attributes as XDATA, so that nothing is guessed.

The XDATA of application ``DONGNE`` are texts that, put together, are one JSON object; ``kind`` says what it is:
"level" (on the title, with ``offset``: where the level's origin is laid out, metres), "outline" (``of`` a level,
``part``, ``ring``), "units", "openings", "fixtures", "amenities" (the attributes of ``facilities.plan.document``; an
opening's own kind is ``opening``, a fixture that is a line is ``open``),
"hole" (``of`` a unit or fixture, ``ring``), and "drawn" for what only helps the eye. See ``dxf_write`` for the layers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ezdxf.document import Drawing
from shapely import LineString, MultiPolygon, Point, Polygon

from facilities.plan.document import KINDS, UNIT_CATEGORIES, Kind

from . import dxf_entities
from .draft import Draft
from .dxf_entities import Piece, Place, Points
from .meta import stable_key

APPLICATION = "DONGNE"
ROOM_LAYER = "A-ROOM-"
DRAWN = "drawn"
# What was drawn in our export by hand, with no attributes: rooms are taken, the rest is counted.
ADDED = "dxf.added"  # count, keys: rooms drawn by hand in our export
NOT_OURS = "dxf.not_ours"  # count: other things drawn by hand, not taken
_CHUNK = 240


def packed(record: dict[str, Any]) -> list[tuple[int, str]]:
    """The record as XDATA: plain ASCII, in pieces that every program takes."""
    text = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
    return [(1000, text[start : start + _CHUNK]) for start in range(0, len(text), _CHUNK)]


def record_of(entity: Any) -> dict[str, Any] | None:
    """What an entity says of itself; None when it is not ours, or was damaged."""
    if not entity.has_xdata(APPLICATION):
        return None
    text = "".join(str(tag.value) for tag in entity.get_xdata(APPLICATION) if tag.code == 1000)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _records(drawing: Drawing) -> Iterator[tuple[Any, dict[str, Any]]]:
    for entity in drawing.modelspace():
        record = record_of(entity)
        if record is not None:
            yield entity, record


def is_own(drawing: Drawing) -> bool:
    if not drawing.appids.has_entry(APPLICATION):
        return False
    return any(record.get("kind") == "level" for _entity, record in _records(drawing))


def level_names(drawing: Drawing) -> tuple[str, ...]:
    """The short names of the levels in our export, as they lie in it."""
    if not drawing.appids.has_entry(APPLICATION):
        return ()
    levels = [record for _entity, record in _records(drawing) if record.get("kind") == "level"]
    return tuple(str(record.get("short_name") or record.get("ordinal") or 0) for record in levels)


@dataclass
class _Sheet:
    """What is found before it can be put together."""

    levels: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: list[tuple[Kind, dict[str, Any], Points]] = field(default_factory=list)
    rings: dict[tuple[str, str], list[tuple[int, int, Points]]] = field(default_factory=dict)
    by_hand: list[Piece] = field(default_factory=list)
    others: int = 0


def read_own(drawing: Drawing, metres: float, draft: Draft) -> None:
    """Put the parts of our export into the draft. ``metres`` is what one drawing unit is."""
    sheet = _sheet_of(drawing, metres)
    offsets = {key: _offset(record) for key, record in sheet.levels.items()}
    names: dict[str, str] = {}
    for key, record in sheet.levels.items():
        names[key] = draft.add_level(key, record, _outline(sheet, key, offsets[key]))
    for kind, record, points in sheet.parts:
        level = str(record.get("level", ""))
        shape = _shape(kind, record, points, sheet, offsets.get(level, np.zeros(2)))
        values = {**record, "kind": record.get("opening")} if kind == "openings" else record
        draft.add(kind, record.get("key"), names.get(level, ""), shape, values)
    _add_by_hand(sheet, offsets, names, draft)


def _sheet_of(drawing: Drawing, metres: float) -> _Sheet:
    sheet = _Sheet()
    for entity in drawing.modelspace():
        record = record_of(entity)
        points = _points(entity, metres)
        kind = record.get("kind") if record is not None else None
        if record is None:
            _note_foreign(sheet, entity, metres)
        elif kind == "level":
            sheet.levels.setdefault(str(record.get("key", "")), record)
        elif kind in KINDS and points is not None:
            sheet.parts.append((kind, record, points))
        elif kind in ("outline", "hole") and points is not None:
            place = (_whole(record.get("part")), _whole(record.get("ring")), points)
            sheet.rings.setdefault((kind, str(record.get("of", ""))), []).append(place)
    return sheet


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _points(entity: Any, metres: float) -> Points | None:
    if entity.dxftype() == "POINT":
        return np.array([[entity.dxf.location.x, entity.dxf.location.y]]) * metres
    if entity.dxftype() not in ("LINE", "LWPOLYLINE", "POLYLINE", "CIRCLE"):
        return None
    try:
        pieces = [item for item in dxf_entities.read(entity, Place("")) if isinstance(item, Piece)]
    except Exception:  # ezdxf raises many kinds for a damaged entity; without points it is left out
        return None
    return pieces[0].points * metres if pieces and np.isfinite(pieces[0].points).all() else None


def _note_foreign(sheet: _Sheet, entity: Any, metres: float) -> None:
    points = _points(entity, metres)
    layer = str(entity.dxf.get("layer", "0"))
    ring = points is not None and len(points) > 2 and entity.dxftype() in ("LWPOLYLINE", "POLYLINE", "CIRCLE")
    if points is not None and ring and layer.upper().startswith(ROOM_LAYER):
        sheet.by_hand.append(Piece(Place(layer), entity.dxftype(), points, True))
    else:
        sheet.others += 1


def _offset(record: dict[str, Any]) -> Points:
    value = record.get("offset")
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, int | float) for each in value):
        return np.array(value, dtype=float)
    return np.zeros(2)


def _outline(sheet: _Sheet, level: str, offset: Points) -> Polygon | MultiPolygon | None:
    parts: dict[int, list[tuple[int, Points]]] = {}
    for part, ring, points in sheet.rings.get(("outline", level), []):
        parts.setdefault(part, []).append((ring, points - offset))
    polygons = [
        _polygon([points for _ring, points in sorted(rings, key=_first)]) for _part, rings in sorted(parts.items())
    ]
    found = [polygon for polygon in polygons if polygon is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else MultiPolygon(found)


def _first(pair: tuple[int, Points]) -> int:
    return pair[0]


def _polygon(rings: list[Points]) -> Polygon | None:
    usable = [ring for ring in rings if len(ring) > 2]
    return Polygon(usable[0], usable[1:]) if usable else None


def _shape(kind: Kind, record: dict[str, Any], points: Points, sheet: _Sheet, offset: Points) -> Any:
    here = points - offset
    if kind == "amenities":
        return Point(here[0])
    if kind == "openings" or record.get("open") is True:
        return LineString(here) if len(here) > 1 else None
    holes = sorted(sheet.rings.get(("hole", str(record.get("key", ""))), []), key=lambda hole: hole[1])
    return _polygon([here, *(ring - offset for _part, _ring, ring in holes)])


def _add_by_hand(sheet: _Sheet, offsets: dict[str, Points], names: dict[str, str], draft: Draft) -> None:
    """Rooms that somebody drew in our export: on the level beside whose origin they lie."""
    if sheet.others:
        draft.notes.add(NOT_OURS, "note", shapes=sheet.others)
    starts = sorted((float(offset[0]), key) for key, offset in offsets.items())
    for piece in sheet.by_hand if starts else []:
        left = float(piece.points[:, 0].min())
        key = next((key for start, key in reversed(starts) if start <= left + _SLACK_M), starts[0][1])
        category = piece.layer.upper().removeprefix(ROOM_LAYER).lower()
        values = {"category": category if category in UNIT_CATEGORIES else "unspecified"}
        ring = piece.points - offsets[key]
        wanted = stable_key("dxf", key, ring.round(4).tolist())
        for made in draft.add("units", wanted, names[key], Polygon(ring), values):
            draft.notes.add(ADDED, "note", key=made)


_SLACK_M = 2.0
