"""A round's houses on a map, where a manager draws around some and gives them to a crew in one go."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import permissions
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, transformer
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.shapes import to_geojson
from gis_core.layers.registry import layers
from vacanthouses.models import Campaign, Crew, WorkArea
from vacanthouses.services import assignments as services
from vacanthouses.services import giving

from .access import find_campaign
from .assignments import tell_given

MOST_HOUSES = 5000
# Outlines of work areas are for the eye: metres of EPSG:5179.
OUTLINE_M = 5.0


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_map(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = find_campaign(request, pk)
    crews = list(services.crews_for(campaign))
    areas = list(WorkArea.objects.live().filter(campaign=campaign).select_related("crew").order_by("number"))
    problems: list[str] = []
    chosen: dict[int, int] = {}
    if request.method == "POST":
        try:
            chosen = _chosen(request.POST.get("houses", ""))
            _give(request, campaign, chosen, crews, areas)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as error:
            problems = [text for texts in error.errors.values() for text in texts]
        else:
            return redirect(f"{reverse('assignment-map', args=[pk])}{_view(request.POST.get('at', ''))}")
    context = {
        "campaign": campaign, "tab": "work-areas", "crews": crews, "areas": areas, "problems": problems,
        "chosen": ",".join(map(str, chosen)), "to": request.POST.get("to", ""), "text": _text(),
        "total": services.houses_of(campaign).count(), "most": MOST_HOUSES,
    }  # fmt: skip
    return render(request, "vacanthouses/assignment_map.html", context, status=422 if problems else 200)


def _give(
    request: HttpRequest, campaign: Campaign, chosen: dict[int, int], crews: list[Crew], areas: list[WorkArea]
) -> None:
    """Raises NotAllowed, Invalid."""
    to = request.POST.get("to", "")
    if to == "new":
        area, given = giving.draw(campaign, request.user, chosen, seen=chosen)
        messages.success(request, _("%(area)s was made.") % {"area": area})
    else:
        crew, into = _receiver(to, crews, areas)
        given = giving.assign(campaign, request.user, chosen, crew, into=into, seen=chosen)
    tell_given(request, given)


def _chosen(text: str) -> dict[int, int]:
    """House ids with the version of the assignment that was looked at, out of ``12:3,15:0``. Raises Invalid."""
    try:
        pairs = [part.split(":") for part in text.split(",") if part]
        found = {int(house): int(version) for house, version in pairs}
    except ValueError as error:
        raise Invalid({"houses": [_("Look again and choose.")]}) from error
    if not found:
        raise Invalid({"houses": [_("Choose houses first.")]})
    if len(found) > MOST_HOUSES or any(not 0 < each < 2**31 for each in found):
        raise Invalid({"houses": [_("Look again and choose.")]})
    return found


def _receiver(to: str, crews: list[Crew], areas: list[WorkArea]) -> tuple[Crew | None, WorkArea | None]:
    kind, _dash, number = to.partition("-")
    crew = next((each for each in crews if kind == "crew" and str(each.pk) == number), None)
    area = next((each for each in areas if kind == "area" and str(each.pk) == number), None)
    if crew is None and area is None and to != "nobody":
        raise Invalid({"to": [_("Choose who is to have the houses.")]})
    return crew, area


def _view(at: str) -> str:
    """The map's view as it was, where it is one."""
    parts = at.split("/")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return ""
    return f"?at={at}" if len(numbers) == 3 else ""


@login_required
@never_cache
@require_safe
def assignment_houses(request: HttpRequest, pk: int) -> JsonResponse:
    """The houses of the round that have a place, with who has them; crews; and the work areas' outlines."""
    campaign = find_campaign(request, pk)
    houses = _houses(campaign)
    if houses:
        permissions.log_personal(request.user, layers.get("vacant-houses"), "assign", count=len(houses))
    areas = WorkArea.objects.live().filter(campaign=campaign).order_by("number")
    crews = [{"id": crew.pk, "name": crew.name} for crew in services.crews_for(campaign)]
    return JsonResponse({"houses": houses, "crews": crews, "areas": [_outline(area) for area in areas]})


def _houses(campaign: Campaign) -> list[dict[str, Any]]:
    own = services.current(campaign).filter(house=OuterRef("pk"))
    columns = {
        "crew": "crew", "crew_name": "crew__name", "done": "done_at", "version": "version", "area": "work_area__name",
    }  # fmt: skip
    found = services.houses_of(campaign).filter(location__isnull=False).order_by("pk")
    rows = list(
        found.annotate(**{f"own_{name}": Subquery(own.values(path)[:1]) for name, path in columns.items()}).values(
            "pk", "address", "location", *(f"own_{name}" for name in columns)
        )[:MOST_HOUSES]
    )
    to_degrees = transformer(STORAGE_SRID, LONLAT_SRID)
    lons, lats = to_degrees.transform([row["location"].x for row in rows], [row["location"].y for row in rows])
    return [_house(row, lon, lat) for row, lon, lat in zip(rows, lons, lats, strict=True)]


def _house(row: Mapping[str, Any], lon: float, lat: float) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "address": row["address"],
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "crew": row["own_crew"],
        "crew_name": row["own_crew_name"] or "",
        "done": row["own_done"] is not None,
        "version": row["own_version"] or 0,
        "area": row["own_area"] or "",
    }


def _outline(area: WorkArea) -> dict[str, Any]:
    lon, lat = to_geojson(area.geometry.point_on_surface)["coordinates"]  # type: ignore[index]
    shape = area.geometry.simplify(OUTLINE_M, preserve_topology=True)
    return {"name": area.name, "lon": lon, "lat": lat, "geometry": to_geojson(shape)}


def _text() -> dict[str, str]:
    """The words of js/assignment-map.js."""
    return {
        "chosen": _("{count} houses chosen:"),
        "corner": _("corner {number}"),
        "failed": _("The map could not be loaded. The list does the same."),
        "hint_click": _("Click a house to choose it, or draw around several."),
        "hint_corners": _(
            "Click corner after corner and the first one again. By keyboard: move the map with the arrows, Enter sets "
            "a corner in its middle, Shift and Enter closes the shape, Esc gives up."
        ),
        "hint_draw": _("Hold and draw around houses. Esc, or the button again, ends drawing."),
        "more": _("and {count} more"),
        "nobody": _("given to nobody"),
        "none_chosen": _("No house is chosen."),
        "take_out": _("Take out of the choice: {address}"),
        "visited": _("visited"),
        "visited_stay": _("{count} visited (stay where they are)"),
    }
