"""Schedules: the list, one schedule, its form with a look at the days it names, and many at once."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster import schedules as rules
from disaster.access import is_officer, own_depots
from disaster.models import Depot, Inspection, Schedule
from disaster.querysets_schedules import assignees, rule_of, seen_schedules, towns, working_days
from disaster.schedule_forms import ManyForm, ReasonForm, RuleForm, ScheduleForm
from disaster.services import schedules as services
from disaster.words import schedules as words
from gis_core.editing.errors import Invalid, NotAllowed

from .asking import number_of, refuse_others_than_officers, refuse_strangers, uuid_of
from .refusals import carried_out, done

PER_PAGE = 50
LOOK_AHEAD = 6


def _found(request: HttpRequest, pk: int) -> Schedule:
    refuse_strangers(request.user)
    found: Schedule = get_object_or_404(seen_schedules(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def schedule_list(request: HttpRequest) -> HttpResponse:
    """``?town= &state=paused|ended &q=``."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    found = seen_schedules(request.user)
    town, state, asked = (request.GET.get(name, "").strip()[:100] for name in ("town", "state", "q"))
    if (area := number_of(town)) is not None:
        found = found.filter(depot__area=area)
    if state == "paused":
        found = found.filter(is_paused=True)
    elif state == "ended":
        found = found.filter(next_nominal=None)
    if asked:
        found = found.filter(title__icontains=asked) | found.filter(depot__name__icontains=asked)
    ordered = found.order_by(F("depot__area__mois_code").asc(nulls_last=True), "depot__name", "title", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(each, words.sentence(rule_of(each))) for each in page], "today": today, "town": town,
        "state": state, "q": asked, "may": is_officer(request.user),
        "towns": sorted(towns(request.user, today, today), key=lambda each: each.area.mois_code),
    }  # fmt: skip
    return render(request, "disaster/schedule_list.html", context)


@login_required
@never_cache
@require_safe
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """One schedule: its rule in words, the days to come, and what was inspected."""
    found = _found(request, pk)
    rule = rule_of(found)
    context = {
        "schedule": found,
        "sentence": words.sentence(rule),
        "days": _days(rule, found.next_nominal),
        "today": timezone.localdate(),
        "inspections": Inspection.objects.live().filter(schedule=found).select_related("inspected_by")[:12],
        "may": is_officer(request.user) and services.may_change(request.user, found.depot),
    }
    return render(request, "disaster/schedule.html", context)


def _days(rule: rules.Rule, nominal: Any) -> list[tuple[Any, str, str]]:
    """The days to come: due day, in words, and why it was shifted."""
    calendar = working_days()
    return [
        (each.due, words.day_text(each.due), words.why_shifted(each, calendar))
        for each in rules.upcoming(rule, nominal, LOOK_AHEAD, calendar.is_working)
    ]


@login_required
@never_cache
@require_safe
def schedule_preview(request: HttpRequest) -> HttpResponse:
    """What the form says so far, in a sentence and the next days; or what is wrong with it."""
    refuse_others_than_officers(request.user)
    form = RuleForm(request.GET, people=assignees())
    context: dict[str, Any] = {"today": timezone.localdate()}
    form.is_valid()
    wrong = {name: texts for name, texts in form.errors.items() if name not in {"title", "assignee"}}
    if wrong:
        context["faults"] = [f"{form.fields[name].label}: {texts[0]}" for name, texts in wrong.items()]
    else:
        try:
            rule = services.read(form.values())
        except Invalid as invalid:
            context["faults"] = [text for texts in invalid.errors.values() for text in texts]
        else:
            context |= {"sentence": words.sentence(rule), "days": _days(rule, _waited(request, rule)), "rule": rule}
    return render(request, "disaster/_schedule_days.html", context)


def _waited(request: HttpRequest, rule: rules.Rule) -> Any:
    """Where the days begin: where the rule does, or today for a schedule that runs already."""
    return rules.on_or_after(rule, timezone.localdate()) if request.GET.get("version") else rules.first(rule)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_add(request: HttpRequest) -> HttpResponse:
    """A schedule for one depot, or one class of items in it."""
    refuse_others_than_officers(request.user)
    initial = {name: request.GET[name] for name in ("depot", "item_class") if request.GET.get(name)}
    form = _form(request, None, {"by_month_day": "13", **initial})
    token = request.POST.get("token") or str(uuid.uuid4())
    made: list[Schedule] = []
    status = 200
    if request.method == "POST":
        status = carried_out(
            form, lambda _data: made.append(services.create(request.user, form.values(), uuid_of(token)))
        )
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("schedule", made[0].pk)
    return render(request, "disaster/schedule_form.html", {"form": form, "token": token}, status=status)


def _form(request: HttpRequest, instance: Schedule | None, initial: dict[str, Any] | None = None) -> ScheduleForm:
    depots = own_depots(request.user).defer("location", "access_place", "area__geometry")
    depots = depots.order_by("area__mois_code", "name", "pk")
    return ScheduleForm(request.POST or None, instance=instance, initial=initial, depots=depots, people=assignees())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    refuse_others_than_officers(request.user)
    found = _found(request, pk)
    if not services.may_change(request.user, found.depot):
        raise PermissionDenied(_("This depot lies outside the area that you look after."))
    form = _form(request, _found(request, pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {name: value for name, value in form.values().items() if name != "depot"}
            try:
                services.change(found, request.user, values, form.cleaned_data["version"] or 0)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, _found(request, pk))
            else:
                messages.success(request, _("Saved."))
                return redirect("schedule", pk)
    return render(request, "disaster/schedule_form.html", {"form": form, "schedule": found}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_many(request: HttpRequest) -> HttpResponse:
    """The same schedule for every depot of these towns and kinds; depots that have it already are left as they are."""
    refuse_others_than_officers(request.user)
    depots: Any = Depot.objects.live().filter(pk__in=own_depots(request.user).order_by().values("pk"))
    initial = {"title": _("Regular inspection"), "by_month_day": "13"}
    form = ManyForm(request.POST or None, initial=initial, depots=depots, people=assignees())
    counts: list[tuple[int, int]] = []

    def make(_data: dict[str, Any]) -> None:
        chosen = form.chosen()
        if not chosen.exists():
            raise Invalid({"towns": [_("No depot of these towns and kinds is known.")]})
        counts.append(services.create_many(request.user, chosen, form.values()))

    status = carried_out(form, make) if request.method == "POST" else 200
    if status == 302:
        made, there = counts[0]
        messages.success(request, _("%(made)d schedules were made.") % {"made": made})
        if there:
            messages.info(request, _("%(there)d depots had one of this title already and keep it.") % {"there": there})
        return redirect("schedule-list")
    return render(request, "disaster/schedule_form.html", {"form": form, "many": True}, status=status)


@login_required
@require_POST
def schedule_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, or wait again."""
    found = _found(request, pk)
    version = number_of(request.POST.get("version", "")) or 0
    act = services.resume if request.POST.get("do") == "resume" else services.pause
    if done(request, lambda: act(found, request.user, version)):
        messages.success(request, _("It is waited for again.") if act is services.resume else _("Paused."))
    return redirect("schedule", pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if not (is_officer(request.user) and services.may_change(request.user, found.depot)):
        raise PermissionDenied(_("This depot lies outside the area that you look after."))
    form = ReasonForm(request.POST or None, initial={"version": found.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(found, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("schedule-list")
    return render(request, "disaster/schedule_retire.html", {"schedule": found, "form": form}, status=status)
