"""The form a layer needs; visits are written by phones and reviews, never by a form."""

from gis_core.editing.forms import RecordForm

from .models import Visit


class VisitForm(RecordForm):
    class Meta:
        model = Visit
        fields = ["note"]
