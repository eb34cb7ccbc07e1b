"""Facts of an incident. Its state is no field: it ends on its own page, where what is still out is shown."""

from typing import Any

from django import forms
from django.utils import timezone

from gis_core.editing.forms import RecordForm

from .models import Incident


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class IncidentForm(RecordForm):
    class Meta:
        model = Incident
        fields = ["title", "hazard", "is_exercise", "began_at", "note"]
        widgets = {"began_at": MomentInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("began_at", timezone.localtime().replace(second=0, microsecond=0))
