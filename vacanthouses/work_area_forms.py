"""The form a layer needs; work areas are made by splitting a round, never by a form."""

from gis_core.editing.forms import RecordForm

from .models import WorkArea


class WorkAreaForm(RecordForm):
    class Meta:
        model = WorkArea
        fields = ["name"]
