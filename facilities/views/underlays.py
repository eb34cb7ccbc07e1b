"""Scans and drawings under a level: uploaded, scaled, shown, removed. JSON for the plan editor.

Every answer asks first whether this person may see the plan; then whether they may change it and it is not agreed.
"""

import base64
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import Level, Plan, Underlay
from facilities.plan import underlay as fitting
from facilities.plan.underlay import CannotFit
from facilities.services.errors import Frozen
from facilities.services.holding import may_edit
from facilities.underlays import services
from facilities.underlays.errors import Unreadable
from facilities.words.underlay import fit_refusal_text, refusal_text
from gis_core.editing.errors import NotAllowed
from gis_core.files import store
from gis_core.files.errors import FileRefused
from gis_core.files.messages import refusal

from .access import find_plan
from .bodies import BadBody, json_body

_BODY_LIMIT = 100_000
NAME_MAX = 200
_NAMES = frozenset({"points", "method", "length", "scale", "opacity", "visible", "name", "order"})
_SANDBOX = "default-src 'none'; sandbox"


def _answering(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refusals as {"detail", "code"} in the user's language."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BadBody as error:
            return _problem(400, str(error), "request")
        except NotAllowed as error:
            return _problem(403, str(error), "not_allowed")
        except Frozen:
            text = _("This plan is agreed and can no longer be changed. Make a new option from it.")
            return _problem(423, text, "frozen")
        except FileRefused as error:
            return _problem(413 if error.code == "too_large" else 422, refusal(error), error.code)
        except Unreadable as error:
            return _problem(422, refusal_text(error), error.code)
        except CannotFit as error:
            return _problem(422, fit_refusal_text(error), error.code)

    return answer


def _problem(status: int, detail: str, code: str) -> JsonResponse:
    return JsonResponse({"detail": detail, "code": code}, status=status)


def underlay_json(underlay: Underlay) -> dict[str, Any]:
    """What the editor needs to draw it. ``suggested_matrix`` is for one whose ``matrix`` is null: not scaled yet."""
    paper = services.paper_mm(underlay)
    return {
        "id": underlay.pk,
        "level": str(underlay.level.key),
        "url": reverse("plan-underlay-image", args=[underlay.plan_id, underlay.pk]),
        "width": underlay.width_px,
        "height": underlay.height_px,
        "matrix": underlay.matrix,
        "suggested_matrix": None if underlay.matrix else services.suggested_matrix(underlay),
        "opacity": underlay.opacity,
        "visible": underlay.visible,
        "order": underlay.order,
        "name": underlay.name,
        "page": underlay.page,
        "points": underlay.points,
        "paper_mm": [round(side, 1) for side in paper] if paper else None,
        "metres_per_pixel": fitting.metres_per_pixel(fitting.matrix_of(underlay.matrix)) if underlay.matrix else None,
    }


def _scaled_json(scaled: services.Scaled) -> dict[str, Any]:
    told = {"residuals": list(scaled.residuals), "rms": scaled.rms, "method": scaled.method}
    return {**underlay_json(scaled.underlay), **told}


def underlays_of(plan: Plan) -> list[dict[str, Any]]:
    """All drawings under a plan, the lowest first."""
    return [underlay_json(underlay) for underlay in plan.underlays.live().select_related("level")]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@_answering
def underlays(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET lists them. POST (multipart) takes ``file``, or the ``upload`` key of one with several pages, and ``level``
    (its key), ``page``, ``scale`` and ``name``; it answers 201 with the underlay, or 200 with pages to choose from."""
    plan = find_plan(request, pk)
    if request.method == "GET":
        return JsonResponse({"underlays": underlays_of(plan)})
    _refuse_unless_editable(request, plan)
    wanted = services.Wanted(
        _level(plan, request.POST.get("level", "")),
        _whole(request.POST.get("page")),
        _line(request.POST.get("name", "")),
        _positive(request.POST.get("scale")),
    )
    key = request.POST.get("upload", "")
    if key:
        return JsonResponse(underlay_json(services.add(plan, request.user, key, wanted)), status=201)
    upload = request.FILES.get("file")
    if upload is None:
        raise Unreadable("no_file")
    made = services.receive(plan, request.user, upload, wanted)
    if isinstance(made, services.Choice):
        return JsonResponse(_choice_json(made))
    return JsonResponse(underlay_json(made), status=201)


@login_required
@never_cache
@require_safe
@_answering
def pages(request: HttpRequest, pk: int) -> HttpResponseBase:
    """More pages of an upload: ``?upload=<key>&from=25``."""
    plan = find_plan(request, pk)
    _refuse_unless_editable(request, plan)
    choice = services.choose(request.GET.get("upload", ""), request.user, _whole(request.GET.get("from")) or 1)
    return JsonResponse(_choice_json(choice))


def _choice_json(choice: services.Choice) -> dict[str, Any]:
    return {
        "upload": choice.upload,
        "count": choice.count,
        "pages": [
            {
                "number": page.number,
                "paper_mm": [round(side, 1) for side in page.paper_mm] if page.paper_mm else None,
                "thumbnail": "data:image/webp;base64," + base64.b64encode(page.thumbnail).decode(),
            }
            for page in choice.pages
        ],
    }


@login_required
@never_cache
@require_http_methods(["GET", "PATCH", "DELETE"])
@_answering
def underlay(request: HttpRequest, pk: int, underlay_pk: int) -> HttpResponseBase:
    """PATCH takes one way of scaling (``points`` with ``method``; ``length`` {from, to, metres, along}; ``scale``)
    and ``opacity``, ``visible``, ``name``, ``order``; it answers with the matrix and what remains at each point."""
    plan = find_plan(request, pk)
    found = _find(plan, underlay_pk)
    if request.method == "GET":
        return JsonResponse(_scaled_json(services.as_scaled(found)))
    if request.method == "DELETE":
        services.remove(plan, found, request.user)
        return HttpResponse(status=204)
    body = json_body(request, _BODY_LIMIT)
    looks = _looks(body)
    with transaction.atomic():
        if looks:
            found = services.change(plan, found, request.user, **looks)
        scaled = _scale(plan, found, request.user, body)
    return JsonResponse(_scaled_json(scaled))


def _scale(plan: Plan, found: Underlay, user: Any, body: dict[str, Any]) -> services.Scaled:
    if "points" in body:
        points = body["points"]
        if not isinstance(points, list) or len(points) > 100:
            raise BadBody(_("The points are no list."))
        method = body.get("method")
        if method not in (None, "similarity", "affine"):
            raise BadBody(_("The method is not known."))
        return services.scale_by_points(plan, found, user, points, method)
    if "length" in body:
        told = body["length"] if isinstance(body["length"], dict) else {}
        return services.scale_by_length(
            plan, found, user, told.get("from"), told.get("to"), told.get("metres", 0), told.get("along")
        )
    if "scale" in body:
        return services.scale_by_paper(plan, found, user, _positive(body["scale"]) or math.nan)
    return services.as_scaled(found)


def _looks(body: dict[str, Any]) -> dict[str, Any]:
    unknown = set(body) - _NAMES
    if unknown:
        raise BadBody(_("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))})
    looks: dict[str, Any] = {}
    if "opacity" in body:
        opacity = _number(body["opacity"])
        if opacity is None or not 0 <= opacity <= 1:
            raise BadBody(_("Opacity is a number from 0 to 1."))
        looks["opacity"] = opacity
    if "visible" in body:
        looks["visible"] = bool(body["visible"])
    if name := _line(str(body.get("name", ""))):
        looks["name"] = name
    if "order" in body:
        looks["order"] = min(max(_whole(body["order"]) or 0, 0), 32_767)
    return looks


@login_required
@require_safe
def image(request: HttpRequest, pk: int, underlay_pk: int) -> HttpResponseBase:
    """The picture, made small enough for browsers; ``?full`` as it is kept."""
    found = _find(find_plan(request, pk), underlay_pk)
    variant = store.ORIGINAL if "full" in request.GET else store.SHOWN
    etag = f'"{found.sha256[:24]}-{variant}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        try:
            content = store.path(found.sha256, variant).open("rb")
        except FileNotFoundError as error:
            raise Http404(_("The file is missing from the store.")) from error
        response = FileResponse(content, content_type=found.media_type)
        response.headers["Content-Security-Policy"] = _SANDBOX
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _find(plan: Plan, pk: int) -> Underlay:
    found: Underlay = get_object_or_404(plan.underlays.live().select_related("level"), pk=pk)
    return found


def _level(plan: Plan, key: str) -> Level:
    found = next(
        (level for level in Level.objects.live().filter(building=plan.building) if str(level.key) == key), None
    )
    if found is None:
        raise Unreadable("no_level")
    return found


def _refuse_unless_editable(request: HttpRequest, plan: Plan) -> None:
    """Before anything is kept: nobody fills the disk who may not change the plan."""
    if not may_edit(request.user, plan):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    if plan.is_frozen:
        raise Frozen


def _line(text: str) -> str:
    """A name in one line, without what no database can hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:NAME_MAX]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number and number > 0 else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and abs(number) < 1e9 else None
