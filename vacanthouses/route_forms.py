"""What a manager says of a crew's day before a route is proposed, and the stops as they stand in the address."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Campaign, Crew
from .services.starting_places import StartingPlace

MOST_STOPS = 60
CLOSED, OPEN = "closed", "open"


class RouteForm(forms.Form):
    crew = forms.ChoiceField(label=_("Crew"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    way = forms.ChoiceField(
        label=_("End of the day"), choices=[(CLOSED, _("returns to the start")), (OPEN, _("ends at the last house"))],
        initial=CLOSED,
    )  # fmt: skip
    start = forms.ChoiceField(label=_("Starting place"), required=False)
    minutes = forms.IntegerField(label=_("Minutes in the day"), min_value=30, max_value=900, initial=420)
    each = forms.FloatField(label=_("Minutes for each house"), min_value=5, max_value=240, initial=30)
    most = forms.IntegerField(label=_("At most, houses"), min_value=1, max_value=MOST_STOPS, initial=15)

    def __init__(self, data: Any = None, *, campaign: Campaign, crews: list[Crew], places: list[StartingPlace]) -> None:
        super().__init__(data, initial={"day": timezone.localdate().isoformat()})
        self.campaign = campaign
        self.crews = {str(crew.pk): crew for crew in crews}
        self.fields["crew"].choices = [(key, str(crew)) for key, crew in self.crews.items()]  # type: ignore[attr-defined]
        self.fields["start"].choices = [(place.key, place.name) for place in places]  # type: ignore[attr-defined]

    def clean_crew(self) -> Crew:
        return self.crews[self.cleaned_data["crew"]]


def stop_ids(text: str) -> tuple[int, ...]:
    """Assignment ids out of ``12,7,9``; each once. Raises ValueError for anything else, and for too many."""
    ids = dict.fromkeys(int(part) for part in text.split(",") if part)
    if len(ids) > MOST_STOPS or any(not 0 < each < 2**31 for each in ids):
        raise ValueError(text)
    return tuple(ids)
