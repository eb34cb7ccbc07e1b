from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import RecordForm, Shapes
from gis_core.models import AdminArea, CooperationZone, Organisation

from .extent import union_of


class ZoneForm(RecordForm):
    member_areas = forms.ModelMultipleChoiceField(
        AdminArea.objects.current(), required=False, label=gettext_lazy("member areas")
    )
    member_organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.live(), required=False, label=gettext_lazy("member organisations")
    )

    class Meta:
        model = CooperationZone
        fields = [
            "name", "kind", "purpose", "lead", "member_areas", "member_organisations",
            "period_start", "period_end", "agreed_on", "budget_krw",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The period ends before it begins."))
        return cleaned

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        """A drawn extent stays as drawn; otherwise the extent is the union of the member areas."""
        sent = shapes.get(geometry)
        if sent is not None:
            return {geometry: sent, "drawn": True}
        if self.instance.drawn and geometry not in shapes:
            return {}
        joined = union_of(area.pk for area in self.cleaned_data["member_areas"])
        if joined is None:
            raise Invalid({"member_areas": [_("Choose member areas or draw the extent on the map.")]})
        return {geometry: joined, "drawn": False}
