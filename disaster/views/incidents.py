"""The end of an incident, which shows what is still out, and taking that back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from disaster.models import Incident
from disaster.operation_forms import EndForm
from disaster.order_lines import row
from disaster.querysets_operations import incidents, may_act_in, still_out, unanswered
from disaster.services import incidents as services

from .asking import number_of
from .refusals import carried_out, done


def _incident(request: HttpRequest, pk: int) -> Incident:
    """Raises Http404 for those who do not see it, PermissionDenied for those who may not act there."""
    found: Incident = get_object_or_404(incidents(request.user), pk=pk)
    if not may_act_in(request.user, found.area_id):
        raise PermissionDenied(_("Only disaster officers of its area may do this."))
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still out and what will be called off is shown first."""
    incident = _incident(request, pk)
    form = EndForm(request.POST or None, initial={"version": incident.version})
    left: list[int] = []

    def close(data: dict[str, Any]) -> None:
        left.append(services.close(request.user, incident, data["ended_at"], data["version"], data["token"]))

    status = carried_out(form, close) if request.method == "POST" else 200
    if status == 302:
        _tell(request, left[0])
        return redirect("record-detail", "incidents", pk)
    context = {
        "incident": incident, "form": form,
        "out": [row(order) for order in still_out(incident)],
        "unanswered": [row(order) for order in unanswered(incident)],
    }  # fmt: skip
    return render(request, "disaster/incident_close.html", context, status=status)


def _tell(request: HttpRequest, left: int) -> None:
    if left:
        told = ngettext(
            "The incident is over. %(number)d order is still out: it stays on the list until it is settled.",
            "The incident is over. %(number)d orders are still out: they stay on the list until they are settled.",
            left,
        )
        messages.warning(request, told % {"number": left})
    else:
        messages.success(request, _("The incident is over, and nothing is out."))


@login_required
@require_POST
def incident_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _incident(request, pk)
    version = number_of(request.POST.get("version", "")) or 0
    done(request, lambda: services.reopen(request.user, incident, version))
    return redirect("record-detail", "incidents", pk)
