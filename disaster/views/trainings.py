"""Use training, exercises and courses: who can put what to use today, what is planned, who was present."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster import querysets_people as queries
from disaster.access import is_officer, officer_scope
from disaster.models import Attendance, Responder, Training, TrainingKind
from disaster.people_forms import NewPersonForm, ReasonForm, TrainingForm
from disaster.services import people as services
from disaster.services import training_pages as pages
from gis_core import pdf, permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea

from .asking import number_of, refuse_strangers, uuid_of
from .refusals import carried_out, done
from .responders import refuse_names
from .town_sheets import paper

PER_PAGE = 50
SHOWN = 20
BLANK_LINES = 20


def _found(request: HttpRequest, pk: int) -> Training:
    refuse_strangers(request.user)
    found: Training = get_object_or_404(queries.seen_trainings(request.user), pk=pk)
    return found


def _may(user: Any, found: Training) -> bool:
    return permissions.covers(officer_scope(user), [found.area_id])


def _refuse_others(user: Any, found: Training) -> None:
    """Raises PermissionDenied."""
    refuse_names(user)
    if not _may(user, found):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))


@login_required
@never_cache
@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    """Who at each town can put what to use today; towns without an exercise; what is planned and was held."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    towns = queries.towns_of(queries.view_scope(request.user))
    page = Paginator(towns.select_related("parent"), PER_PAGE).get_page(request.GET.get("page"))
    scope = officer_scope(request.user)
    trainings = queries.seen_trainings(request.user)
    kind = request.GET.get("kind", "")
    past = trainings.filter(held_on__lte=today)
    held = Paginator(past.filter(kind=kind) if kind in TrainingKind.values else past, SHOWN).get_page(
        request.GET.get("held")
    )
    table = pages.town_table(list(page), today)
    context = {
        "page": page,
        "rows": [(row, permissions.covers(scope, [row.town.pk])) for row in table],
        "classes": queries.trained_classes(),
        "planned": trainings.filter(held_on__gt=today).order_by("held_on", "pk")[:SHOWN],
        "held": held, "kind": kind, "kinds": TrainingKind, "may_add": is_officer(request.user), "today": today,
    }  # fmt: skip
    return render(request, "disaster/training_list.html", context)


@login_required
@never_cache
@require_safe
def training_town(request: HttpRequest, pk: int) -> HttpResponse:
    """A town's people by name: through which day their training counts, and their hours of the last twelve months."""
    refuse_names(request.user)
    town = get_object_or_404(AdminArea.objects.towns(), pk=pk)
    if not permissions.covers(officer_scope(request.user), [town.pk]):
        raise PermissionDenied(_("Names and phones are for disaster officers."))
    people = list(queries.known_responders(request.user).filter(area=town))
    services.note_look(request.user, "training of a town", len(people), f"town {town.mois_code}")
    context = {
        "town": town, "classes": queries.trained_classes(), "rows": pages.people_table(people, timezone.localdate())
    }  # fmt: skip
    return render(request, "disaster/training_town.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """One training. Officers tick who was present (POST), or add somebody new in place."""
    found = _found(request, pk)
    may = _may(request.user, found)
    towns = pages.towns_below(found.area, officer_scope(request.user)) if may else AdminArea.objects.none()
    adds = "new-name" in request.POST
    form = NewPersonForm(request.POST if adds else None, towns=towns)
    status = 200
    if request.method == "POST":
        _refuse_others(request.user, found)
        status = _present(request, found, form) if adds else _ticked(request, found)
        if status == 302:
            return redirect("training", pk)
    people = pages.attendance(found, queries.known_responders(request.user), towns) if may else []
    services.note_look(request.user, "attendance", len(people), record_id=None, detail=f"training {pk}")
    is_ahead = found.held_on > timezone.localdate()
    context = {
        "training": found, "people": people, "may": may, "is_ahead": is_ahead, "form": form,
        "token": request.POST.get("token") or uuid.uuid4(), "until": pages.counts_until(found),
    }  # fmt: skip
    return render(request, "disaster/training.html", context, status=status)


def _ticked(request: HttpRequest, found: Training) -> int:
    seen = {each for text in request.POST.getlist("seen") if (each := number_of(text)) is not None}
    present = {each for text in request.POST.getlist("present") if (each := number_of(text)) is not None}
    if not done(request, lambda: services.attend(found, request.user, seen, present)):
        return 409
    messages.success(request, _("Saved."))
    return 302


def _present(request: HttpRequest, found: Training, form: NewPersonForm) -> int:
    def add(data: dict[str, Any]) -> None:
        services.attend_new(found, request.user, data, uuid_of(request.POST.get("token", "")))

    status = carried_out(form, add)
    if status == 302:
        messages.success(request, _("Saved."))
    return status


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def training_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Plan a training, enter one that was held, or change what is said of one."""
    refuse_names(request.user)
    found = _found(request, pk) if pk else None
    if found is not None:
        _refuse_others(request.user, found)
    form = TrainingForm(request.POST or None, instance=found, user=request.user, initial=_initial(request, found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, pk, form)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, Training.objects.filter(pk=pk).first() if pk else None)
            else:
                messages.success(request, _("Saved."))
                return redirect("training", saved)
    context = {"form": form, "training": found, "token": request.POST.get("token") or uuid.uuid4()}
    return render(request, "disaster/training_form.html", context, status=status)


def _initial(request: HttpRequest, found: Training | None) -> dict[str, Any]:
    """``?town=&class=`` from the table."""
    if found is not None:
        return {}
    asked = {"area": number_of(request.GET.get("town", "")), "item_class": number_of(request.GET.get("class", ""))}
    return {"held_on": timezone.localdate(), **{name: value for name, value in asked.items() if value}}


def _save(request: HttpRequest, pk: int | None, form: TrainingForm) -> int:
    if pk is None:
        made: int = services.add_training(request.user, form.values(), uuid_of(request.POST.get("token", ""))).pk
        return made
    form.tell(request, services.change_training(Training(pk=pk), request.user, form.base(), form.values()))
    return pk


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def training_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    _refuse_others(request.user, found)
    form = ReasonForm(request.POST or None, initial={"version": found.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire_training(found, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("training-list")
    return render(request, "disaster/training_retire.html", {"form": form, "training": found}, status=status)


@login_required
@never_cache
@require_safe
def training_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The attendance sheet to sign: with the names of the town's people, or ``?blank=1`` with empty lines."""
    found = _found(request, pk)
    _refuse_others(request.user, found)
    towns = pages.towns_below(found.area, officer_scope(request.user))
    known = queries.known_responders(request.user).filter(is_available=True)
    people = [] if "blank" in request.GET else pages.attendance(found, known, towns)
    services.note_look(request.user, "attendance sheet", len(people), f"training {pk}")
    blank = range(len(people) + 1, len(people) + 1 + (BLANK_LINES if not people else 5))
    context = {"training": found, "people": people, "blank": blank, "printed_by": request.user}
    return paper(
        pdf.render("disaster/sheets/attendance.html", context, request), f"{found.title} {_('attendance sheet')}"
    )


@login_required
@never_cache
@require_safe
def training_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate for each person who was present, or for ``?person=`` only; one page each."""
    found = _found(request, pk)
    _refuse_others(request.user, found)
    present = Attendance.objects.filter(training=found, was_present=True)
    people = Responder.objects.filter(pk__in=present.values("responder")).select_related("area", "organisation")
    scope = officer_scope(request.user)
    if scope is not None:
        people = people.filter(area__in=sorted(scope))
    if (person := number_of(request.GET.get("person", ""))) is not None:
        people = people.filter(pk=person)
    shown = list(people)
    if not shown:
        raise Http404(_("Nobody was present."))
    services.note_look(request.user, "certificates", len(shown), f"training {pk}")
    context = {
        "training": found, "people": shown, "until": pages.counts_until(found), "day": timezone.localdate(),
        "printed_by": request.user,
    }  # fmt: skip
    return paper(
        pdf.render("disaster/sheets/certificates.html", context, request), f"{found.title} {_('certificates')}"
    )
