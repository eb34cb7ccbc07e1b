"""Which team should sit on which floor: today's seating, advice with its reasons, and a draft option of it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from facilities.models import Plan
from facilities.plan.document import Document, Team
from facilities.plan.stacking import Stacking, heads_of
from facilities.services import stacking
from facilities.services.documents import load
from facilities.services.holding import may_edit
from facilities.words import stacking as words
from facilities.words.names import level_name, room_names
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers

from .access import find_plan


class DraftForm(forms.Form):
    """``version`` is the plan's when the advice was read."""

    name = forms.CharField(label=gettext_lazy("Name of the option"), max_length=80)
    version = forms.IntegerField(widget=forms.HiddenInput)


@login_required
@never_cache
def advise(request: HttpRequest, pk: int) -> HttpResponse:
    """Advice on a plan; posting makes the option that follows it. An agreed plan may be drafted from, too."""
    plan = find_plan(request, pk)
    can_draft = may_edit(request.user, plan)
    initial = {"name": _("%(plan)s, teams restacked") % {"plan": plan.name[:50]}, "version": plan.version}
    form = DraftForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not can_draft:
            raise PermissionDenied(_("This lies outside the area in which you may change records."))
        option = _drafted(request, plan, form)
        if option is not None:
            messages.success(request, _("%(option)s was made. Here it is beside %(plan)s.") % _both(option, plan))
            query = urlencode([("plan", plan.pk), ("plan", option.pk)])
            return redirect(f"{reverse('plan-compare')}?{query}")
    document = load(plan)
    found = stacking.advice_on(document)
    context = {
        "layer": layers.get("buildings"),
        "record": plan.building,
        "plan": plan,
        "form": form,
        "can_draft": can_draft,
        "found": found,
        "moves": _moves(found, document),
        "reasons": [words.text(finding, document) for finding in found.reasons],
        "floors": _floors(found, document),
        "teams": _teams(document),
        "less_short": found.before.crowded - found.after.crowded > 0.05,
        "saved": found.before.climbed - found.after.climbed,
    }
    return render(request, "facilities/stacking.html", context, status=422 if form.errors else 200)


def _both(option: Plan, plan: Plan) -> dict[str, Plan]:
    return {"option": option, "plan": plan}


def _drafted(request: HttpRequest, plan: Plan, form: DraftForm) -> Plan | None:
    """The new option; None when it could not be made, with the reason in the form."""
    if not form.is_valid():
        return None
    if form.cleaned_data["version"] != plan.version:
        form.add_error(None, _("The plan has changed meanwhile. Please read the advice again."))
        form.data = {**form.data, "version": plan.version}
        return None
    try:
        return stacking.draft(plan, request.user, form.cleaned_data["name"])
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except stacking.NothingAdvised:
        form.add_error(None, _("Nothing is advised any more."))
    except Invalid as invalid:
        for texts in invalid.errors.values():
            form.add_error("name", texts)
    return None


@dataclass(frozen=True)
class Move:
    code: str
    text: str
    reason: str


def _moves(found: Stacking, document: Document) -> list[Move]:
    return [
        Move(item.code, words.move_text(item, document), words.reason_text(item, document)) for item in found.advice
    ]


@dataclass(frozen=True)
class Seat:
    """A team on a floor. ``state``: "stays", "leaves" or "comes"."""

    team: Team
    heads: int
    state: str


@dataclass(frozen=True)
class Floor:
    """``capacity`` is None where nothing says how much room one needs, or the level has no office."""

    name: str
    capacity: int | None
    seats: list[Seat]
    heads_before: int
    heads_after: int
    visits_before: int
    visits_after: int
    is_ground: bool


def _floors(found: Stacking, document: Document) -> list[Floor]:
    rows = []
    for row in found.floors:
        level = document.level_of[row.level]
        keys = dict.fromkeys([*row.teams_before, *row.teams_after])
        seats = [
            Seat(document.team_of[key], heads_of(document.team_of[key]), _state(key, row.teams_before, row.teams_after))
            for key in keys
        ]
        rows.append(
            Floor(
                name=level_name(level),
                capacity=int(row.capacity) if found.m2_per_head and row.capacity else None,
                seats=sorted(seats, key=lambda seat: (seat.state == "comes", -seat.team.visits_per_day)),
                heads_before=row.heads_before,
                heads_after=row.heads_after,
                visits_before=row.visits_before,
                visits_after=row.visits_after,
                is_ground=level.ordinal == 0,
            )
        )
    return rows


def _state(key: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if key in before and key in after:
        return "stays"
    return "leaves" if key in before else "comes"


def _teams(document: Document) -> list[tuple[Team, str, str]]:
    """Teams by their visits, the most first: with the levels and rooms they sit in."""
    found: list[tuple[Team, str, str]] = []
    for team in sorted(document.teams, key=lambda team: -team.visits_per_day):
        units = [unit for unit in document.units if team.key in unit.teams]
        levels = [level_name(level) for level in document.ordered_levels() if any(u.level == level.key for u in units)]
        found.append((team, ", ".join(levels), room_names(document, [unit.key for unit in units])))
    return found
