"""The forms of gis_core's own layers, beside zones (``zones.forms``)."""

from typing import Any

from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import RecordForm, Shapes
from gis_core.models import AdminArea, Organisation


class OrganisationForm(RecordForm):
    class Meta:
        model = Organisation
        fields = ["name", "kind", "area", "address", "contact_name", "contact_phone", "note"]


class AreaForm(RecordForm):
    """Corrections by an administrator; new editions come through ``import_areas``."""

    class Meta:
        model = AdminArea
        fields = ["name"]

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        drawn = shapes.get(geometry)
        if drawn is None:
            if self.instance.pk is None:
                raise Invalid({geometry: [_("Areas come from import_areas; they are not added one by one.")]})
            return {}
        return {geometry: drawn, "boundary": "drawn", "km2": round(drawn.area / 1e6, 4)}
