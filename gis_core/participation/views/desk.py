"""The desk in the village hall: an officer sees whose contact it is, the person chooses alone."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gis_core.models import Channel
from gis_core.participation import rules, sealing
from gis_core.participation.querysets import days_of, voters
from gis_core.participation.services import verification
from gis_core.participation.staff_forms import ContactForm

from .asking import find
from .taking_part import ballot

CHANNELS = [Channel.PHONE, Channel.EMAIL]


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """``step`` contact: the officer's; ``act``: the person's own."""
    found = find(request, pk, to_manage=True)
    is_open = found.published_at is not None and rules.may_vote(days_of(found), timezone.localdate())
    step = request.POST.get("step") if is_open else None
    form = ContactForm(request.POST if step == "contact" else None, channels=CHANNELS)
    status = 200

    def done() -> HttpResponse:
        messages.success(request, _("The vote was cast. The next person can come."))
        return redirect("round-desk", found.pk)

    if step == "act":
        try:
            return ballot(request, found, sealing.unseal("desk", found.pk, request.POST.get("pass", "")), done)
        except sealing.BadSeal:
            status = 409
            messages.error(request, _("This took too long, or the page was for something else. Please begin again."))
    if step == "contact":
        status = 422
        if form.is_valid():
            person = verification.at_desk(found, form.cleaned_data["channel"], form.cleaned_data["contact"])
            if person.voted_at is None:
                facts: dict[str, Any] = {"person": person.pk, "on_site": True}
                return ballot(request, found, facts, done)
            status = 409
            form.add_error("contact", _("This person has voted already. Everybody has one ballot."))
    voted, on_site = voters(found)
    context = {"round": found, "form": form, "is_open": is_open, "voted": voted, "on_site": on_site}
    return render(request, "gis_core/participation/desk.html", context, status=status)
