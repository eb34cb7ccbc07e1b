"""Forms of villages and roads: facts only; an import goes through the same."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import RecordForm

from .models import Road, Village

FASTEST_KMH = 130


class VillageForm(RecordForm):
    class Meta:
        model = Village
        fields = ["name", "households", "people", "counted_on"]
        help_texts = {"people": gettext_lazy("Empty: nobody knows. It is not taken for zero.")}

    def clean_counted_on(self) -> date | None:
        day: date | None = self.cleaned_data["counted_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        people, households = cleaned.get("people"), cleaned.get("households")
        if people is not None and households is not None and people < households:
            self.add_error(
                "people", _("There are fewer inhabitants than households (%(number)s).") % {"number": households}
            )
        return cleaned


class RoadForm(RecordForm):
    class Meta:
        model = Road
        fields = ["name", "speed_kmh", "is_one_way"]
        help_texts = {
            "speed_kmh": gettext_lazy("How fast a lorry drives here, not what a sign allows."),
            "is_one_way": gettext_lazy("It is driven in the direction in which it was drawn."),
        }

    def clean_speed_kmh(self) -> int:
        speed: int = self.cleaned_data["speed_kmh"]
        if not 1 <= speed <= FASTEST_KMH:
            raise forms.ValidationError(_("A speed is 1 to %(most)s km/h.") % {"most": FASTEST_KMH})
        return speed
