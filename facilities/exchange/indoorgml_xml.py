"""The elements of an IndoorGML file (OGC 14-005, 19-011) as plain values, read as they stream by.

Versions 1.0 to 1.1 differ in namespaces and in the case of a letter here and there, so elements are known by their
local names.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from numpy.typing import NDArray

from . import jsontext
from .report import BROKEN, NOT_THIS_FORMAT, TOO_MANY, ImportRefused

UNSAFE: Final = "indoorgml.unsafe"  # the XML declares a document type or entities
ELEMENTS_MAX: Final = 3_000_000

Ring: TypeAlias = NDArray[np.float64]  # (n, 3)
Face: TypeAlias = list[Ring]

_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["'](euc-kr|cp949|ks_c_5601-1987|ms949)["']""", re.I)
_HREF: Final = "{http://www.w3.org/1999/xlink}href"


@dataclass
class Shape:
    """``faces`` are polygons, ``lines`` curves; ``borrowed`` the ids of polygons that stand elsewhere in the file."""

    faces: list[Face] = field(default_factory=list)
    lines: list[Ring] = field(default_factory=list)
    borrowed: list[str] = field(default_factory=list)


@dataclass
class Feature:
    """A cell or a boundary. ``type`` is the element's name, ``codes`` its class, function and usage."""

    id: str
    type: str
    name: str = ""
    description: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)
    duality: str = ""
    bounded_by: list[str] = field(default_factory=list)
    ours: dict[str, Any] | None = None


@dataclass
class Content:
    srs: str = ""
    ours: dict[str, Any] | None = None
    cells: list[Feature] = field(default_factory=list)
    boundaries: list[Feature] = field(default_factory=list)
    # The cell of each state, and the states that each transition joins.
    states: dict[str, str] = field(default_factory=dict)
    transitions: dict[str, list[str]] = field(default_factory=dict)
    polygons: dict[str, Face] = field(default_factory=dict)


def parse(data: bytes) -> Content:
    """Raises ImportRefused for what is no IndoorGML, and for XML that could do harm."""
    found = Content()
    try:
        for element in _members(_in_utf8(data)):
            _take(element, found)
            element.clear()
    except DefusedXmlException as error:
        raise ImportRefused(UNSAFE) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise ImportRefused(BROKEN, {"detail": str(error)[:200]}) from error
    for feature in [*found.cells, *found.boundaries]:
        lent = [found.polygons[id_] for id_ in feature.shape.borrowed if id_ in found.polygons]
        feature.shape.faces.extend(lent)
    return found


def _in_utf8(data: bytes) -> bytes:
    """Korean files may be in an encoding that the parser does not know."""
    if not _ENCODING.match(data[:200]):
        return data
    return data.decode("cp949").partition("?>")[2].encode()


def _members(data: bytes) -> Iterator[Element]:
    """Each element that is complete in itself, once it has been read, and the root's own facts as they come."""
    whole = {"cellSpaceMember", "cellSpaceBoundaryMember", "stateMember", "transitionMember"}
    alone = {"metaDataProperty", "boundedBy"}
    depth = count = 0
    for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
        count += event == "start"
        if count == 1 and event == "start" and not _is_indoorgml(element):
            raise ImportRefused(NOT_THIS_FORMAT, {"expected": "IndoorGML"})
        if count > ELEMENTS_MAX:
            raise ImportRefused(TOO_MANY, {"what": "elements", "count": count, "limit": ELEMENTS_MAX})
        depth += 1 if event == "start" else -1
        name = local(element)
        if event == "end" and (name in whole or (name in alone and depth == 1)):
            yield element


def _is_indoorgml(root: Element) -> bool:
    return local(root) == "IndoorFeatures" and "indoorgml" in root.tag.lower()


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _take(element: Element, found: Content) -> None:
    name = local(element)
    if name == "metaDataProperty":
        found.ours = _ours(element)
    elif name == "boundedBy":
        found.srs = found.srs or _srs(element)
    elif len(element) == 0:
        return
    elif name == "stateMember":
        state = element[0]
        found.states[_id(state)] = _target(_child(state, "duality"))
    elif name == "transitionMember":
        ends = [_target(child) for child in element[0] if local(child) == "connects"]
        found.transitions[_id(element[0])] = ends
    else:
        feature = _feature(element[0], found)
        (found.cells if name == "cellSpaceMember" else found.boundaries).append(feature)


def _feature(element: Element, found: Content) -> Feature:
    found.srs = found.srs or _srs(element)
    feature = Feature(_id(element), local(element))
    for child in element:
        name = local(child)
        if name in {"name", "description"}:
            setattr(feature, name, " ".join((child.text or "").split()))
        elif name in {"class", "function", "usage"}:
            feature.codes[name] = (child.text or "").strip()
        elif name == "duality":
            feature.duality = _target(child)
        elif name.lower() == "partialboundedby":
            feature.bounded_by.append(_target(child))
        elif name == "metaDataProperty":
            feature.ours = _ours(child)
        elif "geometry" in name.lower():
            _shape(child, feature.shape, found.polygons)
    return feature


def _shape(element: Element, shape: Shape, polygons: dict[str, Face], size: str = "") -> None:
    """Collect the polygons and curves below an element; ``size`` is the srsDimension stated further up."""
    for child in element:
        name = local(child)
        size_here = child.get("srsDimension", size)
        if name in {"Polygon", "PolygonPatch", "Triangle", "Rectangle"}:
            face = [ring for each in child.iter() if (ring := points(each, size_here)) is not None]
            if face:
                shape.faces.append(face)
                polygons[_id(child)] = face
        elif name in _LINES:
            line = points(child, size_here)
            if line is not None:
                shape.lines.append(line)
        elif name == "surfaceMember" and child.get(_HREF):
            shape.borrowed.append(_target(child))
        else:
            _shape(child, shape, polygons, size_here)


_LINES: Final = frozenset({"LineString", "LineStringSegment"})


def points(element: Element, size: str = "") -> Ring | None:
    """The positions of a ring or a line, as (n, 3); z is 0 where there is none. None for any other element."""
    if local(element) not in {"LinearRing", *_LINES}:
        return None
    found: list[list[float]] = []
    for child in element.iter():
        name, text = local(child), (child.text or "").strip()
        if name == "pos":
            found.append(list(map(float, text.split())))
        elif name in {"posList", "coordinates"}:
            numbers = list(map(float, text.replace(",", " ").split()))
            said = child.get("srsDimension", element.get("srsDimension", size))
            step = int(said) if said in {"2", "3"} else _dimension(numbers, text)
            found.extend(numbers[start : start + step] for start in range(0, len(numbers), step))
    if len(found) < 2 or any(len(position) < 2 for position in found):
        return None
    ring = np.array([[*position, 0.0][:3] for position in found])
    return ring if np.isfinite(ring).all() else None


def _dimension(numbers: list[float], text: str) -> int:
    """Of a list that does not state it: by its commas, or as a ring of it would be closed, or as it can be divided."""
    if "," in text:
        return 3 if text.split()[0].count(",") == 2 else 2
    for size in (3, 2):
        if len(numbers) % size == 0 and numbers[:size] == numbers[-size:]:
            return size
    return 3 if len(numbers) % 3 == 0 else 2


def _srs(element: Element) -> str:
    return next((each.get("srsName", "") for each in element.iter() if each.get("srsName")), "")


def _id(element: Element) -> str:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "id"), "")


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child) == name), None)


def _target(element: Element | None) -> str:
    return "" if element is None else element.get(_HREF, "").lstrip("#")


def _ours(element: Element) -> dict[str, Any] | None:
    """What our own exports say of a feature: JSON within ``dongne:plan`` or ``dongne:part``."""
    for child in element.iter():
        if local(child) in {"plan", "part"} and "dongne" in child.tag:
            value = jsontext.parse((child.text or "").encode("utf-8", "replace"))
            return value if isinstance(value, dict) else None
    return None
