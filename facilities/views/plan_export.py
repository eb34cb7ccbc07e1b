"""A plan as a file of another format."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from facilities.exchange.formats import EXPORTS
from facilities.exchange.meta import CannotExport, Meta, stable_key
from facilities.models import Plan
from facilities.services import documents
from facilities.words.exchange import cannot_export_text
from gis_core.models import AdminArea, AreaLevel

from .access import find_plan


@login_required
@never_cache
@require_safe
def export(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    plan = find_plan(request, pk)
    format_ = EXPORTS.get(suffix)
    if format_ is None:
        raise Http404
    try:
        content = format_.write(documents.load(plan), meta_of(plan))
    except CannotExport as refused:
        messages.error(request, cannot_export_text(str(refused.args[0])))
        return redirect("plan", plan.pk)
    name = slugify(f"{plan.building} {plan}", allow_unicode=True) or "plan"
    response = HttpResponse(content, content_type=format_.content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def meta_of(plan: Plan) -> Meta:
    """Whose plan it is and where its building stands."""
    building, centre = plan.building, plan.building.centre
    return Meta(
        frame=building.frame,
        venue_key=stable_key("centre", centre.pk),
        venue_name=centre.name,
        building_key=str(building.key),
        building_name=building.name,
        plan_name=plan.name,
        category=centre.category,
        address=centre.address,
        locality=_city(centre.area),
        province=_province(centre.area),
    )


def _city(area: AdminArea | None) -> str:
    """The city, county or district that a town lies in."""
    while area is not None and area.level == AreaLevel.EUPMYEONDONG and area.parent is not None:
        area = area.parent
    return area.name if area else ""


def _province(area: AdminArea | None) -> str:
    """ISO 3166-2, which stayed when the ministry's codes changed."""
    code = area.mois_code[:2] if area and area.mois_code else ""
    number = _ISO_NUMBERS.get(code, code)
    return f"KR-{number}" if number else ""


# Where the ministry's first two digits are not ISO's: Sejong, Gangwon and Jeonbuk since they are special, and Jeju.
_ISO_NUMBERS = {"36": "50", "51": "42", "52": "45", "50": "49", "12": ""}
