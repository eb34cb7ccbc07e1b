"""Forms of repair tasks. They send along what the person saw, so that two who change different fields both succeed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm

from .models import Depot, Item, ItemClass, RepairState, RepairTask
from .services.repairs import assignees

MOST_KRW = 10**13
WHOLE_DEPOT = gettext_lazy("nothing in the depot is usable until then")


class RepairForm(SeenForm):
    """An open task's facts."""

    state = forms.ChoiceField(
        label=gettext_lazy("state"),
        choices=[(state.value, state.label) for state in (RepairState.OPEN, RepairState.IN_WORK)],
    )

    class Meta:
        model = RepairTask
        fields = ["title", "state", "assignee", "due_on", "blocks", "quantity", "cost_krw", "resolution"]
        widgets = {"due_on": DateInput, "resolution": forms.Textarea(attrs={"rows": 3})}
        labels = {"resolution": gettext_lazy("what was done so far")}
        help_texts = {"quantity": gettext_lazy("Empty: all that the depot holds of it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignees(self.instance.depot)  # type: ignore[attr-defined]
        self.fields["cost_krw"].max_value = MOST_KRW  # type: ignore[attr-defined]
        if not (self.instance.lot_id or self.instance.item_id or self.instance.item_class_id):
            self.fields["blocks"].label = WHOLE_DEPOT


class RepairAddForm(forms.ModelForm):
    """A task that no inspection asked for. What makes everything in a depot unusable is asked for by itself."""

    field_order = ("depot", "title", "item_class", "item", "blocks", "quantity", "whole_depot", "due_on")
    whole_depot = forms.BooleanField(label=WHOLE_DEPOT, required=False)

    class Meta:
        model = RepairTask
        fields = ["depot", "title", "item_class", "item", "blocks", "quantity", "due_on"]
        widgets = {"due_on": DateInput}
        help_texts = {
            "quantity": gettext_lazy("Empty: all that the depot holds of it."),
            "item_class": gettext_lazy("Empty: the depot itself, or one item."),
        }

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["depot"].queryset = depots  # type: ignore[attr-defined]
        self.fields["item_class"].queryset = ItemClass.objects.live()  # type: ignore[attr-defined]
        self.fields["item"].queryset = Item.objects.live()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_named, is_whole = bool(data.get("item") or data.get("item_class")), bool(data.get("whole_depot"))
        if is_named and is_whole:
            self.add_error("whole_depot", _("You have named a class or an item: is it only that, or everything?"))
        if data.get("blocks") and not is_named and not is_whole:
            self.add_error("blocks", _("What is not usable? Name a class or an item, or take the tick away."))
        return {**data, "blocks": data.get("blocks") or is_whole}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def clean_depot(self) -> Depot:
        found: Depot = self.cleaned_data["depot"]
        return found


class FinishForm(forms.Form):
    resolution = forms.CharField(
        label=gettext_lazy("what was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cost_krw = forms.IntegerField(
        label=gettext_lazy("cost (KRW)"), required=False, min_value=0, max_value=MOST_KRW,
        help_text=gettext_lazy("Empty: not known."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    resolution = forms.CharField(
        label=gettext_lazy("why it is not needed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
