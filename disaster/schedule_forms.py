"""Forms of schedules and local holidays."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import DateInput
from gis_core.models import AdminArea

from .models import Depot, DepotKind, ItemClass, Schedule
from .schedules import WEEKDAYS as CODES

NTH = [
    ("", gettext_lazy("every such day")), ("1", gettext_lazy("the first")), ("2", gettext_lazy("the second")),
    ("3", gettext_lazy("the third")), ("4", gettext_lazy("the fourth")), ("-1", gettext_lazy("the last")),
]  # fmt: skip


class Choices(forms.MultipleChoiceField):
    """Boxes whose ticks are kept as "3,4,5"."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> str:
        return ",".join(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return [part for part in value.split(",") if part] if isinstance(value, str) else value


class RuleForm(forms.ModelForm):
    """What a schedule says of its days; the rule itself is checked by ``services.schedules``."""

    by_month = Choices(
        label=gettext_lazy("only in these months"), choices=list(MONTHS.items()), required=False,
        help_text=gettext_lazy("None ticked: all year round."),
    )  # fmt: skip
    by_day = Choices(
        label=gettext_lazy("on weekdays"),
        choices=[(code, WEEKDAYS[at]) for at, code in enumerate(CODES)],
        required=False,
    )
    nth = forms.ChoiceField(label=gettext_lazy("which of the month"), choices=NTH, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Schedule
        fields = [
            "title", "item_class", "assignee", "interval", "frequency", "by_month_day", "by_day", "by_month",
            "starts_on", "ends_on", "basis", "shift",
        ]  # fmt: skip
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        labels = {"interval": gettext_lazy("every how many"), "basis": gettext_lazy("counted from")}
        help_texts = {
            "by_month_day": gettext_lazy(
                "Such as 13, or 1, 15. -1 is the last day of the month; months without a 31st are skipped."
            ),
            "item_class": gettext_lazy("Empty: the depot itself."),
            "ends_on": gettext_lazy("Empty: it goes on."),
            "basis": gettext_lazy("From the day it was done: the next one comes so long after the last was done."),
        }

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_class"].queryset = ItemClass.objects.live()  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
        self.fields["interval"].widget.attrs |= {"min": 1, "max": 366}
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            parts = [part for part in self.instance.by_day.split(",") if part]
            self.initial["by_day"] = ",".join(part[-2:] for part in parts)
            self.initial["nth"] = parts[0][:-2] if parts else ""
        else:
            self.initial.setdefault("starts_on", timezone.localdate())

    def clean_by_month_day(self) -> str:
        return ",".join(part.strip() for part in self.cleaned_data["by_month_day"].split(",") if part.strip())

    def values(self) -> dict[str, Any]:
        """Columns of a schedule."""
        data = self.cleaned_data
        found = {name: data.get(name) for name in self._meta.fields or ()}
        found["by_day"] = ",".join(data.get("nth", "") + code for code in data["by_day"].split(",") if code)
        return found

    def _post_clean(self) -> None:
        """The columns' own checks say nothing that the service does not say better."""

    def refuse(self, invalid: Invalid, current: Any = None) -> None:
        """Show what was refused; the record as it is now then counts as seen."""
        if current is not None:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["version"] = str(current.version)  # type: ignore[index]
        for name, texts in invalid.errors.items():
            self.add_error(name if name in self.fields else None, texts)


class ScheduleForm(RuleForm):
    class Meta(RuleForm.Meta):
        fields = ["title", "depot", *RuleForm.Meta.fields[1:]]

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["depot"]
        field.queryset = depots
        field.label_from_instance = _depot_name
        if self.instance.pk:
            # An inspection's schedule stays with what is inspected.
            field.disabled = True


def _depot_name(depot: Depot) -> str:
    return f"{depot.area.name} · {depot.name}" if depot.area else depot.name


def _town_name(area: AdminArea) -> str:
    return str(area.full_name)


class ManyForm(RuleForm):
    """The same schedule for many depots: of these towns, of these kinds."""

    towns = forms.ModelMultipleChoiceField(
        label=gettext_lazy("towns"), queryset=AdminArea.objects.none(), required=False,
        help_text=gettext_lazy("None ticked: all towns that you look after."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("kinds of depots"), choices=DepotKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None ticked: all kinds."),
    )  # fmt: skip

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.depots = depots
        field: Any = self.fields["towns"]
        field.queryset = (
            AdminArea.objects.filter(pk__in=depots.order_by().values("area")).defer("geometry").order_by("mois_code")
        )
        field.label_from_instance = _town_name
        del self.fields["assignee"]
        self.order_fields(["title", "towns", "kinds", *(self._meta.fields or ())])

    def chosen(self) -> Any:
        found = self.depots
        if self.cleaned_data["towns"]:
            found = found.filter(area__in=self.cleaned_data["towns"])
        if self.cleaned_data["kinds"]:
            found = found.filter(kind__in=self.cleaned_data["kinds"])
        return found

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "assignee"}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class HolidayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("day"), widget=DateInput)
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)
    is_working_day = forms.ChoiceField(
        label=gettext_lazy("this day is"),
        choices=[("", gettext_lazy("free")), ("1", gettext_lazy("worked"))],
        required=False,
    )

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not 2000 <= day.year <= timezone.localdate().year + 20:
            raise ValidationError(_("A year of four digits is needed, no more than 20 years ahead."))
        return day


__all__ = ["HolidayForm", "ManyForm", "ReasonForm", "ScheduleForm"]
