"""What to print labels for, and on which paper."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .label_papers import PAPERS
from .services.labels import Thing

_THING = re.compile(r"([1-9]\d{0,17})(?:\.([1-9]\d{0,17})(?:\.([1-9]\d{0,17}))?)?")


def key_of(thing: Thing) -> str:
    """“12”, “12.3” or “12.3.55”."""
    return ".".join(str(each) for each in thing if each is not None)


def paper_label(paper_id: str) -> str:
    paper = PAPERS[paper_id]
    told = _("%(number)s labels per sheet, %(width)s × %(height)s mm")
    return told % {"number": paper.labels, "width": f"{paper.width:g}", "height": f"{paper.height:g}"}


class LabelForm(forms.Form):
    """``t`` may be there many times: it is read by ``things``."""

    paper = forms.ChoiceField(label=gettext_lazy("Label paper"))
    start = forms.IntegerField(
        label=gettext_lazy("Begin at label"),
        min_value=1,
        initial=1,
        help_text=gettext_lazy("For a sheet of which some labels are used already, counted row by row."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(each, paper_label(each)) for each in PAPERS]  # type: ignore[attr-defined]
        self.fields["paper"].initial = "21"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        paper, start = data.get("paper"), data.get("start")
        if paper and start and start > PAPERS[paper].labels:
            told = _("This sheet has %(number)s labels.") % {"number": PAPERS[paper].labels}
            raise ValidationError({"start": told})
        found = [_THING.fullmatch(each) for each in self.data.getlist("t")]  # type: ignore[attr-defined]
        if not all(found):
            raise ValidationError(_("This class or lot is not known here."))
        data["things"] = [
            tuple(int(part) if part else None for part in each.groups()) for each in found if each is not None
        ]
        if not data["things"]:
            raise ValidationError(_("Choose what to print labels for."))
        return data
