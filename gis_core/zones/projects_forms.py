"""Forms of a zone's projects: the record's own, and those of its money, events and outputs."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gis_core.editing.forms import DateInput, RecordForm, Shapes
from gis_core.editing.seen_forms import SeenForm
from gis_core.editing.shapes import to_geos
from gis_core.geometry import inner_point
from gis_core.models import AdminArea, CooperationZone, Organisation
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ProjectOutput, ZoneAgreement, ZoneProject

from .projects import stage_faults
from .projects_words import stage_text

LEAST_REASON = 2


class ZoneProjectForm(RecordForm):
    with_shape = ("area_id",)

    zone = forms.ModelChoiceField(CooperationZone.objects.live(), label=gettext_lazy("cooperation zone"))
    agreement = forms.ModelChoiceField(
        ZoneAgreement.objects.live(), required=False, label=gettext_lazy("agreement it rests on")
    )
    lead = forms.ModelChoiceField(Organisation.objects.live(), required=False, label=gettext_lazy("lead organisation"))
    partners = forms.ModelMultipleChoiceField(
        Organisation.objects.live(), required=False, label=gettext_lazy("partners")
    )

    class Meta:
        model = ZoneProject
        fields = ["zone", "name", "summary", "stage", "starts_on", "ends_on", "agreement", "lead", "partners"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # What it has already stays among the choices, also when it was retired: its form must be savable.
            for name in ("zone", "agreement", "lead"):
                self._keep(name, Q(pk=getattr(self.instance, f"{name}_id")))
            self._keep("partners", Q(pk__in=self.instance.partners.values("pk")))
        self._offer_agreements()

    def _keep(self, name: str, kept: Q) -> None:
        field: Any = self.fields[name]
        model = field.queryset.model
        field.queryset = model._default_manager.filter(Q(retired_at=None) | kept)

    def _offer_agreements(self) -> None:
        """Only those of the zone, where it is known; another one that is sent is refused by name, not by number."""
        field: Any = self.fields["agreement"]
        zone = self.data.get("zone") if self.is_bound else self.instance.zone_id or self.initial.get("zone")
        offered: QuerySet = field.queryset.select_related("zone").defer("zone__geometry")
        if str(zone).isdecimal() and len(str(zone)) < 10:
            offered = offered.filter(zone=zone)
        named = [(each.pk, f"{each.title} ({each.zone.name})") for each in offered]
        field.widget.choices = [("", "---------"), *named]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        zone, agreement = cleaned.get("zone"), cleaned.get("agreement")
        if zone and agreement and agreement.zone_id != zone.pk:
            told = _("“%(agreement)s” is an agreement of another zone: %(zone)s.")
            self.add_error("agreement", told % {"agreement": agreement, "zone": agreement.zone})
        refuse_stage(self)
        return cleaned

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        """With a place comes the town in which it lies, or the middle of a line or an area."""
        result = super().placed(shapes, geometry, outline)
        drawn = self.redrawn(shapes, geometry)
        if drawn is not None:
            town = AdminArea.objects.containing(to_geos(inner_point(drawn)))
            result["area_id"] = town.pk if town else None
        return result


def refuse_stage(form: forms.ModelForm) -> None:
    """Tell at their fields which days do not fit the stage."""
    said = form.cleaned_data
    faults = stage_faults(said.get("stage", ""), said.get("starts_on"), said.get("ends_on"), timezone.localdate())
    for field, code in faults:
        if field not in form.errors:
            form.add_error(field, stage_text(code))


class StageForm(forms.ModelForm):
    """The stage with the days it needs; ``version`` is that of the project the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ZoneProject
        fields = ["stage", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refuse_stage(self)
        return cleaned


def _whole() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class _Won(forms.IntegerField):
    """Whole KRW, with the commas people put between the thousands."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


class BudgetForm(SeenForm):
    class Meta:
        model = ProjectBudget
        fields = ["year", "source", "planned_krw", "executed_krw"]
        field_classes = {"planned_krw": _Won, "executed_krw": _Won}
        widgets = {"year": _whole(), "planned_krw": _whole(), "executed_krw": _whole()}
        help_texts = {"executed_krw": gettext_lazy("Empty while it is not known.")}


class EventForm(SeenForm):
    class Meta:
        model = ProjectEvent
        fields = ["held_on", "title", "place", "attendance", "note"]
        widgets = {"held_on": DateInput, "attendance": _whole(), "note": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day: date | None = cleaned.get("held_on")
        if day and day > timezone.localdate() and cleaned.get("attendance") is not None:
            self.add_error("attendance", _("It is still to come: nobody can have been there."))
        return cleaned


class OutputForm(SeenForm):
    class Meta:
        model = ProjectOutput
        fields = ["title", "quantity", "unit", "made_on", "note"]
        labels = {"quantity": pgettext_lazy("output", "quantity"), "made_on": pgettext_lazy("output", "date")}
        widgets = {"made_on": DateInput, "note": forms.Textarea(attrs={"rows": 2})}

    def clean_quantity(self) -> Any:
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity < 0:
            raise forms.ValidationError(_("A quantity is not negative."))
        return quantity


class RetireForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), min_length=LEAST_REASON, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)
