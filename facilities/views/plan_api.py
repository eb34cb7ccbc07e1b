"""What the plan editor asks the server: the document, edits, undo, checks. JSON both ways."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from shapely.geometry.base import BaseGeometry

from facilities.models import Plan
from facilities.plan import coverage, drawing
from facilities.plan.circulation import Circulation
from facilities.plan.circulation import check as check_circulation
from facilities.plan.document import Document, snapped, to_json
from facilities.services import edits as editing
from facilities.services import plans
from facilities.services.errors import ChangedSince, Frozen, NothingToUndo, Overtaken
from facilities.words import circulation as circulation_words
from facilities.words import coverage as coverage_words
from facilities.words import drawing as drawing_words
from facilities.words.findings import finding_json, refusal_json
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.geometry import NotGeometry, fault, from_geojson
from gis_core.models import User

from .access import find_plan
from .bodies import BadBody, json_body
from .plan_panels import schedule_html

# A document of 2,000 rooms takes less than half of this.
BODY_LIMIT = 4_000_000
MAX_OPERATIONS = 500


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn what the services refuse into answers the editor shows. Problem texts are in the user's language."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadBody as error:
            return _problem(400, str(error))
        except NotAllowed as error:
            return _problem(403, str(error))
        except Frozen:
            return _problem(423, _("This plan is agreed and can no longer be changed. Make a new option from it."))
        except NothingToUndo:
            return _problem(409, _("There is nothing to take back."))
        except ChangedSince:
            return _problem(409, _("This cannot be taken back: somebody changed the same part afterwards."))
        except Overtaken as error:
            text = _("Somebody else has just changed the same part. Look at it and try again.")
            return _problem(409, text, version=error.version, changes=error.changes)
        except Invalid as error:
            text = " ".join(message for messages in error.errors.values() for message in messages)
            return _problem(422, text, errors=error.errors)

    return answer


def _problem(status: int, detail: str, **more: Any) -> JsonResponse:
    return JsonResponse({"detail": detail, **more}, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _version_and_token(body: dict[str, Any]) -> tuple[int, uuid.UUID]:
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise BadBody(_("The request does not say which version of the plan it was made from."))
    try:
        return version, uuid.UUID(str(body.get("token")))
    except ValueError as error:
        raise BadBody(_("The request carries no token.")) from error


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    undo, redo = editing.can_undo(plan, request.user)
    return JsonResponse(
        {
            "version": plan.version,
            "document": to_json(plans.load(plan)),
            "can_undo": undo,
            "can_redo": redo,
        }
    )


@login_required
@require_POST
@answering
def edits(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    body = json_body(request, BODY_LIMIT)
    version, token = _version_and_token(body)
    operations = body.get("operations")
    if not isinstance(operations, list) or not 0 < len(operations) <= MAX_OPERATIONS:
        raise BadBody(_("The request holds no operations, or too many."))
    try:
        done = editing.edit(plan, _user(request), operations, version=version, token=token)
    except drawing.Refused as refused:
        now = Plan.objects.select_related("building").get(pk=plan.pk)
        return JsonResponse(
            {
                **refusal_json(refused, plans.load(now)),
                "version": now.version,
                "changes": editing.changes_since(now, version),
            },
            status=422,
        )
    return _edited(request, plan, done)


def _edited(request: HttpRequest, plan: Plan, done: editing.Edited) -> HttpResponse:
    undo, redo = editing.can_undo(plan, request.user)
    drawn = plans.load(plan) if done.notes else Document()
    notes = [finding_json(note, drawn, drawing_words.text) for note in done.notes]
    return JsonResponse(
        {"version": done.version, "changes": done.changes, "notes": notes, "can_undo": undo, "can_redo": redo}
    )


@login_required
@require_POST
@answering
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _undo(request, pk, again=False)


@login_required
@require_POST
@answering
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    return _undo(request, pk, again=True)


def _undo(request: HttpRequest, pk: int, *, again: bool) -> HttpResponse:
    plan = find_plan(request, pk)
    version, token = _version_and_token(json_body(request, BODY_LIMIT))
    done = editing.undo(plan, _user(request), version=version, token=token, again=again)
    return _edited(request, plan, done)


@login_required
@never_cache
@require_safe
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Coverage, circulation and area schedule of the plan as it is stored."""
    plan = find_plan(request, pk)
    drawn = plans.load(plan)
    circulation = check_circulation(drawn)
    return JsonResponse(
        {
            "version": plan.version,
            "coverage": [finding_json(finding, drawn, coverage_words.text) for finding in coverage.check(drawn)],
            "circulation": circulation_json(circulation, drawn),
            "schedule_html": schedule_html(request, plan, drawn),
        }
    )


def circulation_json(circulation: Circulation, drawn: Document) -> dict[str, Any]:
    return {
        **circulation.to_json(),
        "findings": [finding_json(finding, drawn, circulation_words.text) for finding in circulation.findings],
        "interfaces": [
            {**asdict(interface), "text": circulation_words.interface_text(interface, drawn)}
            for interface in circulation.interfaces
        ],
    }


@login_required
@require_POST
@answering
def outline(request: HttpRequest, pk: int, level: uuid.UUID) -> HttpResponse:
    """Draw the outline of a level: of the building, and so of all its plans."""
    plan = find_plan(request, pk)
    row = get_object_or_404(plan.building.levels.live(), key=level)
    plans.set_outline(row, request.user, _outline(json_body(request, BODY_LIMIT).get("geometry")))
    return JsonResponse({"key": str(row.key)})


def _outline(value: Any) -> BaseGeometry:
    try:
        drawn = snapped(from_geojson(value))
    except NotGeometry as error:
        raise Invalid({"outline": [_("This is no outline.")]}) from error
    if drawn.geom_type not in {"Polygon", "MultiPolygon"} or fault(drawn):
        raise Invalid({"outline": [_("The outline crosses itself or is no area.")]})
    if not 1 <= drawn.area <= 1_000_000:
        raise Invalid({"outline": [_("An outline has between 1 and 1,000,000 m².")]})
    return drawn
