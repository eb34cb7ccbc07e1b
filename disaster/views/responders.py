"""People who can be called. Every page here that gives out names or phones is for officers, and each look is logged."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster import phone_tree as trees
from disaster.access import is_officer, officer_scope
from disaster.models import Depot, Duty, Responder
from disaster.people_forms import KeeperForm, PhoneTreeForm, ReasonForm, ResponderForm
from disaster.querysets_people import known_responders, responder_counts, towns_of, view_scope
from disaster.services import people as services
from gis_core import pdf, permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Organisation

from .asking import number_of, refuse_strangers, uuid_of
from .refusals import carried_out
from .town_sheets import paper

PER_PAGE = 50


def refuse_names(user: Any) -> None:
    """Raises PermissionDenied."""
    if not is_officer(user):
        raise PermissionDenied(_("Names and phones are for disaster officers."))


@login_required
@never_cache
@require_safe
def responder_list(request: HttpRequest) -> HttpResponse:
    """Officers see the people of their towns; others how many there are."""
    refuse_strangers(request.user)
    if not is_officer(request.user):
        counts = responder_counts(view_scope(request.user))
        rows = [(row["area__full_name"], row["total"], [row[duty] for duty in Duty.values]) for row in counts]
        return render(request, "disaster/responder_counts.html", {"rows": rows, "duties": Duty})
    people = known_responders(request.user)
    chosen = {name: request.GET.get(name, "") for name in ("town", "organisation", "duty", "state")}
    if (town := number_of(chosen["town"])) is not None:
        people = people.filter(area=town)
    if (organisation := number_of(chosen["organisation"])) is not None:
        people = people.filter(organisation=organisation)
    if chosen["duty"] in Duty.values:
        people = people.filter(duty=chosen["duty"])
    if chosen["state"] in {"yes", "no"}:
        people = people.filter(is_available=chosen["state"] == "yes")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    services.note_look(request.user, "responders", len(shown), f"town {town or '-'} organisation {organisation or '-'}")
    context = {
        "page": page, "people": shown, "towns": towns_of(officer_scope(request.user)), "duties": Duty,
        "organisation": Organisation.objects.filter(pk=organisation).first() if organisation else None, **chosen,
    }  # fmt: skip
    return render(request, "disaster/responder_list.html", context)


def _town(request: HttpRequest, person: Responder | None) -> AdminArea | None:
    """The town whose city the form offers: the person's, the one asked for, or the only one there is."""
    if person is not None:
        return person.area
    scope = officer_scope(request.user)
    towns = AdminArea.objects.towns() if scope is None else AdminArea.objects.towns().filter(pk__in=sorted(scope))
    asked = number_of(request.GET.get("town", ""))
    if asked is not None:
        return get_object_or_404(towns, pk=asked)
    found = list(towns[:2])
    return found[0] if len(found) == 1 else None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def responder_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a person, or change what is known of one. ``?town=`` and ``?organisation=`` fill the empty form."""
    refuse_names(request.user)
    person = get_object_or_404(known_responders(request.user), pk=pk) if pk else None
    town = _town(request, person)
    if town is None:
        towns = towns_of(officer_scope(request.user))
        return render(request, "disaster/responder_town.html", {"towns": towns})
    initial = {} if pk else {"area": town.pk, "organisation": number_of(request.GET.get("organisation", ""))}
    form = ResponderForm(request.POST or None, instance=person, user=request.user, town=town, initial=initial)
    services.note_look(request.user, "responder form", form.fields["called_by"].queryset.count() + 1, record_id=pk)  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = _save(request, pk, form)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, Responder.objects.filter(pk=pk).first() if pk else None)
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("responder-list")
    context = {"form": form, "person": person, "token": request.POST.get("token") or uuid.uuid4()}
    return render(request, "disaster/responder_form.html", context, status=status)


def _save(request: HttpRequest, pk: int | None, form: ResponderForm) -> list[str]:
    if pk is None:
        services.add(request.user, form.values(), uuid_of(request.POST.get("token", "")))
        return []
    return services.change(Responder(pk=pk), request.user, form.base(), form.values())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def responder_retire(request: HttpRequest, pk: int) -> HttpResponse:
    refuse_names(request.user)
    person = get_object_or_404(known_responders(request.user), pk=pk)
    services.note_look(request.user, "responder form", 1, record_id=pk)
    form = ReasonForm(request.POST or None, initial={"version": person.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(person, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("responder-list")
    return render(request, "disaster/responder_retire.html", {"form": form, "person": person}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone_tree(request: HttpRequest) -> HttpResponse:
    """POST with a reason gives the tree as a PDF, town by town; who took it and why is noted."""
    refuse_names(request.user)
    form = PhoneTreeForm(request.POST or None, user=request.user, initial={"town": request.GET.get("town", "")})
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "disaster/phone_tree.html", {"form": form}, status=status)
    town = form.cleaned_data["town"]
    people = known_responders(request.user).filter(is_available=True)
    if town is not None:
        people = people.filter(area=town)
    shown = list(people)
    place = town.full_name if town else _("All towns")
    services.note_look(request.user, "phone tree", len(shown), f"{form.cleaned_data['reason']} | {place}")
    context = {
        "place": place, "towns": _by_town(shown), "day": timezone.localdate(), "printed_by": request.user,
        "reason": form.cleaned_data["reason"],
    }  # fmt: skip
    return paper(
        pdf.render("disaster/sheets/phone_tree.html", context, request), _("Phone tree %(place)s") % {"place": place}
    )


def _by_town(people: list[Responder]) -> list[tuple[AdminArea, list[tuple[int, Responder]]]]:
    towns: dict[int, list[Responder]] = {}
    for person in people:
        towns.setdefault(person.area_id, []).append(person)
    order = {duty: at for at, duty in enumerate(Duty.values)}
    return [(of[0].area, trees.tree(of, lambda each: (order[each.duty], each.pk))) for of in towns.values()]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def depot_keeper(request: HttpRequest, pk: int) -> HttpResponse:
    """Who keeps a depot, by name and phone."""
    layer = layers.get("depots")
    depot: Any = get_object_or_404(layer.queryset(request.user), pk=pk)
    if not permissions.can_change(request.user, layer, depot):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    if depot.keeper_person or depot.keeper_phone:
        services.note_look(request.user, "keeper", 1, record_id=pk, layer="depots")
    form = KeeperForm(request.POST or None, instance=Depot.objects.get(pk=pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = services.set_keeper(depot, request.user, form.base(), form.values())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, Depot.objects.get(pk=pk))
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("record-detail", layer, pk)
    return render(request, "disaster/depot_keeper.html", {"form": form, "depot": depot, "layer": layer}, status=status)
