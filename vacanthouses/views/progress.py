"""The live progress of a survey round."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from vacanthouses.services import progress

from .access import find_campaign


@login_required
@require_safe
def campaign_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and (``?part``) its figures alone, for which the page asks again every half minute."""
    campaign = find_campaign(request, pk)
    kept = progress.of(campaign)
    part = "part" in request.GET
    if part and (unchanged := get_conditional_response(request, etag=kept.tag)) is not None:
        return unchanged
    context = {"campaign": campaign, "tab": "progress", "progress": kept.progress}
    name = "vacanthouses/_campaign_progress.html" if part else "vacanthouses/campaign_progress.html"
    response = render(request, name, context)
    # Kept by the browser, but asked about each time.
    response["Cache-Control"] = "private, no-cache" if part else "private, no-store"
    if part:
        response["ETag"] = kept.tag
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
