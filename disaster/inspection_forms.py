"""The desk's form of an inspection: which depot and class, and then the questions of its checklist.

Without scripts every question is shown; answers to questions that do not matter are left out when it is kept.
"""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput

from .checklists import Checklist, Question
from .models import Depot, Inspection, ItemClass
from .services.inspection_reading import MOST_UNITS, NAME_LIMIT, NOTE_LIMIT, SCHEMA
from .words.inspections import in_language, limits_text

ANSWER, UNITS = "q_", "u_"
MOST_PHOTOS = 10


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Gives a list of uploads."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_PHOTOS:
            raise ValidationError(_("At most %(number)s.") % {"number": MOST_PHOTOS})
        return [found for each in given if (found := super(ManyFilesField, self).clean(each, initial))]


class WhatForm(forms.Form):
    """What is inspected."""

    depot = forms.ModelChoiceField(Depot.objects.none(), label=gettext_lazy("depot"))
    item_class = forms.ModelChoiceField(
        ItemClass.objects.none(), label=gettext_lazy("class of items"), required=False,
        empty_label=gettext_lazy("The depot itself"),
    )  # fmt: skip

    def __init__(self, *args: Any, depots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["depot"].queryset = depots  # type: ignore[attr-defined]
        self.fields["item_class"].queryset = ItemClass.objects.live()  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """The questions of a checklist, in its order, then when, the note and the name. ``earlier`` is corrected."""

    def __init__(
        self, *args: Any, checklist: Checklist, is_class: bool, earlier: Inspection | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        self.earlier = earlier
        units = {each["key"]: each.get("units") for each in earlier.failed} if earlier else {}
        for question in checklist.questions:
            name = f"{ANSWER}{question.key}"
            self.fields[name] = _field(checklist, question)
            self.fields[name].initial = earlier.answers.get(question.key) if earlier else None
            if question.blocks and is_class:
                self.fields[f"{UNITS}{question.key}"] = _units_field(question, units.get(question.key))
        self._add_common(earlier)

    def _add_common(self, earlier: Inspection | None) -> None:
        signed = earlier.signature if earlier else None
        self.fields["inspected_on"] = forms.DateField(
            label=_("inspected on"),
            widget=DateInput,
            initial=earlier.inspected_on if earlier else timezone.localdate(),
        )
        if earlier is None:
            self.fields["photos"] = ManyFilesField(
                label=_("photos"), required=False, help_text=_("At most %(number)s.") % {"number": MOST_PHOTOS},
                widget=ManyFilesInput(attrs={"accept": "image/*"}),
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("note"), required=False, max_length=NOTE_LIMIT, initial=earlier.note if earlier else "",
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip
        self.fields["name"] = forms.CharField(
            label=_("signed by (name)"), required=False, max_length=NAME_LIMIT,
            initial=signed.get("name") if isinstance(signed, dict) else "",
        )  # fmt: skip

    def clean_inspected_on(self) -> date:
        found: date = self.cleaned_data["inspected_on"]
        if found > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return found

    def body(self, facts: dict[str, Any]) -> dict[str, Any]:
        """What a phone would send; ``facts`` are the numbers of depot, class, lot, schedule and checklist."""
        data = self.cleaned_data
        answers = {each.key: data.get(f"{ANSWER}{each.key}") for each in self.checklist.questions}
        units = {each.key: data.get(f"{UNITS}{each.key}") for each in self.checklist.questions}
        return {
            "schema": SCHEMA, **facts,
            "answers": {key: value for key, value in answers.items() if value not in (None, "")},
            "units": {key: value for key, value in units.items() if value},
            "note": data["note"], "signature": self._signature(), "inspected_at": self._moment().isoformat(),
        }  # fmt: skip

    def _signature(self) -> Any:
        name = self.cleaned_data["name"].strip()
        drawn = self.earlier.signature if self.earlier and isinstance(self.earlier.signature, list) else []
        return {"name": name} if name else drawn

    def _moment(self) -> datetime:
        """Now, for today; noon of another day, and the time there was where the day stays."""
        day: date = self.cleaned_data["inspected_on"]
        if self.earlier is not None and day == self.earlier.inspected_on:
            return self.earlier.inspected_at
        if day == timezone.localdate():
            return timezone.localtime()
        return timezone.make_aware(datetime.combine(day, time(12)))

    def asked(self) -> list[Any]:
        """The fields that are not about units."""
        return [field for field in self if not field.name.startswith(UNITS)]

    def units(self) -> list[Any]:
        return [field for field in self if field.name.startswith(UNITS)]

    def has_units(self) -> bool:
        """Whether anybody has told units, rightly or not."""
        return any(field.value() or field.errors for field in self.units())

    def place(self, field: str) -> str | None:
        """The form's field for a fault that the service names (“answers.starts”)."""
        name = {"units": None, "inspected_at": "inspected_on"}.get(field, field)
        name = f"{ANSWER}{field.removeprefix('answers.')}" if field.startswith("answers.") else name
        return name if name in self.fields else None


def _field(checklist: Checklist, question: Question) -> forms.Field:
    asked = checklist.question(question.only_if.question) if question.only_if else None
    hints = [in_language(question.hint)] if question.hint else []
    if asked is not None:
        hints.append(_("Only where “%(question)s” is so.") % {"question": in_language(asked.title)})
    label = in_language(question.title)
    common: dict[str, Any] = {"label": label, "required": question.required and asked is None}
    if question.kind == "measure":
        hints.append(limits_text(question))
        return forms.FloatField(
            **common, help_text=" ".join(hints), widget=forms.TextInput(attrs={"inputmode": "decimal"})
        )
    if question.kind == "text":
        return forms.CharField(
            **common, help_text=" ".join(hints), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )
    choices = (
        [("yes", _("Yes")), ("no", _("No"))]
        if question.kind == "yes_no"
        else [(each.value, in_language(each.title)) for each in question.options]
    )
    return forms.ChoiceField(**common, help_text=" ".join(hints), choices=[("", "–"), *choices])


def _units_field(question: Question, initial: int | None) -> forms.Field:
    return forms.IntegerField(
        label=in_language(question.title), required=False, min_value=1, max_value=MOST_UNITS,
        initial=initial, help_text=_("Empty: all of them."),
    )  # fmt: skip
