"""Forms of requests, steps of orders, the end of an incident, and redistribution."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.models import AdminArea, AreaLevel, CooperationZone

from . import orders as rules
from .incident_forms import MomentInput
from .models import Condition, Depot, Hazard, Item, TransferOrder

MOST_UNITS = 1_000_000


class OnceForm(forms.Form):
    """A form that is carried out once, however often it is sent, and only on what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class StepForm(OnceForm):
    """One step of an order, with the fields it needs. ``depots``: where it may be taken from, or come back to."""

    number = forms.IntegerField(label=gettext_lazy("How many"), min_value=1)
    depot = forms.ModelChoiceField(Depot.objects.none(), label=gettext_lazy("Depot"))
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(
        self, *args: Any, order: TransferOrder, step: rules.Step, most: int, depots: Any = None, **kwargs: Any
    ) -> None:
        kwargs["prefix"] = str(step)
        kwargs["initial"] = {"version": order.version, "number": most, "depot": order.source_id}
        super().__init__(*args, **kwargs)
        if step in rules.NUMBERED:
            number = self.fields["number"]
            number.widget.attrs["max"] = most
            number.help_text = _("of %(most)d %(unit)s") % {"most": most, "unit": order.item.unit}
        else:
            del self.fields["number"]
        if depots is None:
            del self.fields["depot"]
        else:
            self.fields["depot"].queryset = depots  # type: ignore[attr-defined]
        if step != rules.Step.RETURN or order.source_id is None:
            del self.fields["condition"]
        self.fields["reason"].required = step in rules.NEEDS_REASON


class AskForm(forms.Form):
    """What is needed, how much of it, and by when."""

    item = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("item"))
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST_UNITS)
    needed_by = forms.DateTimeField(label=gettext_lazy("needed by"), widget=MomentInput, required=False)

    def __init__(self, *args: Any, hazard: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.live()
        # What the hazard calls for comes first; anything may be needed.
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        if hazard:
            fitting = [(each.pk, str(each)) for each in items.filter(hazards__contains=[hazard])]
            others = [(each.pk, str(each)) for each in items.exclude(hazards__contains=[hazard])]
            label = str(Hazard(hazard).label)
            self.fields["item"].choices = [  # type: ignore[attr-defined]
                ("", "–"), (label, fitting), (_("Other items"), others),
            ]  # fmt: skip


class EndForm(OnceForm):
    """When an incident was over."""

    ended_at = forms.DateTimeField(label=gettext_lazy("ended at"), widget=MomentInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        kwargs["initial"] = {"ended_at": now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


def _full_name(area: Any) -> str:
    return str(area.full_name)


class PlanForm(forms.Form):
    """Where, of what, and by which rules stock is redistributed."""

    area = forms.ModelChoiceField(AdminArea.objects.none(), label=gettext_lazy("area"), required=False, empty_label="–")
    zone = forms.ModelChoiceField(
        CooperationZone.objects.none(), label=gettext_lazy("or cooperation zone"), required=False, empty_label="–"
    )
    item = forms.ModelChoiceField(
        Item.objects.none(), label=gettext_lazy("item"), required=False, empty_label=gettext_lazy("all items")
    )
    hazard = forms.ChoiceField(label=gettext_lazy("or all items for"), required=False)
    floor = forms.IntegerField(
        label=gettext_lazy("Each giver keeps, in per cent of its standard"), min_value=0, max_value=300, initial=100,
    )  # fmt: skip
    below_standard = forms.BooleanField(label=gettext_lazy("givers may go below their own standard"), required=False)
    most_km = forms.FloatField(
        label=gettext_lazy("Longest way (km)"), min_value=0.1, max_value=500, required=False,
        help_text=gettext_lazy("Empty: any."),
    )  # fmt: skip

    def __init__(self, *args: Any, scope: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = AdminArea.objects.current()
        zones = CooperationZone.objects.live()
        if scope is not None:
            areas = areas.filter(pk__in=sorted(scope))
            member = CooperationZone.objects.filter(member_areas__in=sorted(scope)).order_by().values("pk")
            zones = zones.filter(pk__in=member)
        else:
            areas = areas.exclude(level=AreaLevel.EUPMYEONDONG)
        area: Any = self.fields["area"]
        area.queryset = areas.order_by("mois_code").only("full_name")
        area.label_from_instance = _full_name
        self.fields["zone"].queryset = zones.order_by("name")  # type: ignore[attr-defined]
        self.fields["item"].queryset = Item.objects.live()  # type: ignore[attr-defined]
        self.fields["hazard"].choices = [("", "–"), *Hazard.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("area")) == bool(data.get("zone")):
            self.add_error("area", _("Choose an area or a cooperation zone."))
        if data.get("item") and data.get("hazard"):
            self.add_error("hazard", _("Choose one item or a hazard, not both."))
        return data
