"""What residents fill in: a code, a proposal, a ballot. No name is asked."""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import Point as LonLat

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.models import AdminArea, AreaLevel, Proposal, ProposalRound

from .staff_forms import refuse_personal


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of 6 digits"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        code = "".join(sign for sign in self.cleaned_data["code"] if not sign.isspace())
        if len(code) != 6 or not code.isdecimal():
            raise ValidationError(_("The code has 6 digits."))
        return code


def towns_of(found: ProposalRound) -> Any:
    """The towns among which a place may be chosen: the round's area, or the towns below it."""
    ids = AdminArea.objects.descendant_ids([found.area_id])
    return AdminArea.objects.towns().filter(pk__in=ids).order_by("mois_code")


class ProposalForm(forms.Form):
    """A proposal, with a town or a point; ``cleaned_data`` then has ``area`` and ``location`` (EPSG:5179 or None)."""

    title = forms.CharField(label=gettext_lazy("Proposal in one line"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("What should be done, and why"),
        max_length=2000,
        help_text=gettext_lazy("Up to 2,000 characters. Please no names, phone numbers or addresses of persons."),
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 2000}),
    )
    town: Any = forms.ModelChoiceField(label=gettext_lazy("Town"), queryset=None, required=False)
    lat = forms.FloatField(label=gettext_lazy("Latitude (°N)"), required=False, min_value=32, max_value=44)
    lon = forms.FloatField(label=gettext_lazy("Longitude (°E)"), required=False, min_value=123, max_value=133)
    wants_answer = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, found: ProposalRound, sent_to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town: Any = self.fields["town"]
        town.queryset = towns_of(found)
        town.empty_label = _("The whole of %(area)s, or nowhere in particular") % {"area": found.area.name}
        town.label_from_instance = lambda each: each.name
        if found.area.level == AreaLevel.EUPMYEONDONG:
            del self.fields["town"]
        self.fields["wants_answer"].label = _("Send the office's answer to %(contact)s") % {"contact": sent_to}
        for name in ("lat", "lon"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            self.fields[name].localize = False

    def clean_title(self) -> str:
        return refuse_personal(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return refuse_personal(self.cleaned_data["text"].replace("\r\n", "\n"))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        lon, lat = values.get("lon"), values.get("lat")
        if (lon is None) != (lat is None) and not {"lon", "lat"} & self.errors.keys():
            self.add_error("lat" if lat is None else "lon", _("A place has a latitude and a longitude."))
        if lon is not None and lat is not None:
            self._place(values, lon, lat)
        return values

    def _place(self, values: dict[str, Any], lon: float, lat: float) -> None:
        moved = reproject(LonLat(lon, lat), LONLAT_SRID, STORAGE_SRID)
        values["location"] = Point(moved.x, moved.y, srid=STORAGE_SRID)
        town = AdminArea.objects.containing(values["location"])
        if town is None:
            self.add_error("lat", _("This place lies in no town that we know. Choose it again on the map."))
        values["town"] = town

    def values(self) -> dict[str, Any]:
        """As ``services.taking_part.propose`` takes them."""
        data = self.cleaned_data
        found = {"title": data["title"], "text": data["text"], "location": data.get("location")}
        return {**found, "area": data["town"]} if data.get("town") else found


class BallotForm(forms.Form):
    """``choices`` are numbers of proposals; how many may be chosen is the service's to say."""

    choices = forms.MultipleChoiceField(
        label=gettext_lazy("Proposals"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, proposals: list[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["choices"]
        field.choices = [(str(each.pk), each.title) for each in proposals]
        field.error_messages["invalid_choice"] = _(
            "A proposal that you chose is no longer in the vote. Please choose again."
        )

    def chosen(self) -> set[int]:
        return {int(each) for each in self.cleaned_data["choices"]}
