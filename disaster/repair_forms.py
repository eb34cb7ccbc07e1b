"""Forms of repair tasks. They send along what the person saw, so that two who change different fields both succeed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm

from .models import Depot, Item, ItemClass, RepairState, RepairTask
from .services.repairs import assignees

MOST_KRW = 10**13


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


class RepairAddForm(forms.ModelForm):
    """A task that no inspection asked for."""

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
