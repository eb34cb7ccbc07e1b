from gis_core.editing.forms import RecordForm

from .models import Depot


class DepotForm(RecordForm):
    class Meta:
        model = Depot
        fields = ["name", "kind", "keeper", "address", "access_note"]
