"""Buildings, their levels and the teams of a centre: made and changed together."""

import uuid
from collections.abc import Iterable
from itertools import pairwise
from math import atan2, degrees
from typing import Any

import shapely
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import Polygon

from facilities.models import PART_MODELS, Building, Centre, Level, Plan, Team, Unit
from facilities.plan.document import snapped
from gis_core import permissions
from gis_core.crs import STORAGE_SRID, LocalFrame
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers

from .documents import to_local_geos
from .holding import hold_building, hold_plans

STOREY_HEIGHT_M = 3.6
# No level has it: a place to wait in while two levels change theirs.
_SPARE_ORDINAL = -32_000


def may_change_centre(user: Any, centre: Centre) -> bool:
    return permissions.can_change(user, layers.get("centres"), centre)


def frame_of(footprint: Polygon) -> LocalFrame:
    """The frame square to a footprint (EPSG:5179): x along its longest side, the footprint's corner at the origin."""
    box = shapely.minimum_rotated_rectangle(footprint)
    corners = list(box.exterior.coords)
    sides = list(pairwise(corners))
    (x0, y0), (x1, y1) = max(sides, key=lambda side: shapely.LineString(side).length)
    rotation = round((degrees(atan2(y1 - y0, x1 - x0)) + 90) % 180 - 90, 4)
    turned = LocalFrame(x0, y0, rotation).to_local(footprint)
    west, south, _east, _north = turned.bounds
    corner = LocalFrame(x0, y0, rotation).to_world(shapely.Point(west, south))
    return LocalFrame(corner.x, corner.y, rotation)


@transaction.atomic
def start(centre: Centre, user: Any, *, name: str, above: int, below: int, same_outline: bool) -> Building:
    """A building with its levels, set on the centre's footprint where it has one. Raises NotAllowed and Invalid."""
    if not may_change_centre(user, centre):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    if Building.objects.live().filter(centre=centre, name=name).exists():
        raise Invalid({"name": [_("This centre has a building called %(name)s already.") % {"name": name}]})
    drawn: Any = to_shapely(centre.footprint)
    frame = frame_of(drawn) if drawn else LocalFrame(centre.location.x, centre.location.y)
    building = Building.objects.create(
        centre=centre,
        name=name,
        area=centre.area,
        anchor=Point(frame.anchor_x, frame.anchor_y, srid=STORAGE_SRID),
        rotation=frame.rotation,
        footprint=centre.footprint,
        is_example=centre.is_example,
        created_by=user,
        updated_by=user,
    )
    outline = to_local_geos(snapped(frame.to_local(drawn))) if drawn else None
    for ordinal in range(-below, above):
        outlined = ordinal == 0 or (same_outline and ordinal > 0)
        Level.objects.create(
            building=building, ordinal=ordinal, short_name=short_name(ordinal), height_m=STOREY_HEIGHT_M,
            outline=outline if outlined else None, created_by=user, updated_by=user,
        )  # fmt: skip
    return building


def short_name(ordinal: int) -> str:
    """1F for the ground floor, as in Korea; B1 for the first basement."""
    return f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"


@transaction.atomic
def save_levels(building: Building, user: Any, levels: Iterable[Level], removed: Iterable[Level]) -> None:
    """Write the levels of a building. Raises NotAllowed, and Invalid when a level to be removed has rooms, when
    another has the ordinal, or when somebody changed a level since it was read."""
    if not permissions.can_change(user, layers.get("buildings"), building):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    hold_building(building.pk)
    hold_plans(building.plans.all())
    for level in removed:
        if any(model.objects.filter(level=level, plan__retired_at=None).exists() for model in PART_MODELS.values()):
            raise _refused(_("%(level)s has rooms in a plan and cannot be removed.") % {"level": level.short_name})
        Level.objects.filter(pk=level.pk).update(
            retired_at=timezone.now(), retired_reason=_("removed from the building"), updated_by=user
        )
    _write(Level, {"building": building}, user, list(levels), "ordinal", _SPARE_ORDINAL)


@transaction.atomic
def save_teams(centre: Centre, user: Any, teams: Iterable[Team], removed: Iterable[Team]) -> None:
    """Write the teams of a centre. Raises NotAllowed, and Invalid when a team to be removed is seated in a plan, when
    another has the name, or when somebody changed a team since it was read."""
    if not may_change_centre(user, centre):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    Centre.objects.select_for_update(of=("self",)).get(pk=centre.pk)
    hold_plans(Plan.objects.filter(building__centre=centre))
    for team in removed:
        if seated := Unit.objects.filter(teams__contains=[team.key], plan__retired_at=None).first():
            raise _refused(
                _("%(team)s is seated in the plan %(plan)s and cannot be removed.")
                % {"team": team, "plan": seated.plan}
            )
        Team.objects.filter(pk=team.pk).update(
            retired_at=timezone.now(), retired_reason=_("removed from the centre"), updated_by=user
        )
    _write(Team, {"centre": centre}, user, list(teams), "name", uuid.uuid4().hex)


def _refused(text: str) -> Invalid:
    return Invalid({"__all__": [text]})


def _write(model: Any, owner: dict[str, Any], user: Any, rows: list[Any], once: str, spare: Any) -> None:
    """Write rows of which no two share ``once``, in an order in which they never do: floors may move up by one, and
    two may change places over the ``spare`` value."""
    held = dict(model.objects.live().filter(**owner).values_list("pk", "version"))
    taken = {getattr(row, once): row.pk for row in model.objects.live().filter(**owner)}
    for row in rows:
        if row.pk and held.get(row.pk) != row.version:
            raise _refused(_("Somebody changed “%(row)s” meanwhile. Please look at it again.") % {"row": row})
    while rows:
        row = next((row for row in rows if taken.get(getattr(row, once), row.pk) == row.pk), None)
        if row is None:
            leaving = next((row for row in rows if row.pk in taken.values()), None)
            if leaving is None:
                raise _refused(_("There is another “%(row)s” already.") % {"row": rows[0]})
            taken = {value: pk for value, pk in taken.items() if pk != leaving.pk}
            model.objects.filter(pk=leaving.pk).update(**{once: spare})
            continue
        rows.remove(row)
        _save(row, owner, user)
        taken = {value: pk for value, pk in taken.items() if pk != row.pk} | {getattr(row, once): row.pk}


def _save(row: Any, owner: dict[str, Any], user: Any) -> None:
    for name, value in owner.items():
        setattr(row, name, value)
    row.updated_by = user
    if row._state.adding:
        row.created_by = user
    row.save()
