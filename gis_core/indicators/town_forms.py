"""Forms of what towns do: local policies and outreach visits."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import RecordForm
from gis_core.models import LocalPolicy, Organisation, OutreachVisit
from gis_core.participation.personal_text import Personal, find

KINDS = {
    Personal.RESIDENT_NUMBER: gettext_lazy("a resident number"),
    Personal.PHONE: gettext_lazy("a phone number"),
    Personal.EMAIL: gettext_lazy("an e-mail address"),
}


class LocalPolicyForm(RecordForm):
    partners = forms.ModelMultipleChoiceField(
        Organisation.objects.live(), required=False, label=gettext_lazy("partners")
    )

    class Meta:
        model = LocalPolicy
        fields = ["title", "year", "area", "summary", "partners", "satisfaction", "respondents", "outcome"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["satisfaction"].help_text = _("Of 100; only where people were asked.")
        if self.instance.pk:
            # A partner that has retired does not stand in the way of other changes.
            held = Organisation.objects.live() | Organisation.objects.filter(pk__in=self.instance.partners.values("pk"))
            self.fields["partners"].queryset = held  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        satisfaction, respondents = cleaned.get("satisfaction"), cleaned.get("respondents")
        if satisfaction is not None and not respondents and "respondents" not in self.errors:
            self.add_error("respondents", _("Satisfaction says nothing without the number of people asked."))
        return cleaned


class OutreachVisitForm(RecordForm):
    """Counts only: who was visited, and how to reach them, is nobody's business here."""

    class Meta:
        model = OutreachVisit
        fields = [
            "village", "area", "from_on", "until_on", "households", "visited", "follow_ups", "follow_ups_done",
            "subjects",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subjects"].help_text = _("No names, phones or resident numbers: everybody with a role reads this.")

    def clean_village(self) -> str:
        return self._impersonal("village")

    def clean_subjects(self) -> str:
        return self._impersonal("subjects")

    def _impersonal(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        kinds = find(text)
        if kinds:
            told = ", ".join(str(title) for kind, title in KINDS.items() if kind in kinds)
            raise forms.ValidationError(
                _("This looks like %(kinds)s. Take it out: only counts are kept here.") % {"kinds": told}
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begin, end = cleaned.get("from_on"), cleaned.get("until_on")
        if begin and end and end < begin:
            self.add_error("until_on", _("The visits end before they begin."))
        visited, households = cleaned.get("visited"), cleaned.get("households")
        if visited is not None and households is not None and visited > households:
            self.add_error("visited", _("More households were visited than the village has."))
        needed, done = cleaned.get("follow_ups"), cleaned.get("follow_ups_done")
        if needed is not None and done is not None and done > needed:
            self.add_error("follow_ups_done", _("More follow-ups are done than were needed."))
        return cleaned
