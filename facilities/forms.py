from gis_core.editing.forms import RecordForm

from .models import Centre


class CentreForm(RecordForm):
    class Meta:
        model = Centre
        fields = ["name", "category", "address", "opened_on", "gross_floor_area_m2", "staff", "note"]
