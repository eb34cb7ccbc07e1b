"""The forms of gis_core's own layers, beside zones (``zones.forms``)."""

from typing import Any

from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import RecordForm, Shapes
from gis_core.models import AdminArea, Boundary, Organisation


class OrganisationForm(RecordForm):
    class Meta:
        model = Organisation
        fields = ["name", "kind", "area", "address", "contact_name", "contact_phone", "note"]


class AreaForm(RecordForm):
    """Corrections by an administrator; new editions come through ``import_areas``."""

    with_shape = ("boundary", "km2")

    class Meta:
        model = AdminArea
        fields = ["name"]

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        if self.instance.pk is None:
            raise Invalid({"__all__": [_("Areas come from import_areas; they are not added one by one.")]})
        drawn = self.redrawn(shapes, geometry)
        if drawn is None:
            return {}
        return {geometry: drawn, "boundary": Boundary.DRAWN, "km2": round(drawn.area / 1e6, 4)}
