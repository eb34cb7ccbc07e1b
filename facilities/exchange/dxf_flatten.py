"""The modelspace of a DXF as one list of lines and texts: blocks taken apart, within limits.

Layer names are made printable (``layer_key``) but not read in another encoding, so that a name means the same layer
whatever encoding a person chooses.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from ezdxf.document import Drawing
from ezdxf.entities import Insert

from . import dxf_entities, report
from .dxf_entities import Piece, Place, Points, Text
from .report import ImportRefused

MAX_ENTITIES = 200_000
MAX_DEPTH = 8
MAX_SECONDS = 15.0
# Beyond this a coordinate is a slip: the Earth is 1.6e9 inches round.
FARTHEST = 1e10
# Flattened curves count for as many entities as they have corners, divided by this.
_CORNERS_PER_ENTITY = 8


@dataclass
class Flat:
    """``dropped`` counts, by layer and kind, what draws no line; ``hidden``, by layer, what is switched off;
    ``layers`` has each layer's name as ezdxf read it, by its key; ``invalid`` counts what is damaged or has no finite
    place, ``too_deep`` blocks nested too deeply."""

    pieces: list[Piece] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    layers: dict[str, str] = field(default_factory=dict)
    invalid: int = 0
    too_deep: int = 0


def layer_key(name: str) -> str:
    """A layer's name as plain text: bytes without a letter are written out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def flatten(drawing: Drawing, wanted: Callable[[Place], bool] = lambda _place: True) -> Flat:
    """Everything at the places that are wanted. Raises ImportRefused where it is too much or takes too long."""
    walk = _Walk(drawing, wanted)
    walk.take_all(drawing.modelspace(), Place("0"), depth=0)
    return walk.flat


class _Walk:
    def __init__(self, drawing: Drawing, wanted: Callable[[Place], bool]) -> None:
        self.wanted = wanted
        self.flat = Flat()
        self._steps = 0
        self._inserts = 0
        self._until = time.process_time() + MAX_SECONDS
        self._off = {layer_key(row.dxf.name).lower() for row in drawing.layers if row.is_frozen() or row.is_off()}

    def take_all(self, entities: Any, place: Place, depth: int) -> None:
        for entity in entities:
            self._count(1)
            if not entity.dxf.is_supported("layer"):
                self.flat.dropped[place.layer, entity.dxftype()] += 1
                continue
            raw = str(entity.dxf.get("layer", "0"))
            name = layer_key(raw)
            self.flat.layers[name] = raw
            # Inside a block, layer 0 means the layer that the block was inserted on.
            here = replace(place, layer=place.layer if name == "0" and depth else name)
            if entity.dxf.get("invisible", 0) or here.layer.lower() in self._off:
                self.flat.hidden[here.layer] += 1
            elif isinstance(entity, Insert):
                self._explode(entity, here, depth)
            elif self.wanted(here):
                self._take(entity, here)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_ENTITIES:
            raise _too_many(self._steps)
        if time.process_time() > self._until:
            raise ImportRefused(report.TOO_SLOW, {"seconds": round(MAX_SECONDS)})

    def _explode(self, insert: Insert, place: Place, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self.flat.too_deep += 1
            return
        self._inserts += 1
        name = layer_key(str(insert.dxf.get("name", "")))
        inner = place if place.insert else Place(place.layer, name, self._inserts, place.layer)
        for attribute in insert.attribs:
            if not attribute.is_invisible and self.wanted(inner):
                self._take(attribute, inner)
        block = insert.block()
        if block is None:
            self.flat.invalid += 1
            return
        for each in _single(insert):
            self._count(1 + len(block))
            try:
                entities = list(each.virtual_entities())
            except Exception:  # ezdxf raises many kinds for a block that cannot be placed
                self.flat.invalid += 1
                return
            self.take_all((entity for entity in entities if entity.dxftype() != "ATTDEF"), inner, depth + 1)

    def _take(self, entity: Any, place: Place) -> None:
        kind = entity.dxftype()
        if not dxf_entities.readable(kind):
            self.flat.dropped[place.layer, kind] += 1
            return
        try:
            found = dxf_entities.read(entity, place)
        except Exception:  # a damaged entity raises many kinds; the others are still good
            self.flat.invalid += 1
            return
        for item in found:
            self._keep(item)

    def _keep(self, item: Piece | Text) -> None:
        if isinstance(item, Text):
            if _finite(np.array([item.at, item.insert])):
                self.flat.texts.append(item)
        elif len(item.points) >= 2 and all(map(_finite, (item.points, *item.holes))):
            self.flat.pieces.append(item)
            self._count(len(item.points) // _CORNERS_PER_ENTITY)
        else:
            self.flat.invalid += 1


def _finite(points: Points) -> bool:
    # Comparing with nan is false.
    return bool((np.abs(points) < FARTHEST).all())


def _single(insert: Insert) -> Iterator[Insert]:
    """The insertions that one in rows and columns stands for."""
    if insert.mcount > MAX_ENTITIES:
        raise _too_many(insert.mcount)
    if insert.mcount > 1:
        yield from insert.multi_insert()
    else:
        yield insert


def _too_many(count: int) -> ImportRefused:
    return ImportRefused(report.TOO_MANY, {"what": "entities", "count": count, "limit": MAX_ENTITIES})
