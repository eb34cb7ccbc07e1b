"""The form the layer of measures needs for its history; measures are written by ``services.measures`` only."""

from gis_core.editing.forms import RecordForm

from .models import Measure


class MeasureRecordForm(RecordForm):
    class Meta:
        model = Measure
        fields = ["kind", "reuse", "state", "planned_on", "done_on", "outcome", "living_population"]
