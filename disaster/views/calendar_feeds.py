"""Links for calendar programs: making, revoking, and what a program gets."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import is_officer
from disaster.services import calendar_feeds as services

# Calendar programs ask every few minutes if they are let.
MAX_AGE_S = 900


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The person's links. POST makes one, whose address is shown this once."""
    if not is_officer(request.user):
        raise PermissionDenied(_("Only disaster officers may do this."))
    address = ""
    if request.method == "POST":
        _feed, token = services.make(request.user, "en" if get_language() == "en" else "ko")
        address = request.build_absolute_uri(reverse("calendar-ics", args=[token]))
    context = {"links": services.links(request.user), "address": address}
    return render(request, "disaster/calendar_feed.html", context)


@login_required
@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    if not services.revoke(request.user, pk):
        raise Http404
    messages.success(request, _("The link no longer works."))
    return redirect("calendar-feed")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program gets, without a session: the address is the key."""
    found = services.find(token)
    if found is None:
        raise Http404
    tag = services.etag(found)
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={MAX_AGE_S}", "Content-Language": found.language}
    asked = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    if tag in asked or "*" in asked:
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = 'inline; filename="inspections.ics"'
    return HttpResponse(services.render(found), content_type="text/calendar; charset=utf-8", headers=headers)
