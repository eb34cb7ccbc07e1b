"""The office's pages of rounds: the list, one round, opening and changing it, its meetings, its files."""

import csv
import io
import uuid
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.shapes import to_geojson
from gis_core.exports.cells import guarded
from gis_core.forms import RetireForm
from gis_core.models import Moderation, Proposal, ProposalRound
from gis_core.participation import rules, words
from gis_core.participation.access import Subject, manageable_areas, may_manage, seen_rounds, subject_of
from gis_core.participation.querysets import days_of, results, voters
from gis_core.participation.services import rounds as services
from gis_core.participation.staff_forms import RoundForm, VersionForm

from .asking import carried_out, done, find, refuse_lookers, refuse_strangers, token_of

PER_PAGE = 30


def public_url(request: HttpRequest, found: ProposalRound) -> str:
    path = reverse("residents-round", args=[found.slug])
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


@login_required
@never_cache
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    refuse_strangers(request.user)
    live = Q(proposals__retired_at=None)
    found = seen_rounds(request.user).annotate(
        waiting=Count("proposals", filter=live & Q(proposals__moderation=Moderation.PENDING)),
        shown=Count("proposals", filter=live & Q(proposals__moderation=Moderation.PUBLISHED)),
    )
    page = Paginator(found.order_by("-opens_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [(each, words.state(each)) for each in page], "may_add": _may_add(request.user)}
    return render(request, "gis_core/participation/round_list.html", context)


def _may_add(user: Any) -> bool:
    """Rounds about nothing in particular are the coordinators'."""
    return manageable_areas(user, "").exists()


@login_required
@never_cache
@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    may = may_manage(request.user, found)
    proposals = Proposal.objects.live().filter(round=found).select_related("area", "merged_into", "answered_by")
    kept = list(proposals.defer("area__geometry").order_by("pk"))
    days, today = days_of(found), timezone.localdate()
    voted, on_site = voters(found)
    shown = [each for each in kept if each.moderation == Moderation.PUBLISHED]
    context = {
        "round": found, "may": may, "state": words.state(found), "public_url": public_url(request, found),
        "subject": subject_of(request.user, found.subject_layer, found.subject_id),
        "waiting": [each for each in kept if each.moderation == Moderation.PENDING],
        "shown": shown, "hidden": [each for each in kept if each.moderation not in {"pending", "published"}],
        "may_vote": found.published_at is not None and rules.may_vote(days, today),
        "voted": voted, "on_site": on_site, "turnout": rules.turnout(voted, found.eligible),
        "results": results(found, shown) if days.vote_closes and today > days.last else None,
        "vote_begun": days.vote_opens is not None and today >= days.vote_opens,
        "forgotten_from": days.forgotten_from, "meetings": found.meetings.live(),
    }  # fmt: skip
    return render(request, "gis_core/participation/round.html", context)


def _subject(request: HttpRequest) -> Subject | None:
    """``?layer=&record=`` from the record's page, and the same from its form. Raises PermissionDenied."""
    params = request.POST if request.method == "POST" else request.GET
    layer, number = params.get("layer", ""), params.get("record", "")
    if not layer:
        return None
    found = subject_of(request.user, layer, int(number) if number.isascii() and number.isdecimal() else None)
    if found is None:
        raise PermissionDenied(_("This record is not there, or not for your eyes."))
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_add(request: HttpRequest) -> HttpResponse:
    """Open a round, about a record or about nothing in particular."""
    refuse_strangers(request.user)
    subject = _subject(request)
    layer = subject.layer.id if subject else ""
    if not manageable_areas(request.user, layer).exists():
        raise PermissionDenied(_("Rounds of this area, or about this, are looked after by somebody else."))
    initial = {"area": subject.area.pk, "title": f"{subject.record}"[:120]} if subject and subject.area else {}
    form = RoundForm(request.POST or None, user=request.user, subject_layer=layer, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            about = {"subject_layer": layer, "subject_id": subject.record.pk if subject else None}
            try:
                made = services.add(request.user, {**form.values(), **about}, token_of(request))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, None)
            else:
                messages.success(request, _("Saved. Nobody outside sees it before you publish it."))
                return redirect("round", made.pk)
    context = {"form": form, "subject": subject, "token": request.POST.get("token") or uuid.uuid4()}
    return render(request, "gis_core/participation/round_form.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, to_manage=True)
    form = RoundForm(request.POST or None, instance=found, user=request.user, subject_layer=found.subject_layer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = services.change(ProposalRound(pk=pk), request.user, form.base(), form.values())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, ProposalRound.objects.filter(pk=pk).first())
            else:
                form.tell(request, theirs)
                messages.success(request, _("Saved."))
                return redirect("round", pk)
    context = {"form": form, "round": ProposalRound.objects.get(pk=pk)}
    return render(request, "gis_core/participation/round_form.html", context, status=status)


@login_required
@require_POST
def round_publish(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """``publish`` or ``withdraw``."""
    found = find(request, pk, to_manage=True)
    form = VersionForm(request.POST)
    if form.is_valid():
        act = services.publish if action == "publish" else services.withdraw
        done(request, lambda: act(found, request.user, form.cleaned_data["version"]))
    return redirect("round", pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, to_manage=True)
    form = RetireForm(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda: services.retire(found, request.user, **form.cleaned_data))
        if status == 302:
            messages.success(request, _("Retired."))
            return redirect("round-list")
    return render(request, "gis_core/participation/round_retire.html", {"form": form, "round": found}, status=status)


@login_required
@never_cache
@require_safe
def round_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The public address as a QR code (SVG), for notices."""
    found = find(request, pk)
    picture = io.BytesIO()
    segno.make(public_url(request, found), error="m", micro=False).save(picture, kind="svg", scale=4, border=4)
    response = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{found.slug}.svg"'
    return response


@login_required
@never_cache
@require_safe
def round_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every proposal with what became of it; votes when the vote is over. Nothing of whoever proposed or voted."""
    found = find(request, pk)
    refuse_lookers(request.user, found)
    kept = list(Proposal.objects.live().filter(round=found).select_related("area").defer("area__geometry"))
    is_counted = found.vote_closes_on is not None and timezone.localdate() > days_of(found).last
    votes = {each.pk: place.votes for place, each in results(found, kept)} if is_counted else {}
    head = [
        _("number"), _("title"), _("proposal"), _("area"), _("longitude"), _("latitude"), _("moderation"), _("reason"),
        _("joined with"), _("votes"), _("decision"), _("answer"), _("answered on"), _("came on"),
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for each in kept:
        geometry = to_geojson(each.location)
        shown = each.moderation == Moderation.PUBLISHED
        row = [
            each.pk, each.title, each.text, each.area and each.area.full_name,
            *(geometry["coordinates"] if geometry else ["", ""]), each.get_moderation_display(),
            each.moderation_reason, each.merged_into_id, votes.get(each.pk) if shown else None,
            each.get_decision_display(), each.answer, each.answered_at and timezone.localdate(each.answered_at),
            timezone.localdate(each.created_at),
        ]  # fmt: skip
        writer.writerow(["" if cell is None else guarded(cell) for cell in row])
    # The mark tells Excel that this is UTF-8.
    response = HttpResponse(f"\ufeff{text.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="proposals-{found.slug}.csv"'
    return response
