"""TopoJSON turned into GeoJSON features: shared arcs are put back together, and checked on the way."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .errors import problem

Position = list[float]


def features(root: dict[str, Any], layer: str = "") -> tuple[list[str], str, list[dict[str, Any]]]:
    """The names of the topology's objects, the one that was read, and its features as GeoJSON.

    Raises ImportProblem when several objects are there and none is named, or when the arcs cannot be read.
    """
    objects = root.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise problem(_("The TopoJSON holds no objects."), field="objects")
    layers = list(objects)
    if layer and layer not in objects:
        raise problem(_("There is no layer “%(name)s”; there are: %(names)s"), name=layer, names=", ".join(layers))
    if not layer and len(layers) > 1:
        raise problem(_("The file holds several layers; choose one: %(names)s"), names=", ".join(layers))
    chosen = layer or layers[0]
    arcs = _arcs(root)
    held = objects[chosen]
    parts = held.get("geometries") if isinstance(held, dict) and held.get("type") == "GeometryCollection" else [held]
    if not isinstance(parts, list):
        raise problem(_("A list is missing here."), field=f"objects.{chosen}.geometries")
    return layers, chosen, [_feature(part, arcs, root.get("transform")) for part in parts]


def _arcs(root: dict[str, Any]) -> list[list[Position]]:
    arcs, transform = root.get("arcs"), root.get("transform")
    try:
        return [_decode(arc, transform) for arc in arcs or []]
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise problem(_("The arcs of the TopoJSON cannot be read."), field="arcs") from error


def _decode(arc: list[Any], transform: Any) -> list[Position]:
    """An arc's positions; with a transform they are whole steps from one to the next."""
    if transform is None:
        return [[x + 0, y + 0] for x, y, *_rest in arc]
    x = y = 0
    positions = []
    for dx, dy, *_rest in arc:
        x, y = x + dx, y + dy
        positions.append(_place([x, y], transform))
    return positions


def _place(steps: list[Any], transform: Any) -> Position:
    scale, start = transform["scale"], transform["translate"]
    return [steps[0] * scale[0] + start[0], steps[1] * scale[1] + start[1]]


def _feature(shape: Any, arcs: list[list[Position]], transform: Any) -> dict[str, Any]:
    if not isinstance(shape, dict):
        return {"type": "Feature", "properties": {}, "geometry": shape}
    feature = {"type": "Feature", "properties": shape.get("properties"), "geometry": _geometry(shape, arcs, transform)}
    return feature | ({"id": shape["id"]} if "id" in shape else {})


def _geometry(shape: Any, arcs: list[list[Position]], transform: Any) -> Any:
    """A GeoJSON geometry. What cannot be put together is left for the GeoJSON checks to refuse, with its row."""
    if not isinstance(shape, dict):
        return shape
    kind = shape.get("type")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        inner = shape.get("geometries")
        parts = [_geometry(part, arcs, transform) for part in inner] if isinstance(inner, list) else inner
        return {"type": kind, "geometries": parts}
    try:
        if kind in ("Point", "MultiPoint"):
            held = shape["coordinates"]
            if transform is not None:
                held = _place(held, transform) if kind == "Point" else [_place(each, transform) for each in held]
            return {"type": kind, "coordinates": held}
        return {"type": kind, "coordinates": _join(shape["arcs"], arcs, _DEPTH[kind])}
    except (TypeError, ValueError, KeyError, IndexError):
        return {"type": kind, "coordinates": None}


_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}


def _join(indexes: list[Any], arcs: list[list[Position]], depth: int) -> list[Any]:
    if depth:
        return [_join(part, arcs, depth - 1) for part in indexes]
    line: list[Position] = []
    for index in indexes:
        # ~index means the same arc backwards; each arc begins where the one before ended.
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line += arc[1:] if line else arc
    return line
