"""An area's sheet: what lies in it and how that has changed, what waits, and which codes and boundaries it has had."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf, permissions
from gis_core.area_sheet import compare
from gis_core.area_sheet.paper import paper
from gis_core.area_sheet.sheet import area_sheet
from gis_core.area_sheet.towns import town_table
from gis_core.csp import allows_base_maps
from gis_core.files.services import clean_name
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel


def _found(code: str) -> AdminArea:
    area = AdminArea.objects.by_code(code)
    if area is None:
        raise Http404
    return area


@allows_base_maps
@require_safe
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """By the current code. A former code, or one of the other system, leads to the area's page of today."""
    area = _found(code)
    if code != area.mois_code:
        return redirect("area-page", area.mois_code)
    children = list(area.children.current().defer("geometry").order_by("mois_code"))
    has_towns = bool(children) and children[0].level == AreaLevel.EUPMYEONDONG
    context = {
        "area": area,
        "record": area,
        "layer": layers.get("areas"),
        "sheet": area_sheet(request.user, area, timezone.localdate()),
        "codes": area.codes.order_by(F("valid_to").desc(nulls_first=True), "-system", "code"),
        "editions": area.editions.defer("geometry"),
        "children": children,
        "towns": town_table(request.user, children) if has_towns else None,
        "beside": _beside(area),
        "map_url": f"{reverse('map')}?area={area.pk}&sel=areas/{area.pk}",
        "is_administrator": permissions.is_administrator(request.user),
    }
    return render(request, "gis_core/area_page.html", context)


def _beside(area: AdminArea) -> Any:
    """Areas that one is likely to be compared with: those of the same city."""
    same = AdminArea.objects.current().filter(level=area.level, parent=area.parent_id).exclude(pk=area.pk)
    return same.defer("geometry").order_by("mois_code")


@require_safe
def area_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two areas of one level side by side; ``with`` is the other's code or name; all that may be meant are offered."""
    area = _found(code)
    if code != area.mois_code:
        return redirect(f"{reverse('area-compare', args=[area.mois_code])}?{request.GET.urlencode()}")
    text = request.GET.get("with", "")
    found = compare.find(text, area)
    context: dict[str, Any] = {"area": area, "text": text, "beside": _beside(area), "found": found}
    if len(found) == 1:
        day = timezone.localdate()
        left, right = (area_sheet(request.user, each, day) for each in (area, found[0]))
        context |= {
            "left": left,
            "right": right,
            "layer_pairs": compare.layer_pairs(left, right),
            "indicator_pairs": compare.indicator_pairs(left, right),
            "people": (compare.people(left), compare.people(right)),
        }
    return render(request, "gis_core/areas/compare.html", context)


@never_cache
@require_safe
def area_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet on one A4 page, holding what this person may see."""
    area = _found(code)
    context = paper(area_sheet(request.user, area, timezone.localdate()))
    context["printed_by"] = request.user if request.user.is_authenticated else None
    response = HttpResponse(pdf.render("gis_core/areas/sheet.html", context, request), content_type="application/pdf")
    name = clean_name(f"{area.full_name}.pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
