"""Forms of concentration zones and of the register's buildings."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import Polygon

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import DateInput, RecordForm, Shapes
from gis_core.models import AdminArea, AreaLevel

from .forms import clean_pnu
from .models import ConcentrationZone, RegisteredBuilding, ZoneState

# Far beyond any zone: what is larger was drawn by mistake, and would count a whole town.
MOST_M2 = 1_000_000


class ZoneRecordForm(RecordForm):
    """What people say of a zone; what the test says of it is proved from its shape."""

    class Meta:
        model = ConcentrationZone
        fields = ["name", "infrastructure", "note"]
        help_texts = {
            "infrastructure": gettext_lazy(
                "What is lacking and how it was found: it stands in for the age of buildings, with your name. "
                "Empty: nothing is stated."
            )
        }

    def clean_infrastructure(self) -> str:
        stated = str(self.cleaned_data["infrastructure"]).strip()
        if self.instance.state != ZoneState.CANDIDATE and stated != self.instance.infrastructure:
            raise forms.ValidationError(_("It was decided on this statement. Take the decision back first."))
        return stated

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        drawn = self.redrawn(shapes, geometry)
        if drawn is not None and self.instance.state != ZoneState.CANDIDATE:
            raise Invalid({geometry: [_("It was decided on this extent. Take the decision back first.")]})
        if isinstance(drawn, Polygon) and drawn.area > MOST_M2:
            raise Invalid({geometry: [_("This is larger than a square kilometre: a zone is under a hectare.")]})
        return super().placed(shapes, geometry, outline)


class DecisionForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("On"), widget=DateInput)
    note = forms.CharField(
        label=gettext_lazy("Reason or reference"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def _full_name(obj: Any) -> str:
    return str(obj.full_name)


class LookForm(forms.Form):
    """Where to look for zones."""

    area = forms.ModelChoiceField(label=gettext_lazy("Area to look through"), queryset=AdminArea.objects.none())

    def __init__(self, *args: Any, scope: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = AdminArea.objects.current().exclude(level=AreaLevel.SIDO)
        if scope is not None:
            areas = areas.filter(pk__in=sorted(scope))
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas.order_by("mois_code").only("full_name")
        field.label_from_instance = _full_name  # type: ignore[method-assign]


class RegisteredBuildingForm(RecordForm):
    # Longer than the number itself, for it is often written with blanks or hyphens.
    pnu = forms.CharField(label=gettext_lazy("parcel number (PNU)"), max_length=40)

    class Meta:
        model = RegisteredBuilding
        fields = ["pnu", "use", "is_house", "structure", "approved_on", "floor_area_m2"]

    def clean_pnu(self) -> str:
        return clean_pnu(self.cleaned_data["pnu"])

    def clean_approved_on(self) -> date | None:
        day: date | None = self.cleaned_data["approved_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_floor_area_m2(self) -> float | None:
        area: float | None = self.cleaned_data["floor_area_m2"]
        if area is not None and not 0 < area < 10_000_000:
            raise forms.ValidationError(_("A floor area is more than 0 m²."))
        return area
