"""Forms of vacant houses: what people say of one, and how a parcel number is read."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import RecordForm

from . import pnu
from .models import VacantHouse

PROBLEMS = {
    pnu.PnuFault.LENGTH: _("A parcel number has 19 digits; this has %(found)s."),
    pnu.PnuFault.DIGIT: _("Digit %(position)s is “%(found)s”, not a number."),
    pnu.PnuFault.SIDO: _("Digits 1–2 (province) are “%(found)s”, which no province has."),
    pnu.PnuFault.SIGUNGU: _("Digits 3–5 (city or county) are “%(found)s”."),
    pnu.PnuFault.TOWN: _("Digits 6–8 (town) are “%(found)s”."),
    pnu.PnuFault.LAND_KIND: _("Digit 11 (kind of land) is “%(found)s”; it must be 1 (ordinary) or 2 (forest)."),
    pnu.PnuFault.MAIN_NUMBER: _("Digits 12–15 (main lot number) are “%(found)s”."),
}


def clean_pnu(text: str) -> str:
    """A parcel number without blanks and hyphens. Raises ValidationError with every digit that is wrong."""
    text = text.replace(" ", "").replace("-", "")
    found = [
        forms.ValidationError(PROBLEMS[problem.fault], params={"position": problem.position, "found": problem.found})
        for problem in pnu.problems(text)
    ]
    if found:
        raise forms.ValidationError(found)
    return text


class VacantHouseForm(RecordForm):
    # Longer than the number itself, for it is often written with blanks or hyphens.
    pnu = forms.CharField(label=_("parcel number (PNU)"), max_length=40)

    class Meta:
        model = VacantHouse
        fields = ["pnu", "address", "regime", "status", "grade", "found_on", "note"]

    def clean_pnu(self) -> str:
        return clean_pnu(self.cleaned_data["pnu"])

    def clean_found_on(self):  # type: ignore[no-untyped-def]
        day = self.cleaned_data["found_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day
