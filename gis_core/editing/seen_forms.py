"""Forms that send along what a person saw, so that two who change different fields both succeed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .errors import Invalid


class SeenForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def base(self) -> dict[str, Any]:
        """The values that the person saw before changing them."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            bound = self[name]
            raw = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
            try:
                found[name] = field.clean(raw)
            except forms.ValidationError:
                found[name] = None
        return found

    def rebase(self, current: Any) -> None:
        """Count the record as it is now as what the person has seen: they are shown what clashes, and may insist."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            value = field.prepare_value(current.serializable_value(name))
            data[self[name].html_initial_name] = "" if value is None else str(value)
        self.data = data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def refuse(self, invalid: Invalid, current: Any) -> None:
        """Show what a service refused. ``current`` is the record as it is now, None where there is none yet."""
        if current is not None:
            self.rebase(current)
        for name, texts in invalid.errors.items():
            self.add_error(name if name in self.fields else None, texts)

    def tell(self, request: HttpRequest, theirs: list[str]) -> None:
        """Say which fields somebody else changed meanwhile, and that they were kept."""
        if theirs:
            names = ", ".join(str(self[name].label) for name in theirs)
            messages.info(
                request, _("Somebody else changed meanwhile, and it was kept: %(fields)s.") % {"fields": names}
            )
