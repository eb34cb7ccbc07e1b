"""Forms of rule tables and gradings."""

from datetime import date, datetime
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput

from .models import Grade, Grading, RuleTable
from .rule_reading import BadRule
from .services import rules
from .words.rules import fault_text

MOST_CHARACTERS = 200_000


class _Loader(yaml.SafeLoader):
    """Without anchors: a few lines of them can grow into gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("Anchors (*name) are not taken."))
        return super().compose_node(parent, index)


# The database keeps no order of keys: names first, then plain values, then what holds more.
_FIRST = ("id", "item", "group", "title", "ko", "en")


def as_yaml(body: Any) -> str:
    return yaml.safe_dump(_ordered(body), allow_unicode=True, sort_keys=False, width=110)


def _ordered(node: Any) -> Any:
    if isinstance(node, list):
        return [_ordered(each) for each in node]
    if not isinstance(node, dict):
        return node

    def place(name: str) -> tuple[int, bool]:
        return _FIRST.index(name) if name in _FIRST else len(_FIRST), isinstance(node[name], dict | list)

    if all(isinstance(value, int | float) for value in node.values()):
        return dict(sorted(node.items(), key=lambda pair: pair[1]))
    return {name: _ordered(node[name]) for name in sorted(node, key=place)}


def _jsonable(value: Any, path: str = "") -> Any:
    """What a YAML text holds, as JSON can keep it. Raises BadRule for days and other things JSON has not."""
    if isinstance(value, dict):
        return {str(name): _jsonable(each, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each, f"{path}.{n}".lstrip(".")) for n, each in enumerate(value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value - value != 0:
        raise BadRule(path, "not_a_number")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise BadRule(path, "not_a_text")


class EditionForm(forms.ModelForm):
    """A new edition, from the text of an existing one (YAML, of which JSON is a part)."""

    text = forms.CharField(
        label=gettext_lazy("content"),
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code"}),
        max_length=MOST_CHARACTERS,
        strip=False,
        help_text=gettext_lazy("YAML or JSON. A fault is named with its place."),
    )

    class Meta:
        model = RuleTable
        fields = ["title", "effective_from", "effective_to", "source", "is_sample"]
        widgets = {"effective_from": DateInput, "effective_to": DateInput}

    def clean_text(self) -> Any:
        """The text as a body that its kind's reader takes."""
        try:
            body = _jsonable(yaml.load(self.cleaned_data["text"], Loader=_Loader))  # noqa: S506
            rules.check(self.instance.kind, body)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            told = _("Line %(line)s cannot be read: %(problem)s")
            raise ValidationError(told % {"line": line, "problem": error.problem}) from error
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            told = fault_text(error) if isinstance(error, BadRule) else _("The text cannot be read: %s") % error
            raise ValidationError(told) from error
        return body

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = data.get("effective_from"), data.get("effective_to")
        if start and end and end < start:
            raise ValidationError({"effective_to": _("This lies before the beginning.")})
        return data


class EndForm(forms.Form):
    effective_to = forms.DateField(label=gettext_lazy("in force to"), widget=DateInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, table: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def clean_effective_to(self) -> date:
        found: date = self.cleaned_data["effective_to"]
        if found < self.table.effective_from:
            raise ValidationError(_("This lies before the beginning."))
        return found


class OverrideForm(forms.Form):
    """Another grade for a house, of those its table can give."""

    grade = forms.ChoiceField(label=gettext_lazy("grade"))
    reason = forms.CharField(
        label=gettext_lazy("reason for another grade"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Needed unless it is the table's own grade."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, grading: Grading, grades: list[str], **kwargs: Any) -> None:
        initial = {"grade": grading.grade, "reason": grading.override_reason, "version": grading.version}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields["grade"].choices = [(grade, Grade(grade).label) for grade in grades]  # type: ignore[attr-defined]
