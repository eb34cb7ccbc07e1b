"""Blind re-surveys of a round: drawing the sample, and how far the second visits agree with the first."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing import Invalid, NotAllowed
from gis_core.layers.registry import layers
from vacanthouses.models import BlindPair, Campaign, Crew
from vacanthouses.services import agreement as statistics
from vacanthouses.services import blind as services

from .access import find_campaign

MOST_PAIRS = 100


class DrawForm(forms.Form):
    percent = forms.FloatField(label=gettext_lazy("share (%)"), min_value=0.1, max_value=100, initial=5)
    seed = forms.IntegerField(
        label=gettext_lazy("seed"), min_value=0, max_value=2**31 - 1, initial=1,
        help_text=gettext_lazy("The same seed draws the same houses from the same visits."),
    )  # fmt: skip
    crews = forms.ModelMultipleChoiceField(
        Crew.objects.none(), label=gettext_lazy("crews"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, campaign: Campaign, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = permissions.area_scope(user, services.REVIEWERS)
        crews = Crew.objects.filter(retired_at__isnull=True)
        crews = crews if scope is None else crews.filter(area_id__in=sorted(scope))
        self.fields["crews"].queryset = crews.order_by("name")  # type: ignore[attr-defined]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blind(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample of a round and its agreement; POST draws more."""
    campaign = find_campaign(request, pk)
    form = DrawForm(request.POST or None, campaign=campaign, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (drawn := _drawn(request, campaign, form)) is not None:
            messages.success(request, _("Drawn for a second survey: %(number)s") % {"number": drawn})
            return redirect("blind", campaign.pk)
    pairs = list(
        BlindPair.objects.filter(campaign=campaign, retired_at__isnull=True)
        .select_related("first__surveyor", "first__house", "first__form", "second__surveyor", "assignment__crew")
        .order_by("pk")
    )
    found = statistics.of_pairs(pairs)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "blind", count=min(len(pairs), MOST_PAIRS))
    context = {
        "campaign": campaign, "form": form, "pairs": pairs[:MOST_PAIRS], "total": len(pairs),
        "seconded": sum(pair.second_id is not None for pair in pairs), "found": found,
        "eligible": len(services.eligible(campaign)),
    }  # fmt: skip
    return render(request, "vacanthouses/blind.html", context, status=status)


def _drawn(request: HttpRequest, campaign: Campaign, form: DrawForm) -> int | None:
    data = form.cleaned_data
    crews = list(data["crews"])
    visits = services.eligible(campaign)
    left_out = len(visits) - len(services.reachable(visits, crews))
    try:
        drawn = len(services.draw(campaign, request.user, data["percent"], data["seed"], crews))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            form.add_error(None if name == "__all__" else name, texts)
        return None
    if left_out:
        told = _("Not among those drawn from, because none of these crews may go there: %(number)s")
        messages.warning(request, told % {"number": left_out})
    return drawn
