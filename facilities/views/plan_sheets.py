"""Plan sheets to scale, as PDF and SVG."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from facilities.plan.document import Document, Level
from facilities.services.documents import load
from facilities.sheets.paper import PAPERS, SCALES, DoesNotFit
from facilities.sheets.plan_sheet import Asked, level_pages, levels_with_rooms, to_pdf
from gis_core.files.services import clean_name

from .access import find_plan

_SVG_POLICY = "default-src 'none'; sandbox"


class _Unusable(ValueError):
    """What was asked gives no sheet; the text says why."""


@login_required
@never_cache
@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """``?level=<key>&scale=100&paper=A3``: one level, or without ``level`` all of them, a sheet each."""
    plan = find_plan(request, pk)
    document = load(plan)
    try:
        levels, asked = _asked(request, document)
        content = to_pdf(plan, document, levels, asked, request)
    except (_Unusable, DoesNotFit) as error:
        return _refused(error)
    name = clean_name(f"{plan.building.centre} {plan}.pdf")
    return _file(content, "application/pdf", name)


@login_required
@never_cache
@require_safe
def sheet_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of one level's sheet: as ``sheet.pdf``, with ``page`` where its room table needs several."""
    plan = find_plan(request, pk)
    document = load(plan)
    try:
        levels, asked = _asked(request, document)
        level = next((level for level in levels if level.ordinal == 0), levels[0])
        _layout, pages = level_pages(plan, document, level, asked)
        page = _one_of(request.GET.get("page"), range(1, len(pages) + 1), _("The sheet has no such page.")) or 1
    except (_Unusable, DoesNotFit) as error:
        return _refused(error)
    name = clean_name(f"{plan.building.centre} {plan} {level.short_name}.svg")
    response = _file(pages[page - 1].encode(), "image/svg+xml; charset=utf-8", name)
    response.headers["Content-Security-Policy"] = _SVG_POLICY
    return response


def _asked(request: HttpRequest, document: Document) -> tuple[list[Level], Asked]:
    scale = _one_of(request.GET.get("scale"), SCALES, _("Scales are 1:50, 1:100, 1:200, 1:300 and 1:500."))
    paper = request.GET.get("paper", "").upper() or None
    if paper and paper not in PAPERS:
        raise _Unusable(_("Papers are A4 and A3."))
    key = request.GET.get("level", "")
    levels = [level for level in document.levels if level.key == key] if key else levels_with_rooms(document)
    if not levels:
        raise _Unusable(_("The building has no such level."))
    return levels, Asked(scale, paper)


def _one_of(value: str | None, known: Sequence[int], refusal: str) -> int | None:
    if not value:
        return None
    if not value.isascii() or not value.isdecimal() or int(value[:9]) not in known:
        raise _Unusable(refusal)
    return int(value)


def _refused(error: _Unusable | DoesNotFit) -> HttpResponse:
    text = str(error)
    if isinstance(error, DoesNotFit):
        text = _("At 1:%(scale)s the level is larger than %(paper)s.") % error.params
        if error.params["fits"]:
            text += " " + _("At 1:%(fits)s it fits.") % error.params
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
