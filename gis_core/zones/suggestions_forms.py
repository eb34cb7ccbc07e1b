"""What is asked of suggestions: where, how many towns, and what counts how much."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gis_core.models import AdminArea, AreaLevel

from .suggestions import PartName, Wish

WEIGHTS = {
    PartName.BORDER: gettext_lazy("Shared border"),
    PartName.TRAVEL: gettext_lazy("Short ways"),
    PartName.COMPLEMENT: gettext_lazy("One has what another lacks"),
    PartName.MOVEMENT: gettext_lazy("People who move between them"),
}
USUAL_WEIGHTS = {PartName.BORDER: 2, PartName.TRAVEL: 3, PartName.COMPLEMENT: 4, PartName.MOVEMENT: 3}


class _Whole(forms.IntegerField):
    """A whole number that is the usual one where nothing is said."""

    def clean(self, value: Any) -> int:
        found = super().clean(value)
        return self.initial if found is None else found


def _whole(**options: Any) -> _Whole:
    return _Whole(required=False, **options)


class SuggestForm(forms.Form):
    area = forms.ModelChoiceField(
        AdminArea.objects.none(),
        required=False,
        label=pgettext_lazy("suggested zones", "Where"),
        empty_label=gettext_lazy("everywhere"),
    )
    town = forms.CharField(
        required=False, label=gettext_lazy("With this town"),
        help_text=gettext_lazy("Its name or code; left empty, sets are looked for everywhere in the area."),
    )  # fmt: skip
    least = _whole(label=gettext_lazy("Towns at least"), min_value=2, max_value=6, initial=2)
    most = _whole(label=gettext_lazy("Towns at most"), min_value=2, max_value=6, initial=4)
    number = _whole(label=gettext_lazy("How many suggestions"), min_value=1, max_value=30, initial=8)
    most_minutes = _whole(
        label=gettext_lazy("Minutes from which a way counts nothing"), min_value=5, max_value=180, initial=40
    )
    seed = _whole(
        label=gettext_lazy("Seed"), min_value=1, max_value=999_999, initial=1,
        help_text=gettext_lazy("The same seed gives the same answer; another one tries other ways to grow."),
    )  # fmt: skip
    across = forms.BooleanField(
        required=False, label=gettext_lazy("Also towns that do not touch, such as islands (they are marked)")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = AdminArea.objects.current().filter(level__in=[AreaLevel.SIDO, AreaLevel.SIGUNGU])
        self.fields["area"].queryset = above.defer("geometry").order_by("mois_code")  # type: ignore[attr-defined]
        for part, title in WEIGHTS.items():
            self.fields[f"weight_{part}"] = _whole(label=title, min_value=0, max_value=10, initial=USUAL_WEIGHTS[part])

    @property
    def weights(self) -> list[Any]:
        return [self[f"weight_{part}"] for part in PartName]

    def clean_town(self) -> AdminArea | None:
        text = self.cleaned_data["town"].strip()
        if not text:
            return None
        by_code = AdminArea.objects.by_code(text) if text.isdigit() else None
        towns = AdminArea.objects.towns().defer("geometry")
        found = [by_code] if by_code else list(towns.filter(full_name__endswith=f" {text}").order_by("mois_code")[:6])
        if not found:
            raise forms.ValidationError(_("There is no town of this name or code."))
        if len(found) > 1:
            names = ", ".join(str(each) for each in found)
            raise forms.ValidationError(
                _("Several towns are called so: %(names)s. Write more of the name."), params={"names": names}
            )
        if found[0].level != AreaLevel.EUPMYEONDONG:
            raise forms.ValidationError(_("This is no town."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("least", 0) > data.get("most", 99):
            self.add_error("most", _("This is less than the least."))
        values = [data.get(f"weight_{part}") for part in PartName]
        if all(value == 0 for value in values):
            self.add_error(f"weight_{PartName.BORDER}", _("At least one weight must be more than 0."))
        return data

    def wish(self) -> Wish:
        data = self.cleaned_data
        facts = {name: data[name] for name in ("seed", "least", "most", "number", "across")}
        return Wish(
            weights={part: float(data[f"weight_{part}"]) for part in PartName},
            most_minutes=float(data["most_minutes"]),
            town=data["town"].pk if data["town"] else None,
            **facts,
        )
