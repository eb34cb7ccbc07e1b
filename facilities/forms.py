"""Facts of centres, buildings, levels, teams and plans, as people enter them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import RecordForm

from .models import Building, Centre, Level, Plan, PlanStatus, Team, Unit


class CentreForm(RecordForm):
    class Meta:
        model = Centre
        fields = ["name", "category", "address", "opened_on", "gross_floor_area_m2", "staff", "note"]


class BuildingForm(RecordForm):
    class Meta:
        model = Building
        fields = ["name", "centre", "rotation", "note"]

    def clean_centre(self) -> Centre:
        """Plans seat the teams of their building's centre; another centre does not know them."""
        centre: Centre = self.cleaned_data["centre"]
        held = self.initial.get("centre")
        plans = Plan.objects.live().filter(building=self.instance.pk, units__teams__len__gt=0)
        if self.instance.pk and held is not None and centre.pk != held and plans.exists():
            raise ValidationError(_("Its plans seat teams of this centre. Take them out of the rooms first."))
        return centre


class UnitForm(RecordForm):
    """What is told of a room; rooms are written through their plan only."""

    class Meta:
        model = Unit
        fields = ["name_ko", "name_en", "number", "category", "restriction", "after_hours", "idle"]


class BuildingStartForm(forms.Form):
    """A building from what a planner knows at the first visit: how many floors it has."""

    name = forms.CharField(label=_("Name"), max_length=100)
    floors_above = forms.IntegerField(label=_("Floors above ground"), min_value=1, max_value=60, initial=3)
    floors_below = forms.IntegerField(label=_("Floors below ground"), min_value=0, max_value=9, initial=0)
    same_outline = forms.BooleanField(
        label=_("Every floor above ground has the outline of the centre's footprint"), required=False, initial=True
    )


class RowForm(forms.ModelForm):
    """A row of a table that several people may have open: it goes back with the version it was read at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        read_at = data.get("version")
        if read_at is None:
            return data
        if not self.instance.pk:
            self._send_again_with("")
            raise ValidationError(_("Somebody removed this meanwhile. Save again to leave it out."))
        facts = list(self._meta.fields or ())
        if read_at != self.instance.version and any(name in facts for name in self.changed_data):
            self._send_again_with(str(self.instance.version))
            now = ", ".join(str(value) for name in facts if (value := self.initial.get(name)) not in (None, ""))
            raise ValidationError(
                _("Somebody changed this meanwhile; it now says: %(now)s. Save again to write yours over it."),
                params={"now": now},
            )
        return data

    def _send_again_with(self, version: str) -> None:
        """What is sent once more is meant."""
        self.data = {**self.data, self.add_prefix("version"): version}


class LevelForm(RowForm):
    class Meta:
        model = Level
        fields = ["ordinal", "short_name", "name", "height_m"]


class TeamForm(RowForm):
    class Meta:
        model = Team
        fields = ["name", "headcount_now", "headcount_planned", "visits_per_day"]


class NewPlanForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in PlanStatus if status != PlanStatus.AGREED],
    )
    based_on = forms.ModelChoiceField(
        label=_("Copy of"), queryset=Plan.objects.none(), required=False, empty_label=_("an empty plan")
    )

    def __init__(self, building: Building, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["based_on"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Plan.objects.live().filter(building=building)


class PlanForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    status = forms.ChoiceField(label=_("Status"), choices=PlanStatus.choices)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
