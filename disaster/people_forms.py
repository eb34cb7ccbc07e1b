"""Forms of responders, trainings, agreements and call tests."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.models import AdminArea, Attachment, Organisation

from .access import officer_scope
from .models import Agreement, Depot, ItemClass, Responder, Training, TrainingKind
from .querysets_people import known_responders

LONGEST_NAME, LONGEST_PHONE, LONGEST_NOTE = 100, 30, 1000
LEAST_REASON = 5
MOST_MINUTES = 24 * 60


def clean_phone(phone: str) -> str:
    """Raises ValidationError."""
    phone = (phone or "").strip()
    if phone and (len(phone) > LONGEST_PHONE or not re.fullmatch(r"\+?[\d\s().-]{7,}", phone)):
        raise ValidationError(_("A telephone number has digits, such as 010-0000-0000."))
    return phone


def _line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **attrs})


def _towns(user: Any) -> Any:
    scope = officer_scope(user)
    towns = AdminArea.objects.towns().order_by("full_name")
    return towns if scope is None else towns.filter(pk__in=sorted(scope))


class ResponderForm(SeenForm):
    """``town`` is where the person lives or works; who may call them is of the same city."""

    class Meta:
        model = Responder
        fields = ["name", "phone", "area", "organisation", "duty", "called_by", "is_available", "note"]
        widgets = {
            "name": _line(maxlength=LONGEST_NAME),
            "phone": _line(maxlength=LONGEST_PHONE, inputmode="tel"),
            "note": forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_NOTE}),
        }
        help_texts = {
            "called_by": gettext_lazy("Whom the phone tree has call this person. Empty: the office."),
            "is_available": gettext_lazy("Whoever cannot be called counts neither for training nor for readiness."),
        }

    def __init__(self, *args: Any, user: Any, town: AdminArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = town.parent_id or town.pk
        nearby = AdminArea.objects.towns().filter(parent=city)
        self.fields["area"].queryset = _towns(user).filter(pk__in=nearby)  # type: ignore[attr-defined]
        kept = [self.instance.organisation_id] if self.instance.organisation_id else []
        found = Organisation.objects.live().filter(area__in=[*nearby.values_list("pk", flat=True), city])
        self.fields["organisation"].queryset = (found | Organisation.objects.filter(pk__in=kept)).order_by("name")  # type: ignore[attr-defined]
        callers = known_responders(user).filter(area__in=nearby).exclude(pk=self.instance.pk)
        if self.instance.called_by_id:
            callers = callers | Responder.objects.filter(pk=self.instance.called_by_id)
        field: Any = self.fields["called_by"]
        field.queryset = callers
        field.label_from_instance = lambda each: f"{each.name} ({each.area.name}, {each.get_duty_display()})"

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if not name:
            raise ValidationError(_("This field is required."))
        return name[:LONGEST_NAME]


class KeeperForm(SeenForm):
    """Who keeps a depot. Encrypted columns are no properties of a layer, so they have a page of their own."""

    class Meta:
        model = Depot
        fields = ["keeper_person", "keeper_phone"]
        widgets = {
            "keeper_person": _line(maxlength=LONGEST_NAME),
            "keeper_phone": _line(maxlength=LONGEST_PHONE, inputmode="tel"),
        }

    def clean_keeper_phone(self) -> str:
        return clean_phone(self.cleaned_data["keeper_phone"])


class TrainingForm(SeenForm):
    class Meta:
        model = Training
        fields = ["title", "kind", "item_class", "area", "held_on", "hours", "place", "instructor", "note"]
        widgets = {"held_on": DateInput, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "item_class": gettext_lazy("Needed for use training: what the people can put to use afterwards."),
            "held_on": gettext_lazy("A day to come is a planned training."),
            "instructor": gettext_lazy("The body or office that teaches; no private person's name."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = _towns(user)
        scope = officer_scope(user)
        cities = AdminArea.objects.filter(pk__in=towns.order_by().values("parent"))
        allowed = cities if scope is None else cities.filter(pk__in=sorted(scope))
        field: Any = self.fields["area"]
        field.queryset = AdminArea.objects.filter(
            pk__in=[*towns.values_list("pk", flat=True), *allowed.values_list("pk", flat=True)]
        ).order_by("mois_code")
        field.label_from_instance = lambda area: area.full_name
        self.fields["item_class"].queryset = ItemClass.objects.live().filter(training_months__isnull=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == TrainingKind.USE and not data.get("item_class") and "item_class" not in self.errors:
            self.add_error("item_class", _("Say what the people learn to use."))
        hours = data.get("hours")
        if hours is not None and not 0 < hours <= 100:
            self.add_error("hours", _("More than 0 and at most 100 hours."))
        return data


class NewPersonForm(forms.Form):
    """Somebody who was there and is not known yet."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=LONGEST_NAME, widget=_line())
    phone = forms.CharField(
        label=gettext_lazy("phone"), max_length=LONGEST_PHONE, required=False, widget=_line(inputmode="tel")
    )
    area = forms.ModelChoiceField(label=gettext_lazy("town"), queryset=AdminArea.objects.none())

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "new"})
        field: Any = self.fields["area"]
        field.queryset, field.empty_label = towns, None
        field.label_from_instance = lambda area: area.name

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class AgreementForm(SeenForm):
    class Meta:
        model = Agreement
        fields = [
            "title", "area", "signed_on", "valid_from", "valid_until", "terms", "our_contact", "document_number",
            "document",
        ]  # fmt: skip
        widgets = {
            "signed_on": DateInput, "valid_from": DateInput, "valid_until": DateInput,
            "terms": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip
        help_texts = {
            "valid_until": gettext_lazy("Its last day; it stops counting by itself. Empty: open-ended."),
            "our_contact": gettext_lazy("The office or position, so that it outlives a transfer."),
            "document": gettext_lazy("One of the documents attached to the organisation."),
            "area": gettext_lazy("For which town, or for the whole city."),
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town = organisation.area
        ids = {each for each in ([town.pk, town.parent_id] if town else []) if each} | {self.instance.area_id or 0}
        field: Any = self.fields["area"]
        field.queryset = (
            AdminArea.objects.filter(pk__in=ids).order_by("-level", "mois_code") if town else AdminArea.objects.towns()
        )
        field.label_from_instance = lambda area: area.full_name
        document: Any = self.fields["document"]
        document.queryset = Attachment.objects.live().of("organisations", organisation.pk)
        document.label_from_instance = lambda each: each.name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        begins, until = data.get("valid_from"), data.get("valid_until")
        if begins and until and until < begins:
            self.add_error("valid_until", _("This is before it begins."))
        return data


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("last day"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class OperatorForm(forms.Form):
    operator = forms.ModelChoiceField(label=gettext_lazy("operator"), queryset=Responder.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = people  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """One tap of "reached" or "not reached", with what they said."""

    answer = forms.ChoiceField(choices=[("reached", ""), ("not_reached", "")])
    organisation = forms.IntegerField(min_value=1)
    responder = forms.IntegerField(min_value=1, required=False)
    minutes = forms.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False)
    note = forms.CharField(max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        was_reached = self.cleaned_data["answer"] == "reached"
        minutes = self.cleaned_data["minutes"] if was_reached else None
        return {
            "was_reached": was_reached, "minutes": minutes, "note": self.cleaned_data["note"],
            "called_at": timezone.now(),
        }  # fmt: skip


class PhoneTreeForm(forms.Form):
    town = forms.ModelChoiceField(
        label=gettext_lazy("town"),
        queryset=AdminArea.objects.none(),
        required=False,
        empty_label=gettext_lazy("All towns"),
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"), min_length=LEAST_REASON, max_length=200,
        help_text=gettext_lazy("Names and phones leave the system: who took them, when and why is noted."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["town"]
        with_people = Responder.objects.live().order_by().values("area")
        field.queryset = _towns(user).filter(pk__in=with_people)
        field.label_from_instance = lambda area: area.full_name
