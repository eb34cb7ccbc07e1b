"""Forms of the catalogue and of standard quantities."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.models import AdminArea

from .models import Depot, Hazard, Item, ItemClass, StandardMethod
from .services.ledger import MOST_UNITS

MONTHS = 1200


class ItemForm(SeenForm):
    hazards = forms.MultipleChoiceField(
        label=gettext_lazy("hazards"), choices=Hazard.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Item
        fields = [
            "name", "name_en", "unit", "resource_class", "item_class", "list_number", "hazards",
            "service_life_months", "note",
        ]  # fmt: skip
        help_texts = {
            "list_number": gettext_lazy("The number in the national system's list, where known."),
            "service_life_months": gettext_lazy("Empty where none is set."),
            "unit": gettext_lazy("Changing it changes no figure of the ledger."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_class"].queryset = ItemClass.objects.live()  # type: ignore[attr-defined]
        life = self.fields["service_life_months"]
        life.widget.attrs["max"] = MONTHS

    def clean_service_life_months(self) -> int | None:
        months = self.cleaned_data["service_life_months"]
        if months is not None and not 1 <= months <= MONTHS:
            raise ValidationError(_("Between 1 and %(most)d months.") % {"most": MONTHS})
        return months

    def clean_hazards(self) -> list[str]:
        return [value for value in Hazard.values if value in self.cleaned_data["hazards"]]


class ItemClassForm(SeenForm):
    class Meta:
        model = ItemClass
        fields = ["code", "name", "name_en", "fresh_days", "training_months", "people_needed", "source"]
        help_texts = {
            "fresh_days": gettext_lazy("How long a passed inspection counts in full."),
            "training_months": gettext_lazy("Empty where nobody needs any."),
            "people_needed": gettext_lazy("Trained people that a town needs to put it to use."),
        }


class RetireForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class _Depots(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.area.name} · {obj}" if obj.area else str(obj)


class _Areas(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class StandardForm(forms.Form):
    """For which item and place, how many, and where that comes from."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    item = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("item"), empty_label=gettext_lazy("Choose"))
    depot = _Depots(
        Depot.objects.none(), label=gettext_lazy("depot"), required=False, empty_label="–",
        help_text=gettext_lazy("Either one depot, or below all depots of a town or city together."),
    )  # fmt: skip
    area = _Areas(AdminArea.objects.none(), label=gettext_lazy("or town or city"), required=False, empty_label="–")
    quantity = forms.IntegerField(
        label=gettext_lazy("standard quantity"), min_value=0, max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Zero: it is not asked for there any more."),
    )  # fmt: skip
    method = forms.ChoiceField(
        label=gettext_lazy("method"),
        choices=[each for each in StandardMethod.choices if each[0] != StandardMethod.CARRIED],
    )
    source = forms.CharField(
        label=gettext_lazy("source"),
        max_length=300,
        help_text=gettext_lazy("The notice, plan or reckoning it is from."),
    )
    effective_from = forms.DateField(
        label=gettext_lazy("in force from"), widget=DateInput,
        help_text=gettext_lazy("Today or later: for the days before it stays what it was."),
    )  # fmt: skip

    def __init__(self, *args: Any, depots: Any, areas: Any, **kwargs: Any) -> None:
        given = kwargs.get("initial") or {}
        kwargs["initial"] = {"token": uuid.uuid4(), "effective_from": timezone.localdate(), **given}
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = Item.objects.live()  # type: ignore[attr-defined]
        self.fields["depot"].queryset = depots  # type: ignore[attr-defined]
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("depot")) == bool(data.get("area")):
            self.add_error("depot", _("Choose a depot, or a town or city."))
        return data
