"""The survey's forms on paper: filled in, to be filled in, and the opinion and notice about a house."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf, permissions
from gis_core.crs import LONLAT_SRID
from gis_core.files import store
from gis_core.layers.registry import layers
from gis_core.models import Role
from gis_core.views.sheets import present
from vacanthouses import grading as rules
from vacanthouses.models import (
    Grade,
    Grading,
    Regime,
    RuleKind,
    RuleTable,
    SurveyStep,
    VacantHouse,
    Visit,
    VisitOutcome,
)
from vacanthouses.querysets_reviews import REVIEWERS
from vacanthouses.rule_reading import BadRule
from vacanthouses.services import form_sheets as services
from vacanthouses.services.rules import in_force
from vacanthouses.survey import forms
from vacanthouses.words.form_sheets import TITLES, blank
from vacanthouses.words.rules import fault_text

from .reviews import refuse_others
from .sheets import paper

SHOWN = ("house__area__parent", "surveyor", "crew", "campaign", "form", "assignment")
SURVEYORS = frozenset({*REVIEWERS, Role.SURVEYOR, Role.ADMINISTRATOR})


@never_cache
@login_required
@require_safe
def visit_form(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit on the form of its step; ``?owner=1`` with what is known of the owner. Each look is logged."""
    refuse_others(request)
    visit: Visit = get_object_or_404(Visit.objects.select_related(*SHOWN), pk=pk, retired_at=None)
    _refuse_elsewhere(request, visit.area_id)
    with_owner = request.GET.get("owner") == "1"
    _note(request, visit.house_id, f"visit {pk}" + (", owner" if with_owner else ""))
    sheet = services.of_visit(visit, request.user, with_owner=with_owner)
    title = str(TITLES[SurveyStep(visit.step)])
    context = {
        "sheet": sheet,
        "visit": visit,
        "house": visit.house,
        "title": title,
        "lonlat": visit.location.transform(LONLAT_SRID, clone=True),
        "with_owner": with_owner,
        "printed_by": request.user,
    }
    document = pdf.render("vacanthouses/sheets/visit_form.html", context, request, _images(sheet.photos))
    return paper(document, f"{title} {visit.house}")


def _refuse_elsewhere(request: HttpRequest, area_id: int | None) -> None:
    """Raises Http404 outside the areas in which the person reviews."""
    if not permissions.covers(permissions.area_scope(request.user, REVIEWERS), [area_id]):
        raise Http404


def _note(request: HttpRequest, house_id: int, detail: str) -> None:
    permissions.log_personal(request.user, layers.get("vacant-houses"), "sheet", record_id=house_id, detail=detail)


def _images(photos: list[services.SheetPhoto]) -> dict[str, Any]:
    """Small copies: upright, and without what the originals tell. One that is missing leaves a gap."""
    found = [each.shown.attachment for each in photos]
    return present({str(each.pk): store.path(each.sha256, store.THUMBNAIL) for each in found})


@never_cache
@login_required
@require_safe
def blank_form(request: HttpRequest, step: str) -> HttpResponse:
    """The form of a step as it is in force for ``?regime=`` today, or ``?edition=`` of it, to be filled in by hand."""
    if not permissions.roles_of(request.user) & SURVEYORS:
        raise PermissionDenied(_("Only people of the survey print its forms."))
    table = _table(request, step)
    try:
        form = forms.read(table.body)
    except BadRule as fault:
        raise Http404(fault_text(fault)) from fault
    title = str(TITLES[SurveyStep(step)])
    context = {
        "table": table,
        "title": title,
        "parts": blank(form),
        "outcomes": VisitOutcome.labels,
        "printed_by": request.user,
    }
    return paper(pdf.render("vacanthouses/sheets/blank_form.html", context, request), title)


def _table(request: HttpRequest, step: str) -> RuleTable:
    """Raises Http404 that says why."""
    regime, edition = request.GET.get("regime", ""), request.GET.get("edition", "")
    if step not in SurveyStep.values or regime not in ("", *Regime.values):
        raise Http404
    if edition:
        refuse_others(request)
        known = edition.isascii() and edition.isdecimal() and len(edition) < 18
        own = RuleTable.objects.live().filter(kind=RuleKind.FORM, key=step)
        return get_object_or_404(own, pk=int(edition) if known else 0)
    table = in_force(RuleKind.FORM, regime, key=step)
    if table is None:
        raise Http404(_("No form of this step is in force."))
    return table


@never_cache
@login_required
@require_safe
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion of who verifies a grade: what the survey found, item by item, with room for what they find."""
    return _about(request, pk, "opinion", _("Verification opinion"))


@never_cache
@login_required
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the report of a vacant house, for who reported it. Of an owner it says nothing."""
    return _about(request, pk, "notice", _("Notice on a reported vacant house"))


def _about(request: HttpRequest, pk: int, name: str, title: str) -> HttpResponse:
    refuse_others(request)
    houses = layers.get("vacant-houses").records().select_related("area__parent")
    house: VacantHouse = get_object_or_404(houses, pk=pk)
    _refuse_elsewhere(request, house.area_id)
    _note(request, house.pk, name)
    sheet = services.of_house(house, request.user)
    context = {
        "sheet": sheet,
        "house": house,
        "title": title,
        "office": house.area.parent if house.area else None,
        "grades": _grades(sheet.grading),
        "today": timezone.localdate(),
        "printed_by": request.user,
    }
    document = pdf.render(f"vacanthouses/sheets/{name}.html", context, request, _images(sheet.photos))
    return paper(document, f"{title} {house}")


def _grades(grading: Grading | None) -> list[str]:
    """The grades that the table knows, in words."""
    try:
        return [str(Grade(each).label) for each in rules.read(grading.table.body).grades] if grading else []
    except BadRule:
        return []
