"""Taking what was read from a file into a plan of a building: the last step, and the only one that writes."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from facilities.exchange.notes import Notes
from facilities.exchange.shapes import outline_of
from facilities.models import Building, Level, Plan
from facilities.plan.document import Document

from . import plans
from .documents import teams_of

TEAM_UNKNOWN = "team_unknown"  # count, keys: rooms that named a team which the centre does not have
# width_m, depth_m of the level in the file, held_width_m, held_depth_m as the building has it
SIZE_DIFFERS = "size_differs"
_SLACK_M, _SLACK = 1.0, 0.1


def fit_teams(document: Document, building: Building, notes: Notes) -> Document:
    """The document without teams that are not the centre's, which is noted."""
    known = {team.key for team in teams_of(building.centre_id)}
    units = []
    for unit in document.units:
        kept = tuple(key for key in unit.teams if key in known)
        for _missing in range(len(unit.teams) - len(kept)):
            notes.add(TEAM_UNKNOWN, key=unit.key)
        units.append(replace(unit, teams=kept))
    return replace(document, units=tuple(units), teams=())


def note_sizes(document: Document, building: Building, notes: Notes) -> None:
    """Note levels whose size is not that of the building's own outline: the unit, or the building, may be wrong."""
    rows = Level.objects.live().filter(building=building)
    held = {level.ordinal: level.outline.extent for level in rows if level.outline is not None}
    for level in document.levels:
        if level.ordinal in held and document.on_level("units", level.key):
            west, south, east, north = outline_of(document, level.key).bounds
            left, low, right, high = held[level.ordinal]
            drawn, own = (east - west, north - south), (right - left, high - low)
            if any(abs(a - b) > max(_SLACK_M, _SLACK * b) for a, b in zip(drawn, own, strict=True)):
                sizes = zip(("width_m", "depth_m", "held_width_m", "held_depth_m"), (*drawn, *own), strict=True)
                notes.add(SIZE_DIFFERS, level=level.key, **{name: round(size, 1) for name, size in sizes})


@transaction.atomic
def into_new_plan(building: Building, user: Any, document: Document, *, name: str, status: str) -> Plan:
    """Raises NotAllowed, and Invalid naming ``name`` when the building has a plan so called."""
    plan = plans.create(building, user, name, status=status)
    return _fill(plan, user, document)


@transaction.atomic
def into_plan(plan: Plan, user: Any, document: Document) -> Plan:
    """Replace the levels of a plan that the document has; its other levels stay. Raises NotAllowed and Frozen."""
    return _fill(plan, user, document)


def _fill(plan: Plan, user: Any, document: Document) -> Plan:
    # Teams may have gone since the file was read.
    fitting = fit_teams(document, plan.building, Notes())
    matched = plans.take_levels(plan.building, user, fitting)
    return plans.replace_content(plan, user, matched, keep_other_levels=True)
