"""A town on paper: one page of how it stands today, and the status of a month, to be signed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disaster.models import Hazard
from disaster.services import month_sheets, town_sheets
from disaster.services.people import note_look
from disaster.words import readiness as words
from gis_core import pdf, permissions
from gis_core.files.services import clean_name
from gis_core.models import Role

from .readiness import find_town, safe


def paper(document: bytes, name: str) -> HttpResponse:
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, clean_name(f"{name}.pdf")) or "inline"
    return response


@never_cache
@login_required
@require_safe
def town_sheet(request: HttpRequest, code: int) -> HttpResponse:
    """One page. Keepers' names and phones stand on it only for those who may see them; that look is noted."""
    area = find_town(request, code)
    sheet = town_sheets.of_town(area, timezone.localdate())
    context: dict[str, Any] = {
        "area": area,
        "sheet": sheet,
        "map": safe(town_sheets.town_map(area, sheet.depots.lines)),
        "depots": [(depot, _keeper(request, depot)) for depot in sheet.depots.lines],
        "stock": [(item, part, words.percent(part.stock.low) if part.stock.is_known else _("unknown"))
                  for item, part in sheet.stock.lines],
        "hazards": [
            (Hazard(town.hazard).label, words.percent(town.score), town.sentence, town.forecast_sentence)
            for town in sheet.hazards
        ],
        "printed_by": request.user,
    }  # fmt: skip
    shown = sum(bool(keeper) for _depot, keeper in context["depots"])
    note_look(request.user, "town sheet", shown, f"town {area.mois_code}", layer="depots")
    document = pdf.render("disaster/sheets/town.html", context, request)
    return paper(document, _("Disaster readiness of %(town)s") % {"town": area.name})


def _keeper(request: HttpRequest, depot: Any) -> str:
    """The keeper's name and phone, for disaster officers of the area."""
    if not permissions.covers(permissions.area_scope(request.user, {Role.DISASTER_OFFICER}), [depot.area_id]):
        return ""
    return " ".join(filter(None, [depot.keeper_person, depot.keeper_phone]))


@never_cache
@login_required
@require_safe
def month_sheet(request: HttpRequest, code: int) -> HttpResponse:
    """``?month=2026-10``: the month that runs where none is named."""
    area = find_town(request, code)
    today = timezone.localdate()
    month = month_sheets.read_month(request.GET.get("month", f"{today:%Y-%m}"), today)
    if month is None:
        raise Http404(_("There is no such month, or it has not begun."))
    sheet = month_sheets.of_month(area, month)
    context = {"area": area, "sheet": sheet, "month": month, "printed_by": request.user}
    document = pdf.render("disaster/sheets/month.html", context, request)
    told = _("Disaster supplies of %(town)s, %(month)s") % {"town": area.name, "month": f"{month.first:%Y-%m}"}
    return paper(document, told)
