"""Values of a record's fields, as stored or as in a conflict, told in words: for history and conflicts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.gis.db.models.fields import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_core.crs import STORAGE_SRID, reproject
from gis_core.editing.shapes import to_geojson
from gis_core.geometry import from_geojson
from gis_core.layers.layer import Layer, Property

from .display import text_of


def field_title(layer: Layer, name: str) -> str:
    field = layer.model._meta.get_field(name)
    return capfirst(str(getattr(field, "verbose_name", name)))


class StateText:
    """Texts of (field, value) pairs. Related records are read once per model, however many values there are."""

    def __init__(self, layer: Layer, pairs: Iterable[tuple[str, Any]]) -> None:
        self._layer = layer
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for name, value in pairs:
            related = self._related(name)
            if related is not None and value is not None:
                wanted[related].update(value if isinstance(value, list | tuple | set | frozenset) else [value])
        self._names = {model: model._default_manager.in_bulk(ids) for model, ids in wanted.items()}

    def _related(self, name: str) -> type[models.Model] | None:
        field = self._layer.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            model = field.related_model
            assert isinstance(model, type)
            return model
        return None

    def of(self, name: str, value: Any) -> str:
        """The value in words; an empty string for nothing."""
        if value is None or value == "" or value == [] or value == frozenset():
            return ""
        if name in self._layer.words:
            return self._layer.words[name](value)
        field = self._layer.model._meta.get_field(name)
        related = self._related(name)
        if related is not None:
            ids = value if isinstance(value, list | tuple | set | frozenset) else [value]
            return ", ".join(str(self._names[related].get(pk, f"#{pk}")) for pk in sorted(ids))
        if isinstance(field, GeometryField):
            return shape_text(value)
        assert isinstance(field, models.Field)
        told = (prop for prop in self._layer.resolved_properties if prop.name == name)
        prop = next(told, None) or Property(name).resolved(self._layer.model)
        if prop.type == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        return text_of(prop, value)


def shape_text(value: GEOSGeometry | dict[str, Any]) -> str:
    """A shape in words: a point's coordinates, or an area's size, parts and corners."""
    geojson = value if isinstance(value, dict) else to_geojson(value)
    assert geojson is not None
    if geojson["type"] == "Point":
        lon, lat = geojson["coordinates"]
        return f"{lon:.6f}, {lat:.6f}"
    shape = reproject(from_geojson(geojson), 4326, STORAGE_SRID)
    if geojson["type"] == "LineString":
        return f"{shape.length:,.0f} m"
    parts = list(getattr(shape, "geoms", [shape]))
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    corners = sum(len(ring.coords) - 1 for ring in rings)
    size = f"{shape.area / 1e6:,.2f} km²" if shape.area >= 1e5 else f"{shape.area:,.1f} m²"
    told = ngettext("%(size)s, %(corners)d corner", "%(size)s, %(corners)d corners", corners) % {
        "size": size,
        "corners": corners,
    }
    holes = sum(len(part.interiors) for part in parts)
    extra = [_("%(number)d parts") % {"number": len(parts)}] if len(parts) > 1 else []
    extra += [ngettext("%(number)d hole", "%(number)d holes", holes) % {"number": holes}] if holes else []
    return ", ".join([told, *extra])
