"""Forms of owners, improvement plans, their measures and costs."""

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.models import AdminArea, AreaLevel

from .models import CostLine, ImprovementPlan, Measure, MeasureKind, MeasureState, Owner, ReuseKind

MOST_KRW = 10**13
_SHARE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})")


def token_of(posted: Any) -> uuid.UUID | None:
    """The token of a form that makes something, so that sending it twice makes it once."""
    try:
        return uuid.UUID(posted.get("token", ""))
    except ValueError:
        return None


def past(day: date | None) -> date | None:
    """Raises ValidationError for a day that is still to come."""
    if day is not None and day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
    return day


class OwnerForm(SeenForm):
    class Meta:
        model = Owner
        fields = ["name", "phone", "address", "share", "publication_consent_on", "reuse_consent_on", "note"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
            "address": forms.TextInput(attrs={"autocomplete": "off"}),
            "publication_consent_on": DateInput,
            "reuse_consent_on": DateInput,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"share": gettext_lazy("share of ownership")}
        help_texts = {
            "share": gettext_lazy("Such as 1/2. Leave it empty where it is not known."),
            "publication_consent_on": gettext_lazy("The day on which the owner agreed. Empty: not agreed."),
            "reuse_consent_on": gettext_lazy("The day on which the owner agreed. Empty: not agreed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, longest in (("name", 100), ("phone", 30), ("address", 200), ("note", 1000)):
            self.fields[name].max_length = longest  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["maxlength"] = longest

    def clean_name(self) -> str:
        return self._within("name", 100)

    def clean_phone(self) -> str:
        phone = self._within("phone", 30)
        if phone and not re.fullmatch(r"\+?[\d\s().-]{7,}", phone):
            raise ValidationError(_("A telephone number has digits, such as 010-0000-0000."))
        return phone

    def clean_address(self) -> str:
        return self._within("address", 200)

    def clean_note(self) -> str:
        return self._within("note", 1000)

    def _within(self, name: str, longest: int) -> str:
        found = str(self.cleaned_data[name] or "").strip()
        if len(found) > longest:
            raise ValidationError(_("At most %(number)s characters.") % {"number": longest})
        return found

    def clean_share(self) -> str:
        share = str(self.cleaned_data["share"] or "").strip()
        if not share:
            return ""
        match = _SHARE.fullmatch(share)
        if match is None or not 0 < int(match[1]) <= int(match[2]):
            raise ValidationError(_("A share is written as 1/2, and is no more than the whole."))
        return f"{int(match[1])}/{int(match[2])}"

    def clean_publication_consent_on(self) -> date | None:
        return past(self.cleaned_data["publication_consent_on"])

    def clean_reuse_consent_on(self) -> date | None:
        return past(self.cleaned_data["reuse_consent_on"])


class ReasonForm(forms.Form):
    """Why something is taken out of use, dropped or taken up again."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


def _full_name(obj: Any) -> str:
    return str(obj.full_name)


class PlanForm(SeenForm):
    class Meta:
        model = ImprovementPlan
        fields = ["name", "area", "year", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, scope: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = AdminArea.objects.current().exclude(level=AreaLevel.SIDO)
        if scope is not None:
            areas = areas.filter(pk__in=sorted({*scope, self.instance.area_id or 0}))
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas.order_by("mois_code").only("full_name")
        field.label_from_instance = _full_name  # type: ignore[method-assign]
        if not self.instance.pk:
            self.initial.setdefault("year", timezone.localdate().year)

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if not 2000 <= year <= timezone.localdate().year + 20:
            raise ValidationError(_("A year of four digits is needed, no more than 20 years ahead."))
        return year


class MeasureForm(SeenForm):
    """What may change of a measure before it is done."""

    state = forms.ChoiceField(
        label=gettext_lazy("state"),
        choices=[(value, value.label) for value in (MeasureState.PLANNED, MeasureState.UNDER_WAY)],
    )

    class Meta:
        model = Measure
        fields = ["state", "planned_on"]
        widgets = {"planned_on": DateInput}


class MeasureAddForm(forms.Form):
    """A measure for a house. ``reuse`` counts for reuse alone."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=MeasureKind.choices)
    reuse = forms.ChoiceField(
        label=gettext_lazy("reuse as"), choices=[("", "–"), *ReuseKind.choices], required=False,
        help_text=gettext_lazy("Only for reuse: every owner must have agreed."),
    )  # fmt: skip
    planned_on = forms.DateField(label=gettext_lazy("planned for"), widget=DateInput, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == MeasureKind.REUSE and not data.get("reuse"):
            self.add_error("reuse", _("Say what the house is to be used for."))
        if data.get("kind") != MeasureKind.REUSE:
            data["reuse"] = ""
        return data


class FinishForm(forms.Form):
    done_on = forms.DateField(label=gettext_lazy("done on"), widget=DateInput)
    outcome = forms.CharField(
        label=gettext_lazy("outcome"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What has become of the house, in a sentence or two."),
    )  # fmt: skip
    living_population = forms.IntegerField(
        label=gettext_lazy("living population"), min_value=0, max_value=100_000, required=False,
        help_text=gettext_lazy("People who now live here or use it regularly. Empty: not known."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_done_on(self) -> date | None:
        return past(self.cleaned_data["done_on"])


class MoneyField(forms.IntegerField):
    """Whole KRW, as people write them: 12,000,000 or 12000000원."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=1, max_value=MOST_KRW, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip().removesuffix("원").removesuffix("KRW").replace(",", "").strip()
        return super().to_python(value)


class CostForm(SeenForm):
    amount_krw = MoneyField(label=gettext_lazy("amount (KRW)"))

    class Meta:
        model = CostLine
        fields = ["title", "source", "is_subsidy", "amount_krw"]
        help_texts = {
            "title": gettext_lazy("Such as demolition, asbestos removal, repair of the roof."),
            "source": gettext_lazy("Such as state, province, city, owner."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The field comes as declared; it stands last on the page, where sums are read.
        self.order_fields(["title", "source", "is_subsidy", "amount_krw"])


class PlanStepForm(forms.Form):
    """The day of a legal step of a plan, and why it was taken before its term was over."""

    on = forms.DateField(label=gettext_lazy("On"), widget=DateInput)
    override = forms.CharField(
        label=gettext_lazy("Reason to note it all the same"), max_length=140, required=False,
        help_text=gettext_lazy("Only needed where a term is not over yet. It is kept."),
    )  # fmt: skip
