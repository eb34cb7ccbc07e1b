"""Flood maps: taken in and put away; and what happens where depots stand in the water."""

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from disaster import querysets_places as querysets
from disaster.coverage import Place
from disaster.flooded import Depths, Finding, Limits, Wet, judge
from disaster.floods import apart, depths
from disaster.floods.reading import FloodRefused
from disaster.models import Depot, HazardRaster
from disaster.services import coverage, readiness
from disaster.services.coverage import Answer, Question, at
from disaster.words import floods as words
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea


def limit_mb() -> int:
    return int(getattr(settings, "FLOOD_MAP_LIMIT_MB", 200))


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "hazards"


def path_of(raster: HazardRaster) -> Path:
    return folder() / raster.file


def may_change(user: Any) -> bool:
    return permissions.can_add(user, layers.get("depots"))


def _refuse_others(user: Any) -> None:
    if not may_change(user):
        raise NotAllowed(_("Only disaster officers may add or remove flood maps."))


def take(upload: UploadedFile, user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> HazardRaster:
    """A flood map of an uploaded GeoTIFF, read and written anew in a process of its own.

    Raises NotAllowed, and Invalid with the reason at ``raster``; then nothing is kept.
    """
    _refuse_others(user)
    if upload.size is None or upload.size > limit_mb() * 1_000_000:
        raise Invalid({"raster": [words.refusal(FloodRefused("too_many_bytes", str(limit_mb())))]})
    name = f"{uuid.uuid4().hex}.tif"
    source, target = folder() / "incoming" / name, folder() / name
    source.parent.mkdir(parents=True, exist_ok=True)
    kept = False
    try:
        _set_aside(upload, source)
        facts = apart.take(source, target)
        found = {"file": name, "crs": facts.crs, "bounds": list(facts.bounds), "max_depth_m": facts.max_depth_m}
        with transaction.atomic():
            made: HazardRaster = writing.make(HazardRaster, user, {**values, **found}, token)
        kept = made.file == name
        return made
    except FloodRefused as refused:
        raise Invalid({"raster": [words.refusal(refused)]}) from refused
    finally:
        source.unlink(missing_ok=True)
        if not kept:
            # Refused, or the same form sent twice: the first file stays.
            target.unlink(missing_ok=True)


def _set_aside(upload: UploadedFile, source: Path) -> None:
    if isinstance(upload, TemporaryUploadedFile):
        shutil.copyfile(upload.temporary_file_path(), source)
        return
    with source.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)


@transaction.atomic
def retire(raster: HazardRaster, user: Any, reason: str, version: int) -> None:
    """Take a map out of use; its file stays, so that what was decided by it can be told. Raises NotAllowed, Invalid."""
    _refuse_others(user)
    writing.retire(writing.locked(raster), user, reason, version)


@dataclass(frozen=True)
class DepotLine:
    depot: Depot
    finding: Finding
    working: int | None


@dataclass(frozen=True)
class TownLine:
    """Readiness of a town with all depots, and without those that cannot be used; None is unknown."""

    area: AdminArea
    before: float | None
    after: float | None
    sentence: str
    lost: int

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class WhatIf:
    """``lost`` are the depots counted out: flooded ones, and with ``is_cautious`` those of which nobody knows."""

    raster: HazardRaster
    limits: Limits
    is_cautious: bool
    depots: list[DepotLine]
    before: Answer
    after: Answer
    towns: list[TownLine]

    @cached_property
    def lost(self) -> frozenset[int]:
        return lost_depots(self.depots, self.is_cautious)

    def number(self, state: Wet) -> int:
        return sum(line.finding.state == state for line in self.depots)


def lost_depots(lines: Sequence[DepotLine], is_cautious: bool) -> frozenset[int]:
    counted = {Wet.FLOODED, Wet.UNKNOWN} if is_cautious else {Wet.FLOODED}
    return frozenset(line.depot.pk for line in lines if line.finding.state in counted)


def what_if(
    user: Any, raster: HazardRaster, question: Question, hazard: str, limits: Limits, *, is_cautious: bool
) -> WhatIf:
    """Depots in the water, and readiness and coverage with all depots beside those without them.

    Depots are those of the question's towns. Raises Invalid where the map's file is gone.
    """
    facts = coverage.gather(user, question)
    towns = {area.pk for area in question.towns}
    here = [depot for depot in facts.depots if depot.area_id in towns]
    found = findings(raster, here, limits)
    lines = [DepotLine(depot, found[depot.pk], facts.working.get(depot.pk)) for depot in here]
    lost = lost_depots(lines, is_cautious)
    before = coverage.answer(user, question, facts)
    doubtful = frozenset(line.depot.pk for line in lines if line.finding.state == Wet.UNKNOWN)
    after = coverage.answer(user, question, coverage.without(facts, lost, doubtful))
    order = {Wet.FLOODED: 0, Wet.UNKNOWN: 1, Wet.DRY: 2}
    lines.sort(key=lambda line: (order[line.finding.state], line.depot.area.mois_code if line.depot.area else ""))
    return WhatIf(
        raster, limits, is_cautious, lines, before, after, _towns(question.towns, hazard, question.day, lines, lost)
    )


def findings(raster: HazardRaster, depots: Sequence[Depot], limits: Limits) -> dict[int, Finding]:
    """Each depot's floor and way in, all read in one go. Raises Invalid where the map's file is gone."""
    places: list[Place] = []
    counts: list[int] = []
    for depot in depots:
        around = depths_ring(depot, limits)
        places += [at(depot), *around]
        counts.append(len(around))
    try:
        found = depths.sample(path_of(raster), places)
    except OSError as error:
        raise Invalid({"__all__": [_("The file of this flood map is missing. Upload it again.")]}) from error
    result, begin = {}, 0
    for depot, count in zip(depots, counts, strict=True):
        part = found[begin : begin + 1 + count]
        begin += 1 + count
        result[depot.pk] = judge(Depths(part[0], tuple(part[1:]), depot.access_place is None), limits)
    return result


def depths_ring(depot: Depot, limits: Limits) -> list[Place]:
    """Where the way in is looked at: its place where it is known, else around the depot."""
    if depot.access_place is not None:
        return [(depot.access_place.x, depot.access_place.y)]
    return depths.ring(at(depot), limits.ring_m, limits.ring_points)


def _towns(
    areas: Sequence[AdminArea], hazard: str, day: date, lines: Sequence[DepotLine], lost: frozenset[int]
) -> list[TownLine]:
    """Towns whose readiness changes or that lose a depot, the greatest loss first."""
    before = readiness.of_towns(areas, hazard, day)
    after = readiness.of_towns(areas, hazard, day, without=lost)
    gone = [line.depot.area_id for line in lines if line.depot.pk in lost]
    rows = [
        TownLine(area, before[area.pk].score, after[area.pk].score, after[area.pk].sentence, gone.count(area.pk))
        for area in areas
    ]
    concerned = [row for row in rows if row.lost or row.changes]
    return sorted(concerned, key=lambda row: ((row.after or 0) - (row.before or 0), row.area.mois_code))


@transaction.atomic
def set_way_in(depot: Depot, user: Any, place: Any, version: int) -> Depot:
    """Where the way to a depot leaves the road: a point in EPSG:5179, or None to take it away.

    Raises NotAllowed, and Invalid when the depot changed meanwhile.
    """
    current: Depot = writing.locked(depot)
    if not permissions.can_change(user, layers.get("depots"), current):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    writing.refuse_stale(current, version)
    writing.write(current, user, access_place=place)
    return current


def maps(user: Any) -> Any:
    return querysets.flood_maps(user)
