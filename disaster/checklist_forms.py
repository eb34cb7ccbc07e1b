"""The form of a new edition of a checklist."""

from datetime import date, datetime
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput

from .checklists import BadChecklist, read
from .models import Checklist
from .words.inspections import fault_text

MOST_CHARACTERS = 100_000


class _Loader(yaml.SafeLoader):
    """Without anchors: a few lines of them can grow into gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("Anchors (*name) are not taken."))
        return super().compose_node(parent, index)


# The database keeps no order of keys.
_ORDER = (
    "version", "key", "value", "ko", "en", "kind", "title", "hint", "unit", "min", "max", "options", "fails",
    "fails_on", "required", "only_if", "question", "is", "photo", "blocks", "severity", "repair", "questions",
)  # fmt: skip


def as_yaml(body: Any) -> str:
    return yaml.safe_dump(_ordered(body), allow_unicode=True, sort_keys=False, width=110)


def _ordered(node: Any) -> Any:
    if isinstance(node, list):
        return [_ordered(each) for each in node]
    if not isinstance(node, dict):
        return node
    place = {name: number for number, name in enumerate(_ORDER)}
    return {name: _ordered(node[name]) for name in sorted(node, key=lambda each: place.get(each, len(place)))}


def _jsonable(value: Any, path: str = "") -> Any:
    """What a YAML text holds, as JSON can keep it. Raises BadChecklist for what JSON has not."""
    if isinstance(value, dict):
        return {str(name): _jsonable(each, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each, f"{path}.{number}".lstrip(".")) for number, each in enumerate(value)]
    if isinstance(value, float) and value - value != 0:
        raise BadChecklist(path, "not_a_number")
    if isinstance(value, datetime | date) or not (value is None or isinstance(value, str | int | float | bool)):
        raise BadChecklist(path, "not_a_text")
    return value


class EditionForm(forms.ModelForm):
    """A new edition, from the text of an existing one (YAML, of which JSON is a part)."""

    text = forms.CharField(
        label=gettext_lazy("content"),
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code", "lang": "mul"}),
        max_length=MOST_CHARACTERS,
        strip=False,
        help_text=gettext_lazy("YAML or JSON. A fault is named with its place."),
    )

    class Meta:
        model = Checklist
        fields = ["title", "effective_from", "source", "is_sample"]
        widgets = {"effective_from": DateInput}

    def clean_text(self) -> Any:
        try:
            body = _jsonable(yaml.load(self.cleaned_data["text"], Loader=_Loader))  # noqa: S506
            read(body)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            told = _("Line %(line)s cannot be read: %(problem)s")
            raise ValidationError(told % {"line": line, "problem": error.problem}) from error
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            told = fault_text(error) if isinstance(error, BadChecklist) else _("The text cannot be read: %s") % error
            raise ValidationError(told) from error
        return body

    def values(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return {**facts, "body": self.cleaned_data["text"]}
