"""The base of every layer's form: the same form checks the panel, the page, the API and an imported row."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gis_core.geometry import SAME_PLACE_M, inner_point, same_place

from .errors import Invalid

Shapes = dict[str, BaseGeometry | None]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RecordForm(forms.ModelForm):
    """Facts only; shapes come beside the form and are put in their place by ``placed``."""

    # Columns that ``placed`` sets with a shape and that go where it goes, also back to an earlier version.
    with_shape: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        """The shape values to store (EPSG:5179), from the shapes that were sent.

        ``shapes`` holds only fields that were sent. An outline without a location puts the location inside it.
        Raises Invalid when the record would have no place though it needs one.
        """
        result: dict[str, Any] = dict(shapes)
        drawn = shapes.get(outline) if outline else None
        if drawn is not None and shapes.get(geometry) is None:
            existing = getattr(self.instance, geometry)
            if existing is None or not drawn.covers(_shapely(existing)):
                result[geometry] = inner_point(drawn)
            else:
                result.pop(geometry, None)
        required = not self._meta.model._meta.get_field(geometry).null
        if required and result.get(geometry, getattr(self.instance, geometry)) is None:
            raise Invalid({geometry: [_("Mark the place on the map or enter its coordinates.")]})
        return result

    def redrawn(self, shapes: Shapes, geometry: str) -> BaseGeometry | None:
        """The shape that was sent, unless it is the record's own, sent back as it was read."""
        sent, existing = shapes.get(geometry), getattr(self.instance, geometry)
        if sent is None or (existing is not None and same_place(_shapely(existing), sent, SAME_PLACE_M)):
            return None
        return sent


def _shapely(value: Any) -> BaseGeometry:
    from .shapes import to_shapely

    found = to_shapely(value)
    assert found is not None
    return found
