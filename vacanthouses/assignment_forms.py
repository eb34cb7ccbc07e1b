"""Crews, and giving houses to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea

from .models import Campaign, Crew
from .services.assignments import people_for

NOBODY = "nobody"


class CrewForm(forms.ModelForm):
    class Meta:
        model = Crew
        fields = ["name", "area", "members"]
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = AdminArea.objects.descendant_ids([campaign.area_id])
        self.fields["area"].queryset = AdminArea.objects.current().filter(pk__in=sorted(below))  # type: ignore[attr-defined]
        people = [person.pk for person in people_for(campaign)]
        self.fields["members"].queryset = self.fields["members"].queryset.filter(pk__in=people)  # type: ignore[attr-defined]
        self.fields["members"].required = True


class AssignForm(forms.Form):
    houses = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": _("Tick the houses first."), "invalid_choice": _("Look again and choose.")},
    )
    crew = forms.ChoiceField(error_messages={"required": _("Choose a crew.")})

    def __init__(self, *args: Any, houses: list[int], crews: list[Crew], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crews = {str(crew.pk): crew for crew in crews}
        self.fields["houses"].choices = [(pk, pk) for pk in houses]  # type: ignore[attr-defined]
        self.fields["crew"].choices = [(key, key) for key in (*self.crews, NOBODY)]  # type: ignore[attr-defined]

    def clean_crew(self) -> Crew | None:
        return self.crews.get(self.cleaned_data["crew"])
