"""Writing a plan as IndoorGML 1.0 (OGC 14-005r5), core and navigation modules.

Rooms are cells, openings their boundaries, and a graph of states and transitions says which opening joins what. All
rooms stand in one topographic layer; open rooms and closed rooms are two thematic layers besides, tied to the first
by inter-layer connections. What IndoorGML has no place for is carried as JSON in ``gml:GenericMetaData``.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

import shapely
from shapely import Polygon

from facilities.plan.document import VERTICAL, Document, Opening, Unit, part_to_json, to_json
from facilities.plan.topology import OUTSIDE, Sides, joins, sides

from . import places
from .meta import GENERATOR, CannotExport, Meta, as_uuid, stable_key

GML: Final = "http://www.opengis.net/gml/3.2"
CORE: Final = "http://www.opengis.net/indoorgml/1.0/core"
NAVI: Final = "http://www.opengis.net/indoorgml/1.0/navigation"
XLINK: Final = "http://www.w3.org/1999/xlink"
OWN: Final = "urn:dongne:plan:1"
LOCAL_SRS: Final = "urn:dongne:crs:local-metres"
IMDF: Final = "https://docs.ogc.org/cs/20-094/Categories/"
STOREY_M: Final = 3.0
EMPTY: Final = "empty"

for prefix, space in (("gml", GML), ("core", CORE), ("navi", NAVI), ("xlink", XLINK), ("dongne", OWN)):
    register_namespace(prefix, space)

# What XML 1.0 cannot hold, not even escaped.
_UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(document: Document, meta: Meta) -> bytes:
    """The XML of a plan, in local metres. Raises CannotExport when it has no room: the format has no empty graph."""
    known = {level.key for level in document.levels}
    if not any(unit.level in known for unit in document.units):
        raise CannotExport(EMPTY)
    root = _Writer(document, meta).root()
    indent(root, " ")
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found


@dataclass(frozen=True)
class _Way:
    """From one room to another, by their keys: through an opening, or without one up and down."""

    key: str
    ends: tuple[str, str]
    through: Opening | None = None


class _Writer:
    def __init__(self, document: Document, meta: Meta) -> None:
        self.document, self.meta = document, meta
        self.heights = elevations(document)
        self.units = [unit for unit in document.units if unit.level in self.heights]
        self.openings = [opening for opening in document.openings if opening.level in self.heights]
        self.sides = sides(document)
        self.at = {unit.key: unit.geometry.point_on_surface() for unit in self.units}
        self.ways = self._ways()
        self.openings_of: dict[object, list[str]] = defaultdict(list)
        for opening in self.openings:
            for side in set(self.sides[opening.key]):
                self.openings_of[side].append(opening.key)

    def root(self) -> Element:
        root = Element(_q(CORE, "IndoorFeatures"), {_q(GML, "id"): f"I-{_ncname(self.meta.building_key)}"})
        self._ours(root, "plan", self._whole())
        _text(root, _q(GML, "name"), self.meta.building_name or self.meta.venue_name or GENERATOR)
        self._envelope(root)
        primal = _path(root, (CORE, "primalSpaceFeatures"), (CORE, "PrimalSpaceFeatures"))
        primal.set(_q(GML, "id"), "P-1")
        for unit in self.units:
            self._cell(SubElement(primal, _q(CORE, "cellSpaceMember")), unit)
        for opening in self.openings:
            self._boundary(SubElement(primal, _q(CORE, "cellSpaceBoundaryMember")), opening)
        graph = _path(root, (CORE, "multiLayeredGraph"), (CORE, "MultiLayeredGraph"))
        graph.set(_q(GML, "id"), "G-1")
        self._graph(graph)
        return root

    def _whole(self) -> dict[str, Any]:
        """What is no cell and no boundary: levels with their outlines, fixtures, amenities, teams, the frame."""
        plain = to_json(self.document)
        frame = places.frame_to_json(self.meta.frame)
        kept = {name: plain[name] for name in ("levels", "fixtures", "amenities", "teams")}
        return {**kept, "frame": frame, "building": self.meta.building_key, "plan": self.meta.plan_name}

    def _ours(self, parent: Element, name: str, value: dict[str, Any]) -> None:
        holder = _path(parent, (GML, "metaDataProperty"), (GML, "GenericMetaData"))
        told = json.dumps(value, ensure_ascii=False, allow_nan=False)
        # JSON has its own way of writing what XML cannot hold.
        SubElement(holder, _q(OWN, name)).text = _UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", told)

    def _envelope(self, root: Element) -> None:
        low_x, low_y, high_x, high_y = shapely.total_bounds([unit.geometry for unit in self.units])
        envelope = _path(root, (GML, "boundedBy"), (GML, "Envelope"))
        envelope.set("srsName", LOCAL_SRS)
        envelope.set("srsDimension", "3")
        _text(envelope, _q(GML, "lowerCorner"), _position(low_x, low_y, min(self.heights.values())))
        _text(envelope, _q(GML, "upperCorner"), _position(high_x, high_y, max(self.heights.values())))

    def _feature(self, parent: Element, name: str, id_: str, part: Unit | Opening) -> Element:
        element = SubElement(parent, name, {_q(GML, "id"): id_})
        plain = part_to_json(part)
        del plain["geometry"]
        self._ours(element, "part", plain)
        level = self.document.level_of[part.level]
        use = part.category if isinstance(part, Unit) else part.kind
        storey = (level.short_name or str(level.ordinal)).replace('"', "'")
        _text(element, _q(GML, "description"), f'storey="{storey}":indoor="{use}":')
        told = part.name_ko or part.name_en or part.number if isinstance(part, Unit) else part.name
        if told:
            _text(element, _q(GML, "name"), told)
        return element

    def _cell(self, parent: Element, unit: Unit) -> None:
        passage = unit.category == "walkway" or unit.category in VERTICAL
        name = _q(NAVI, "TransitionSpace" if passage else "GeneralSpace")
        cell = self._feature(parent, name if unit.is_walkable else _q(CORE, "CellSpace"), _id("C", unit.key), unit)
        place = _path(cell, (CORE, "cellSpaceGeometry"), (CORE, "Geometry2D"))
        self._polygon(place, _id("CG", unit.key), unit.geometry, self.heights[unit.level])
        _link(cell, "duality", _id("S", unit.key))
        for opening in self.openings_of[unit.key]:
            _link(cell, "partialboundedBy", _id("B", opening))
        if unit.is_walkable:
            restriction = unit.restriction or "open"
            for word, value in (("class", unit.category), ("function", unit.category), ("usage", restriction)):
                _text(cell, _q(NAVI, word), value).set("codeSpace", IMDF)

    def _polygon(self, parent: Element, id_: str, shape: Polygon, z: float) -> None:
        polygon = SubElement(parent, _q(GML, "Polygon"), {_q(GML, "id"): id_})
        for ring, name in ((shape.exterior, "exterior"), *((hole, "interior") for hole in shape.interiors)):
            _positions(_path(polygon, (GML, name), (GML, "LinearRing")), ring.coords, z)

    def _line(self, parent: Element, id_: str, points: Any, z: float) -> None:
        _positions(SubElement(parent, _q(GML, "LineString"), {_q(GML, "id"): id_}), points, z)

    def _boundary(self, parent: Element, opening: Opening) -> None:
        pair = self.sides[opening.key]
        name = _q(CORE, "CellSpaceBoundary")
        if joins(pair):
            name = _q(NAVI, "AnchorBoundary" if OUTSIDE in pair else "ConnectionBoundary")
        boundary = self._feature(parent, name, _id("B", opening.key), opening)
        if self._is_inside(pair):
            _link(boundary, "duality", _id("T", opening.key))
        place = _path(boundary, (CORE, "cellSpaceBoundaryGeometry"), (CORE, "geometry2D"))
        self._line(place, _id("BG", opening.key), opening.geometry.coords, self.heights[opening.level])

    @staticmethod
    def _is_inside(pair: Sides) -> bool:
        return joins(pair) and OUTSIDE not in pair

    def _graph(self, graph: Element) -> None:
        layers = SubElement(graph, _q(CORE, "spaceLayers"), {_q(GML, "id"): "LS-1"})
        thematic = {
            "open": [unit for unit in self.units if unit.is_walkable and unit.is_open],
            "closed": [unit for unit in self.units if unit.is_walkable and not unit.is_open],
        }
        self._layer(layers, "all", self.units, "")
        for name, units in thematic.items():
            if units:
                self._layer(layers, name, units, f"{name}-")
        ties = [(name, unit) for name, units in thematic.items() for unit in units]
        if ties:
            edges = SubElement(graph, _q(CORE, "interEdges"), {_q(GML, "id"): "IE-1"})
            for name, unit in ties:
                self._tie(edges, name, unit)

    def _layer(self, layers: Element, name: str, units: list[Unit], prefix: str) -> None:
        member = SubElement(layers, _q(CORE, "spaceLayerMember"))
        layer = SubElement(member, _q(CORE, "SpaceLayer"), {_q(GML, "id"): f"L-{name}"})
        if prefix:
            _text(layer, _q(CORE, "usage"), name)
        _text(layer, _q(CORE, "class"), "LOGICAL" if prefix else "TOPOGRAPHIC")
        nodes = SubElement(layer, _q(CORE, "nodes"), {_q(GML, "id"): f"N-{name}"})
        held = {unit.key for unit in units}
        ways = [way for way in self.ways if held >= set(way.ends)]
        ways_of: dict[str, list[_Way]] = defaultdict(list)
        for way in ways:
            for end in way.ends:
                ways_of[end].append(way)
        for unit in units:
            self._state(SubElement(nodes, _q(CORE, "stateMember")), unit, ways_of[unit.key], prefix)
        if ways:
            edges = SubElement(layer, _q(CORE, "edges"), {_q(GML, "id"): f"E-{name}"})
            for way in ways:
                self._transition(SubElement(edges, _q(CORE, "transitionMember")), way, prefix)

    def _state(self, parent: Element, unit: Unit, ways: list[_Way], prefix: str) -> None:
        state = SubElement(parent, _q(CORE, "State"), {_q(GML, "id"): _id(f"{prefix}S", unit.key)})
        if not prefix:
            _link(state, "duality", _id("C", unit.key))
        for way in ways:
            _link(state, "connects", _id(f"{prefix}T", way.key))
        place = SubElement(state, _q(CORE, "geometry"))
        point = SubElement(place, _q(GML, "Point"), {_q(GML, "id"): _id(f"{prefix}SG", unit.key)})
        at = self.at[unit.key]
        _text(point, _q(GML, "pos"), _position(at.x, at.y, self.heights[unit.level])).set("srsDimension", "3")

    def _transition(self, parent: Element, way: _Way, prefix: str) -> None:
        """An edge of the graph; its weight is the length of the way in metres."""
        points = [(*self.at[key].coords[0], self.heights[self.document.get("units", key).level]) for key in way.ends]
        if way.through is not None:
            middle = way.through.geometry.interpolate(0.5, normalized=True)
            points.insert(1, (middle.x, middle.y, points[0][2]))
        steps = (sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 for one, other in pairwise(points))
        edge = SubElement(parent, _q(CORE, "Transition"), {_q(GML, "id"): _id(f"{prefix}T", way.key)})
        _text(edge, _q(CORE, "weight"), f"{sum(steps):.3f}")
        for key in way.ends:
            _link(edge, "connects", _id(f"{prefix}S", key))
        if way.through is not None and not prefix:
            _link(edge, "duality", _id("B", way.through.key))
        self._line(SubElement(edge, _q(CORE, "geometry")), _id(f"{prefix}TG", way.key), points, 0.0)

    def _ways(self) -> list[_Way]:
        """Through openings from room to room, and up and down."""
        doors = [opening for opening in self.openings if self._is_inside(self.sides[opening.key])]
        found = [_Way(door.key, (str(self.sides[door.key][0]), str(self.sides[door.key][1])), door) for door in doors]
        for below, above in self._rises():
            found.append(_Way(stable_key("rise", below.key, above.key), (below.key, above.key)))
        return found

    def _rises(self) -> list[tuple[Unit, Unit]]:
        """Stairs, lifts and ramps of one shaft, each with the next one up."""
        chains: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.units:
            if unit.shaft and unit.category in VERTICAL:
                chains.setdefault((unit.shaft, unit.category), []).append(unit)
        found = []
        for chain in chains.values():
            rising = sorted(chain, key=lambda unit: self.heights[unit.level])
            found += list(pairwise(rising))
        return found

    def _tie(self, edges: Element, name: str, unit: Unit) -> None:
        member = SubElement(edges, _q(CORE, "interLayerConnectionMember"))
        id_ = {_q(GML, "id"): _id(f"{name}-IL", unit.key)}
        tie = SubElement(member, _q(CORE, "InterLayerConnection"), id_)
        _text(tie, _q(CORE, "typeOfTopoExpression"), "EQUALS")
        for state in (_id("S", unit.key), _id(f"{name}-S", unit.key)):
            _link(tie, "interConnects", state)
        for layer in ("L-all", f"L-{name}"):
            _link(tie, "ConnectedLayers", layer)


def elevations(document: Document) -> dict[str, float]:
    """How high each level's floor lies above the ground floor's (metres); a height not known counts as 3 m."""
    found: dict[str, float] = {}
    levels = document.ordered_levels()
    z = min([level.ordinal for level in levels] + [0]) * STOREY_M
    for level, above in zip(levels, [*levels[1:], None], strict=True):
        found[level.key] = z
        storeys = 1 if above is None else max(above.ordinal - level.ordinal, 0)
        z += storeys * (level.height_m or STOREY_M)
    return found


def _q(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _ncname(key: str) -> str:
    return as_uuid(key) or stable_key("key", key)


def _id(prefix: str, key: str) -> str:
    return f"{prefix}-{_ncname(key)}"


def _path(parent: Element, *names: tuple[str, str]) -> Element:
    for space, name in names:
        parent = SubElement(parent, _q(space, name))
    return parent


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _UNFIT.sub(" ", text)
    return element


def _link(parent: Element, name: str, target: str) -> None:
    SubElement(parent, _q(CORE, name), {_q(XLINK, "href"): f"#{target}"})


def _position(x: float, y: float, z: float) -> str:
    return f"{x:.4f} {y:.4f} {z:.4f}"


def _positions(parent: Element, points: Any, z: float) -> None:
    for x, y, *more in points:
        _text(parent, _q(GML, "pos"), _position(x, y, more[0] if more else z)).set("srsDimension", "3")
