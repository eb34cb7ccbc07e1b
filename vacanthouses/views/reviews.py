"""The review queue: one visit after the other, decided by keyboard or by hand."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import permissions
from gis_core.editing import Conflict, Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import Role
from vacanthouses.models import Campaign, Visit
from vacanthouses.querysets_reviews import REVIEWERS, is_blind, queue, rivals
from vacanthouses.services import review_facts
from vacanthouses.services import reviews as services
from vacanthouses.services.visit_reading import OWNER
from vacanthouses.words.answers import Answered, answered, changes_told, slot_title, worth_reading
from vacanthouses.words.reviews import flag_text

from .access import find_campaign

# Visits listed beside the one that is looked at, and how many are counted at most.
LISTED = 12
COUNTED = 10_000
# A text longer than a form takes is refused by the form, not cut.
FULL_TEXT = 10_000
SHOWN = ("house", "house__area", "surveyor", "crew", "campaign", "form", "assignment", "area")


def refuse_others(request: HttpRequest) -> None:
    """Raises PermissionDenied unless the person reviews anywhere."""
    if not permissions.roles_of(request.user) & {*REVIEWERS, Role.ADMINISTRATOR}:
        raise PermissionDenied(_("Only survey managers review visits."))


@login_required
@never_cache
@require_safe
def review_queue(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The queue of a survey round, or of all, opened at ``?visit=`` or at its first."""
    refuse_others(request)
    campaign = find_campaign(request, pk) if pk is not None else None
    asked = request.GET.get("visit", "")
    visit = None
    if asked.isascii() and asked.isdecimal() and len(asked) < 18:
        visit = _find(request, int(asked))
    if visit is None:
        visit = queue(request.user, campaign).select_related(*SHOWN).first()
    return _page(request, campaign, visit)


def _find(request: HttpRequest, pk: int) -> Visit:
    """A visit of the person's areas. Raises Http404, and PermissionDenied for their own."""
    visit: Visit = get_object_or_404(Visit.objects.select_related(*SHOWN), pk=pk, retired_at=None)
    if not permissions.covers(permissions.area_scope(request.user, REVIEWERS), [visit.area_id]):
        raise Http404
    try:
        services.refuse_unless_reviewer(visit, request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    return visit


def _page(
    request: HttpRequest, campaign: Campaign | None, visit: Visit | None, status: int = 200, **typed: Any
) -> HttpResponse:
    waiting = list(queue(request.user, campaign).values_list("pk", flat=True)[:COUNTED])
    context: dict[str, Any] = {"campaign": campaign, "waiting": len(waiting), "visit": visit, "typed": typed}
    if visit is not None:
        permissions.log_personal(request.user, layers.get("vacant-houses"), "review", record_id=visit.house_id)
        context |= _place_in(waiting, visit, request, campaign) | _shown(request, visit, typed)
    return render(request, "vacanthouses/review.html", context, status=status)


def _place_in(waiting: list[int], visit: Visit, request: HttpRequest, campaign: Campaign | None) -> dict[str, Any]:
    """Where the visit stands in the queue, its neighbours, and some of the queue around it."""
    at = waiting.index(visit.pk) if visit.pk in waiting else None
    start = max(0, min((at or 0) - LISTED // 3, len(waiting) - LISTED))
    around = waiting[start : start + LISTED]
    visits = Visit.objects.select_related("house", "surveyor").in_bulk(around)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "review list", count=len(around))
    return {
        "number": None if at is None else at + 1,
        "listed": [(start + offset + 1, visits[pk]) for offset, pk in enumerate(around) if pk in visits],
        "previous": waiting[at - 1] if at else None,
        "following": waiting[at + 1] if at is not None and at + 1 < len(waiting) else None,
    }


def without_owner(found: list[Answered]) -> list[Answered]:
    """What a form asks about the owner is kept apart from the answers, and encrypted."""
    return [each for each in found if not each.question.id.startswith(OWNER)]


def _shown(request: HttpRequest, visit: Visit, typed: dict[str, Any]) -> dict[str, Any]:
    photos = review_facts.photos_of(visit, request.user)
    found = review_facts.flags_of(visit, photos)
    by_photo: dict[str, list[str]] = {}
    for flag in found:
        if flag.sha256:
            by_photo.setdefault(flag.sha256, []).append(flag_text(flag))
    return {
        "photos": [
            (each, slot_title(visit.form, each.slot) or each.attachment.name, by_photo.get(each.photo.sha256, []))
            for each in photos
        ],
        "flags": list(dict.fromkeys(flag_text(flag) for flag in found)),
        "answers": without_owner(worth_reading(visit.form, visit.answers, visit.outcome)),
        "editing": without_owner(answered(visit.form, {**visit.answers, **typed.get("answers", {})})),
        "rivals": list(rivals(visit).select_related("surveyor", "house")),
        "is_blind": is_blind(visit),
        "decided": visit.state != "submitted",
        "past": [(each, changes_told(visit.form, each.changes)) for each in visit.reviews.select_related("reviewer")],
        "version": typed.get("version", visit.version),
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision about one visit; then the queue goes on. GET shows the visit."""
    refuse_others(request)
    visit = _find(request, pk)
    asked = request.POST.get("campaign", "")
    campaign = find_campaign(request, int(asked)) if asked.isascii() and asked.isdecimal() else None
    if request.method != "POST":
        return _page(request, None, visit)
    try:
        told = _decided(request, visit)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict:
        return _told_of_conflict(request, campaign, pk)
    except Invalid as invalid:
        texts = [text for found in invalid.errors.values() for text in found]
        return _page(request, campaign, _find(request, pk), 422, errors=texts, **_typed(request, visit))
    messages.success(request, told)
    back = reverse("review-queue", args=[campaign.pk]) if campaign else reverse("review-queue-all")
    return redirect(back + _onward(request, campaign, visit))


def _typed(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What was written, to be shown again; answers of a correction as they were typed."""
    decision = request.POST.get("decision", "")
    answers = _corrections(request, visit) if decision == "edit" else {}
    return {"comment": request.POST.get("comment", ""), "decision": decision, "answers": answers}


def _told_of_conflict(request: HttpRequest, campaign: Campaign | None, pk: int) -> HttpResponse:
    """Somebody was faster: what they decided, with what was typed still there."""
    visit = _find(request, pk)
    last = visit.reviews.select_related("reviewer").order_by("-at", "-pk").first()
    told = _("This visit was changed meanwhile. Look at it again.")
    if last is not None and last.reviewer_id != request.user.pk:
        told = _("%(who)s decided meanwhile: %(decision)s.") % {
            "who": last.reviewer, "decision": last.get_decision_display(),
        }  # fmt: skip
    elif visit.state != "submitted":
        told = _("This was decided already: %(state)s.") % {"state": visit.get_state_display()}
    return _page(request, campaign, visit, 409, errors=[told], **_typed(request, visit))


def _decided(request: HttpRequest, visit: Visit) -> str:
    """What was done, in words. Raises NotAllowed, Invalid, Conflict."""
    sent = request.POST
    raw = sent.get("version", "")
    version = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0
    comment, decision = sent.get("comment", "")[:2000], sent.get("decision", "")
    if decision == "edit":
        changed = services.correct(visit, request.user, version, _corrections(request, visit), comment)
        return _("Corrected: %(house)s") % {"house": visit.house} if changed else _("Nothing was changed.")
    photos = review_facts.photos_of(visit, request.user)
    found = [asdict(flag) for flag in review_facts.flags_of(visit, photos)]
    if decision == "return":
        services.send_back(visit, request.user, version, comment, found)
        return _("Returned: %(house)s") % {"house": visit.house}
    if decision != "accept":
        raise Invalid({"decision": [_("Choose what to do.")]})
    others = [int(pk) for pk in sent.getlist("instead_of") if pk.isascii() and pk.isdecimal()]
    grading = services.accept(visit, request.user, version, comment, instead_of=others, flags=found)
    if grading is None:
        return _("Accepted: %(house)s") % {"house": visit.house}
    return _("Accepted: %(house)s, %(grade)s") % {"house": visit.house, "grade": grading.get_grade_display()}


def _corrections(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """The answers that differ from what they were, in the types of the form; what is no such value stays a text."""
    found: dict[str, Any] = {}
    for each in answered(visit.form, visit.answers):
        name = f"answer.{each.question.id}"
        # A list of choices from which nothing is chosen is not sent at all.
        if name not in request.POST and not (each.is_many and f"{name}.asked" in request.POST):
            continue
        values = [value.replace("\r\n", "\n") for value in request.POST.getlist(name)]
        if values == each.chosen or (values in ([], [""]) and not each.chosen):
            continue
        found[each.question.id] = (values or None) if each.is_many else _like(each, values[0].strip())
    return found


def _like(each: Answered, value: str) -> Any:
    if value == "":
        return None
    if isinstance(each.value, bool):
        return value == "True"
    is_number = isinstance(each.value, int | float)
    if each.question.type == "number" or (is_number and not each.question.type):
        try:
            number = float(value)
        except ValueError:
            return value[:40]
        if not isfinite(number):
            return value[:40]
        return int(number) if number.is_integer() else number
    return value[:FULL_TEXT]


def _onward(request: HttpRequest, campaign: Campaign | None, visit: Visit) -> str:
    """To the next of the queue, or round to its beginning; a corrected visit is shown again."""
    if request.POST.get("decision") == "edit":
        return f"?visit={visit.pk}"
    later = Q(received_at__gt=visit.received_at) | Q(received_at=visit.received_at, pk__gt=visit.pk)
    following = queue(request.user, campaign).filter(later).values_list("pk", flat=True).first()
    return f"?visit={following}" if following else ""
