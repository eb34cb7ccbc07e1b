"""Plans of one building side by side: drawings, ledger, figures, cost, and options ranked by weights people set."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from facilities.comparison_forms import WeightsForm
from facilities.models import Building, Plan, Request
from facilities.plan.document import Level
from facilities.services.comparison import Examined, examine, requests_of, sources_of
from facilities.services.participation import base_of
from facilities.sheets.drawing_svg import Fill, Options, level_svg, scale_for, view_of
from facilities.words.names import level_name
from gis_core import permissions
from gis_core.layers.registry import layers

from . import comparison_tables as tables
from .access import find_plans

# More drawings and columns than this nobody reads side by side.
PLANS_MAX = 6
# The drawings' width on paper, which gives their writing its size beside the rooms (mm).
_WIDTH_MM = 170.0
_VIEWS, _FILLS = ("side", "overlay"), ("use", "restriction")


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``level`` is a key, ``beside`` the id of the plan shown beside the base."""

    plans: tuple[int, ...]
    level: str
    beside: int
    view: str
    fill: Fill
    kept: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Raises Http404 for numbers that are none."""
        get = request.GET
        plans = tuple(dict.fromkeys(_number(value) for value in get.getlist("plan")))
        view, fill = get.get("view", ""), get.get("fill", "")
        return cls(
            plans,
            get.get("level", ""),
            _number(get.get("beside") or "0"),
            view if view in _VIEWS else "side",
            "restriction" if fill == "restriction" else "use",
            "kept" in get,
        )


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Http404
    return int(value)


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The first plan named is the one the others are held against."""
    asked = Asked.of(request)
    if not asked.plans:
        messages.info(request, _("Choose a building first; its plans can then be compared."))
        return redirect("record-list", layers.get("buildings"))
    plans = find_plans(request, asked.plans)
    building = plans[0].building
    if any(plan.building_id != building.pk for plan in plans):
        return render(request, "facilities/compare_refused.html", {"plans": plans}, status=400)
    siblings = list(Plan.objects.live().filter(building=building).select_related("based_on").order_by("pk"))
    plans = _with_partner(plans, siblings)
    if len(plans) > PLANS_MAX:
        messages.warning(request, _("Only the first %(number)d plans are compared.") % {"number": PLANS_MAX})
    page = _Page(request, asked, building, plans[:PLANS_MAX])
    context = {**page.context(), "siblings": [(plan, plan in page.plans) for plan in siblings]}
    return render(request, "facilities/compare.html", context)


def _with_partner(plans: list[Plan], siblings: list[Plan]) -> list[Plan]:
    """One plan alone is held against the one it goes back to; the first of them against its options."""
    if len(plans) > 1:
        return plans
    base = base_of(plans[0])
    if base is not None and not base.retired_at:
        return [base, *plans]
    return [*plans, *(plan for plan in siblings if plan != plans[0])]


class _Page:
    def __init__(self, request: HttpRequest, asked: Asked, building: Building, plans: list[Plan]) -> None:
        self.request, self.asked, self.building, self.plans = request, asked, building, plans
        self.requests: list[Request] = requests_of(building, request.user)
        self.examined = examine(plans, sources_of(self.requests))
        self.base, *self.options = self.examined
        named = [one for one in self.options if one.plan.pk == asked.beside]
        self.shown: Examined | None = next(iter(named or self.options), None)

    def url(self, **changes: Any) -> str:
        """This page with something else asked for; None takes a parameter away."""
        pairs = [("plan", str(plan.pk)) for plan in self.plans]
        kept = {name: self.request.GET[name] for name in self.request.GET if name != "plan"}
        values = {**kept, **changes}
        return "?" + urlencode([*pairs, *((name, value) for name, value in values.items() if value is not None)])

    @cached_property
    def levels(self) -> list[Level]:
        return self.base.document.ordered_levels()

    @cached_property
    def level(self) -> Level | None:
        """The level asked for; else the lowest on which something changes."""
        by_key = {level.key: level for level in self.levels}
        if self.asked.level in by_key:
            return by_key[self.asked.level]
        changed = {entry.unit.level for entry in self.shown.ledger.changed} if self.shown else set()
        first = [level for level in self.levels if level.key in changed]
        return next(iter(first or self.levels), None)

    def context(self) -> dict[str, Any]:
        shown = self.shown
        return {
            "layer": layers.get("buildings"),
            "record": self.building,
            "asked": self.asked,
            "plans": self.plans,
            "base": self.base,
            "options": self.options,
            "shown": shown,
            "tabs": [(one.plan, self.url(beside=one.plan.pk), one is shown) for one in self.options],
            "columns": tables.columns(self.examined),
            "figures": tables.figure_rows(self.examined),
            "can_change": permissions.can_change(self.request.user, layers.get("buildings"), self.building),
            **self._ranking(),
            **(self._pair(shown) if shown else {}),
        }

    def _pair(self, shown: Examined) -> dict[str, Any]:
        """What is told of the base and the option shown beside it."""
        return {
            "drawings": self._drawings(shown) if self.level else [],
            "legend": tables.legend([self.base, shown], self.level.key, self.asked.fill) if self.level else [],
            "levels": [
                (level_name(level), self.url(level=level.key), level is self.level, tables.changed_on(shown, level.key))
                for level in reversed(self.levels)
            ],
            "views": [
                (_("Side by side"), self.url(view="side"), self.asked.view == "side"),
                (_("One over the other"), self.url(view="overlay"), self.asked.view == "overlay"),
            ],
            "fills": [
                (_("By use"), self.url(fill="use"), self.asked.fill == "use"),
                (_("Open and closed"), self.url(fill="restriction"), self.asked.fill == "restriction"),
            ],
            "letters": tables.letters(shown),
            "ledger": tables.ledger_rows(self.base, shown, self.requests, with_kept=self.asked.kept),
            "kept_count": sum(not entry.is_change for entry in shown.ledger.entries),
            "kept_url": self.url(kept=None if self.asked.kept else 1),
            "work": tables.work_rows(shown),
            "bill": tables.bill_rows(shown),
        }

    def _drawings(self, shown: Examined) -> list[tuple[Plan, SafeString]]:
        assert self.level is not None
        key, both = self.level.key, (self.base, shown)
        view = view_of([one.document for one in both], key)
        scale = scale_for(view, _WIDTH_MM)
        drawings = []
        for one, marks in zip(both, tables.marks(shown), strict=True):
            title = f"{one.plan} · {level_name(self.level)}"
            options = Options(
                scale=scale, view=view, labels="name", fill=self.asked.fill, title=title,
                highlighted=marks, inks=tables.inks(shown),
            )  # fmt: skip
            # Made by our own writer of SVG, which escapes every name.
            drawings.append((one.plan, mark_safe(level_svg(one.document, key, options))))  # noqa: S308
        return drawings

    def _ranking(self) -> dict[str, Any]:
        form = WeightsForm.of(self.request.GET)
        hidden: list[tuple[str, Any]] = [("plan", plan.pk) for plan in self.plans]
        hidden += [
            (name, value)
            for name, value in self.request.GET.items()
            if name in {"level", "beside", "view", "fill", "kept"}
        ]
        if len(self.options) < 2:
            return {"weights": form, "ranking": None, "hidden": hidden}
        return {"weights": form, "ranking": tables.ranking(self.options, form.weights()), "hidden": hidden}
