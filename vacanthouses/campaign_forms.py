"""Forms of survey rounds and of the steps taken in them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.models import AdminArea, AreaLevel

from .models import Campaign


def _full_name(obj: Any) -> str:
    return str(obj.full_name)


class CampaignForm(SeenForm):
    class Meta:
        model = Campaign
        fields = ["name", "area", "regime", "step", "starts_on", "ends_on", "note"]

    def __init__(self, *args: Any, scope: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = AdminArea.objects.current().exclude(level=AreaLevel.SIDO)
        if scope is not None:
            areas = areas.filter(pk__in=sorted({*scope, self.instance.area_id or 0}))
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas.order_by("mois_code").only("full_name")
        field.label_from_instance = _full_name  # type: ignore[method-assign]
        for name in ("starts_on", "ends_on"):
            self.fields[name].widget = DateInput()
        self.fields["note"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        begin, end = data.get("starts_on"), data.get("ends_on")
        if begin and end and end < begin:
            self.add_error("ends_on", _("It ends before it begins."))
        return data


class MoveForm(forms.Form):
    version = forms.IntegerField()
    stage = forms.CharField()


class StepForm(forms.Form):
    """A step that was taken, and why, where it was taken before the law's term was over."""

    code = forms.ChoiceField(label=_("Step taken"))
    on = forms.DateField(label=_("On"), widget=DateInput)
    words = forms.CharField(label=_("Note"), max_length=140, required=False)
    override = forms.CharField(label=_("Reason to note it all the same"), max_length=140, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = choices  # type: ignore[attr-defined]
        self.fields["override"].help_text = _("Only needed where a term is not over yet. It is kept.")
