"""The grade of a house: how it came about, and a person's other grade with its reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing import Conflict, Invalid, NotAllowed
from gis_core.layers.registry import layers
from vacanthouses import grading as rules
from vacanthouses.models import Grading, VacantHouse
from vacanthouses.querysets_reviews import REVIEWERS
from vacanthouses.rule_forms import OverrideForm
from vacanthouses.services import grading as services
from vacanthouses.words.grading import lines_of

from .reviews import refuse_others

MOST_SHOWN = 20


def gradings_of(house: VacantHouse) -> list[tuple[Grading, Any]]:
    """A house's gradings, the newest first, each in words."""
    found = house.gradings.select_related("table", "visit__surveyor", "updated_by", "created_by").order_by("-pk")
    return [(each, lines_of(each)) for each in found[:MOST_SHOWN]]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def house_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """A house's gradings with every item's effect, and the form for another grade."""
    refuse_others(request)
    layer = layers.get("vacant-houses")
    house: VacantHouse = get_object_or_404(layer.records(), pk=pk)
    if not permissions.covers(permissions.area_scope(request.user, REVIEWERS), [house.area_id]):
        raise Http404
    permissions.log_personal(request.user, layer, "grade", record_id=house.pk)
    current = house.gradings.select_related("table").filter(is_current=True).first()
    form, status = None, 200
    if current is not None:
        grades = [*rules.read(current.table.body).grades, rules.NOT_GRADED]
        form = OverrideForm(request.POST or None, grading=current, grades=grades)
        if request.method == "POST":
            status = _override(request, current, form)
            if status == 200:
                messages.success(request, _("Saved."))
                return redirect("house-grade", house.pk)
    context = {"layer": layer, "record": house, "current": current, "form": form, "gradings": gradings_of(house)}
    return render(request, "vacanthouses/house_grade.html", context, status=status)


def _override(request: HttpRequest, grading: Grading, form: OverrideForm) -> int:
    """The status of the answer; what is wrong is among the form's errors."""
    if not form.is_valid():
        return 422
    data = form.cleaned_data
    try:
        services.override(grading, request.user, data["grade"], data["reason"], data["version"])
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict:
        form.add_error(None, _("Somebody changed this meanwhile. Look at it again."))
        return 409
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            form.add_error(name, texts)
        return 422
    return 200
