"""What may not be done yet and what lapses soon: of one round, house or plan, and over all of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from vacanthouses.campaign_forms import StepForm
from vacanthouses.clocks import SUBJECTS
from vacanthouses.models import ClockEvent, ImprovementPlan, VacantHouse
from vacanthouses.services import clocks as services
from vacanthouses.words.clocks import STATE_LABELS, SUBJECT_LABELS

from .access import find_campaign, managed_areas

PER_PAGE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_clocks(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = find_campaign(request, pk)
    return _of_one(request, campaign, {"campaign": campaign, "tab": "clocks"}, reverse("campaign-clocks", args=[pk]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thing_clocks(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """The clocks of a house or a plan."""
    model: Any = {"house": VacantHouse, "plan": ImprovementPlan}.get(subject)
    if model is None:
        raise Http404
    scope = managed_areas(request.user)
    thing = get_object_or_404(model.objects.live().in_areas(scope), pk=pk)
    if subject == "house":
        permissions.log_personal(request.user, layers.get("vacant-houses"), "view", record_id=pk, detail="clocks")
    return _of_one(request, thing, {}, reverse("thing-clocks", args=[subject, pk]))


def _of_one(request: HttpRequest, thing: Any, context: dict[str, Any], url: str) -> HttpResponse:
    form = StepForm(
        request.POST or None, choices=services.choices(thing), initial={"on": timezone.localdate().isoformat()}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.note(thing, request.user, data["code"], data["on"], words=data["words"], override=data["override"])
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            for name, texts in invalid.errors.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _("Noted."))
            return redirect(url)
    subject = services.subject_of(thing)
    titles = dict(services.choices(thing))
    events = ClockEvent.objects.live().filter(**{subject: thing}).select_related("created_by").order_by("-on", "-pk")
    noted = list(events[:200])
    early = services.too_early(thing, noted)
    context |= {
        "thing": thing,
        "subject": subject,
        "form": form,
        "clocks": [(clock, STATE_LABELS[clock.state]) for clock in services.clocks_of(thing)],
        "events": [(event, titles.get(event.code, event.code), event.pk in early) for event in noted],
    }
    return render(request, "vacanthouses/clocks_of_one.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def clock_list(request: HttpRequest) -> HttpResponse:
    """Every running clock in the manager's areas, filtered in the URL, the most urgent first."""
    scope = managed_areas(request.user)
    subject, state = request.GET.get("subject", ""), request.GET.get("state", "")
    town = request.GET.get("area", "")
    if town:
        area = AdminArea.objects.by_code(town) if town.isascii() and town.isdecimal() else None
        if area is None:
            raise Http404
        below = AdminArea.objects.descendant_ids([area.pk])
        scope = below if scope is None else scope & below
    asked = [each for each in SUBJECTS if subject in ("", each)]
    lines = services.lines(scope, asked, timezone.localdate())
    if state:
        lines = [line for line in lines if line.clock.state == state]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    rows = _with_things(page.object_list)
    houses = sum(line.subject == "house" for line, *_rest in rows)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "list", count=houses, detail="clocks")
    context = {
        "page": page,
        "rows": rows,
        "subjects": SUBJECT_LABELS.items(),
        "states": [(name, STATE_LABELS[name]) for name in ("lapsed", "due_soon", "may_not_yet", "running")],
        "chosen": {"subject": subject, "state": state, "area": town},
    }
    return render(request, "vacanthouses/clocks.html", context)


def _with_things(lines: Any) -> list[tuple[Any, Any, Any, str]]:
    """Each line with its thing, its state in words and its page; one statement per kind of thing."""
    things: dict[tuple[str, int], Any] = {}
    for subject, model in services.MODELS.items():
        pks = {line.pk for line in lines if line.subject == subject}
        if pks:
            things |= {(subject, each.pk): each for each in model.objects.filter(pk__in=pks)}
    return [(line, things[line.subject, line.pk], STATE_LABELS[line.clock.state], _page_of(line)) for line in lines]


def _page_of(line: services.Line) -> str:
    if line.subject == "campaign":
        return reverse("campaign-clocks", args=[line.pk])
    return reverse("thing-clocks", args=[line.subject, line.pk])
