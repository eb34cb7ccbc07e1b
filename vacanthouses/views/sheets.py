"""The forms of the survey on paper, in our own wording."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf
from gis_core.files.services import clean_name
from vacanthouses.services import clocks, results
from vacanthouses.words.clocks import STATE_LABELS

from .access import find_campaign


def paper(document: bytes, name: str) -> HttpResponse:
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, clean_name(f"{name}.pdf")) or "inline"
    return response


@never_cache
@login_required
@require_safe
def campaign_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The result report of a round, by town. Counts only: no house can be told from it."""
    campaign = find_campaign(request, pk)
    found = results.result(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "result": found,
        "table": results.table(found),
        "clocks": [{"clock": clock, "state": STATE_LABELS[clock.state]} for clock in clocks.clocks_of(campaign)],
        "today": timezone.localdate(),
        "printed_by": request.user,
    }
    document = pdf.render("vacanthouses/sheets/campaign_result.html", context, request)
    return paper(document, _("Result of %(campaign)s") % {"campaign": campaign})
