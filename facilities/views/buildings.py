"""Starting a building, its levels, and the teams of a centre."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseModelFormSet, modelformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from facilities.forms import BuildingStartForm, LevelForm, TeamForm
from facilities.models import Level, Team
from facilities.services import buildings
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers

from .access import find_building, find_centre


def _refuse(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("This lies outside the area in which you may change records."))


@login_required
@never_cache
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """A building on a centre, by its name and number of floors."""
    centre = find_centre(request, pk)
    _refuse(buildings.may_change_centre(request.user, centre))
    form = BuildingStartForm(request.POST or None, initial={"name": _("Main building")})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            building = buildings.start(
                centre,
                request.user,
                name=facts["name"],
                above=facts["floors_above"],
                below=facts["floors_below"],
                same_outline=facts["same_outline"],
            )
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            for name, texts in invalid.errors.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _("The building was made. Now start its first plan."))
            return redirect("record-detail", layers.get("buildings"), building.pk)
    context = {"layer": layers.get("centres"), "record": centre, "centre": centre, "form": form}
    return render(request, "facilities/building_start.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def edit_levels(request: HttpRequest, pk: int) -> HttpResponse:
    building = find_building(request, pk)
    _refuse(permissions.can_change(request.user, layers.get("buildings"), building))
    factory = modelformset_factory(Level, form=LevelForm, extra=1, can_delete=True)
    formset = factory(request.POST or None, queryset=Level.objects.live().filter(building=building))
    if request.method == "POST" and _formset_saved(
        formset, lambda kept, gone: buildings.save_levels(building, request.user, kept, gone)
    ):
        messages.success(request, _("Saved."))
        return redirect("record-detail", layers.get("buildings"), building.pk)
    return _formset_page(request, "buildings", building, formset, _("Levels"))


@login_required
@never_cache
def teams(request: HttpRequest, pk: int) -> HttpResponse:
    centre = find_centre(request, pk)
    _refuse(buildings.may_change_centre(request.user, centre))
    factory = modelformset_factory(Team, form=TeamForm, extra=2, can_delete=True)
    formset = factory(request.POST or None, queryset=Team.objects.live().filter(centre=centre))
    if request.method == "POST" and _formset_saved(
        formset, lambda kept, gone: buildings.save_teams(centre, request.user, kept, gone)
    ):
        messages.success(request, _("Saved."))
        return redirect("record-detail", layers.get("centres"), centre.pk)
    return _formset_page(request, "centres", centre, formset, _("Teams"))


def _formset_saved(formset: BaseModelFormSet[Any, Any], save: Any) -> bool:
    """Whether all rows were valid and written; what was refused is among the formset's errors."""
    if not formset.is_valid() or _repeats(formset):
        return False
    kept = formset.save(commit=False)
    try:
        save(kept, formset.deleted_objects)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        formset.non_form_errors().extend(text for texts in invalid.errors.values() for text in texts)
        return False
    return True


def _repeats(formset: BaseModelFormSet[Any, Any]) -> bool:
    """Two rows of the same name or ordinal; the second is told so."""
    first = "ordinal" if "ordinal" in formset.forms[0].fields else "name"
    seen: set[Any] = set()
    found = False
    for form in formset.forms:
        if form in formset.deleted_forms or not form.cleaned_data:
            continue
        value = form.cleaned_data.get(first)
        if value in seen:
            form.add_error(first, _("Another row has this already."))
            found = True
        seen.add(value)
    return found


def _formset_page(
    request: HttpRequest, layer_id: str, record: Any, formset: BaseModelFormSet[Any, Any], title: str
) -> HttpResponse:
    context = {"layer": layers.get(layer_id), "record": record, "formset": formset, "title": title}
    status = 422 if request.method == "POST" else 200
    return render(request, "facilities/rows_form.html", context, status=status)
