"""The area schedule of a plan: square metres by use, restriction and team, per level and in all, that reconcile.

Figures are exact sums of the rooms' areas in local metres; rounding is for those who show them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import fsum

from .document import Document, Level, Team, Unit
from .findings import Finding
from .space import TOLERANCE_M2, Filling, Space, fills, in_all
from .standards import UNITS, Measured, People, Standard, in_force, measure
from .uses import GROUPS, group_of

__all__ = ["Measured", "Schedule", "Standard", "pyeong", "schedule"]

# Where offices without a team, and rooms without a use, are missed.
_SEATED = "office"
_UNDECIDED = "unspecified"
NO_TEAM = ""


def pyeong(m2: float) -> float:
    """Square metres in 평: 1 평 is 400/121 m2."""
    return m2 * 121 / 400


@dataclass(frozen=True)
class Share:
    """The rooms of one kind: their number and their area."""

    key: str
    m2: float = 0.0
    rooms: int = 0

    @property
    def pyeong(self) -> float:
        return pyeong(self.m2)


@dataclass(frozen=True)
class Block:
    """The figures of a level, or of the whole plan. Each of the four lists adds up to ``space.rooms_m2``."""

    space: Space
    by_category: tuple[Share, ...]
    by_group: tuple[Share, ...]
    by_restriction: tuple[Share, ...]
    by_team: tuple[Share, ...]

    def m2(self, listed: str, key: str) -> float:
        """The area of one row, 0 where there is none: ``m2("by_category", "office")``."""
        return next((share.m2 for share in getattr(self, listed) if share.key == key), 0.0)


@dataclass(frozen=True)
class LevelBlock:
    level: Level
    block: Block


@dataclass(frozen=True)
class TeamRow:
    """A team's rooms. ``is_sharing``: at least one of them is shared, and counted in part."""

    team: Team
    m2: float
    units: tuple[str, ...]
    levels: tuple[str, ...]
    is_sharing: bool

    @property
    def per_head_now(self) -> float | None:
        return _per(self.m2, self.team.headcount_now)

    @property
    def per_head_planned(self) -> float | None:
        return _per(self.m2, self.team.headcount_planned)


@dataclass(frozen=True)
class PerHead:
    """Square metres for each member of the seated staff: ``what`` is "rooms", "work" or "seated" (teams' rooms)."""

    what: str
    m2: float
    now: float | None
    planned: float | None


@dataclass(frozen=True)
class Schedule:
    """``staff_now`` and ``staff_planned`` count the teams that have a room in this plan."""

    levels: tuple[LevelBlock, ...]
    total: Block
    teams: tuple[TeamRow, ...]
    staff_now: int
    staff_planned: int
    visits: int
    per_head: tuple[PerHead, ...]
    standards: tuple[Measured, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def schedule(document: Document, standards: Iterable[Standard] = (), on: date | None = None) -> Schedule:
    """The plan's figures. Of the standards those in force on the day are held against it (the newest, without one)."""
    filled = fills(document)
    shares = _team_shares(document)
    rows = _team_rows(document, shares)
    seated = [row.team for row in rows]
    now, planned = sum(team.headcount_now for team in seated), sum(team.headcount_planned for team in seated)
    levels = tuple(
        LevelBlock(level, _block(filled[level.key].space, document.on_level("units", level.key), shares))
        for level in document.ordered_levels()
    )
    total = _block(in_all(item.space for item in filled.values()), document.units, shares)
    everybody = People(planned or now, sum(team.visits_per_day for team in seated), total.space.rooms_m2)
    measured = _measured(document, standards, on, everybody, rows)
    return Schedule(
        levels=levels,
        total=total,
        teams=rows,
        staff_now=now,
        staff_planned=planned,
        visits=everybody.visits,
        per_head=_per_head(total, rows, now, planned),
        standards=measured,
        findings=(*_space_findings(document, filled), *_missing(document, rows), *_on_standards(measured)),
    )


def weights(teams: Iterable[Team]) -> dict[str, float]:
    """How teams divide a room they share: by planned headcount; by today's where none is planned; else equally."""
    found = list(teams)
    counts = {team.key: float(team.headcount_planned) for team in found}
    if not any(counts.values()):
        counts = {team.key: float(team.headcount_now) for team in found}
    whole = fsum(counts.values())
    return {key: count / whole if whole else 1 / len(found) for key, count in counts.items()}


def _team_shares(document: Document) -> dict[str, dict[str, float]]:
    """Room key to team key to square metres. Teams that the document does not know get nothing."""
    shares: dict[str, dict[str, float]] = {}
    for unit in document.units:
        teams = [document.team_of[key] for key in dict.fromkeys(unit.teams) if key in document.team_of]
        if teams and unit.is_walkable:
            shares[unit.key] = {key: unit.geometry.area * weight for key, weight in weights(teams).items()}
    return shares


def _block(space: Space, units: Iterable[Unit], shares: Mapping[str, dict[str, float]]) -> Block:
    rooms = [unit for unit in units if unit.is_walkable]
    groups = _shares(rooms, lambda unit: {group_of(unit.category): unit.geometry.area})
    return Block(
        space=space,
        by_category=_shares(rooms, lambda unit: {unit.category: unit.geometry.area}),
        by_group=tuple(sorted(groups, key=lambda share: list(GROUPS).index(share.key))),
        by_restriction=_shares(rooms, lambda unit: {unit.restriction: unit.geometry.area}),
        by_team=_shares(rooms, lambda unit: shares.get(unit.key) or {NO_TEAM: unit.geometry.area}),
    )


def _shares(rooms: Iterable[Unit], divide: Callable[[Unit], dict[str, float]]) -> tuple[Share, ...]:
    """Rows by what ``divide`` says of a room ({key: m2}), the largest first."""
    areas: dict[str, list[float]] = {}
    for room in rooms:
        for key, m2 in divide(room).items():
            areas.setdefault(key, []).append(m2)
    found = [Share(key, fsum(values), len(values)) for key, values in areas.items()]
    return tuple(sorted(found, key=lambda share: (-share.m2, share.key)))


def _team_rows(document: Document, shares: Mapping[str, dict[str, float]]) -> tuple[TeamRow, ...]:
    """The teams that have a room, in the document's order."""
    rows = []
    for team in document.teams:
        units = [unit for unit in document.units if team.key in shares.get(unit.key, {})]
        if units:
            levels = [
                level.key for level in document.ordered_levels() if any(unit.level == level.key for unit in units)
            ]
            m2 = fsum(shares[unit.key][team.key] for unit in units)
            sharing = any(len(shares[unit.key]) > 1 for unit in units)
            rows.append(TeamRow(team, m2, tuple(unit.key for unit in units), tuple(levels), sharing))
    return tuple(rows)


def _per(m2: float, heads: int) -> float | None:
    return m2 / heads if heads else None


def _per_head(total: Block, rows: Iterable[TeamRow], now: int, planned: int) -> tuple[PerHead, ...]:
    figures = {
        "rooms": total.space.rooms_m2,
        "work": total.m2("by_group", "work"),
        "seated": fsum(row.m2 for row in rows),
    }
    return tuple(PerHead(what, m2, _per(m2, now), _per(m2, planned)) for what, m2 in figures.items())


def _measured(
    document: Document, standards: Iterable[Standard], on: date | None, everybody: People, rows: Iterable[TeamRow]
) -> tuple[Measured, ...]:
    teams = {
        row.team.key: People(row.team.headcount_planned or row.team.headcount_now, row.team.visits_per_day, row.m2)
        for row in rows
    }
    rooms = [unit for unit in document.units if unit.is_walkable]
    return tuple(measure(standard, rooms, everybody, teams) for standard in in_force(standards, on))


def _space_findings(document: Document, filled: Mapping[str, Filling]) -> Iterable[Finding]:
    for level in document.ordered_levels():
        filling = filled[level.key]
        if filling.space.outline_m2 is None:
            yield Finding("no_outline", "warning", level.key)
        for one, other, m2 in filling.overlaps:
            yield Finding("overlap", "error", level.key, (one, other), {"m2": m2})
        for key, m2 in filling.outside:
            yield Finding("outside", "error", level.key, (key,), {"m2": m2})
        for gap in filling.unassigned:
            if gap.area >= TOLERANCE_M2:
                yield Finding("unassigned", "warning", level.key, (), {"m2": gap.area}, gap)


def _missing(document: Document, rows: Iterable[TeamRow]) -> Iterable[Finding]:
    for unit in document.units:
        if unit.category == _UNDECIDED:
            yield Finding("no_category", "note", unit.level, (unit.key,), {"m2": unit.geometry.area})
        if unit.category == _SEATED and not unit.teams and not unit.idle:
            yield Finding("no_team", "note", unit.level, (unit.key,), {"m2": unit.geometry.area})
        if any(key not in document.team_of for key in unit.teams):
            yield Finding("unknown_team", "warning", unit.level, (unit.key,))
    seated = {row.team.key for row in rows}
    for team in document.teams:
        if team.key not in seated:
            heads = team.headcount_planned or team.headcount_now
            yield Finding("not_seated", "warning", params={"team": team.key, "name": team.name, "heads": heads})


def _on_standards(measured: tuple[Measured, ...]) -> Iterable[Finding]:
    if not measured:
        yield Finding("no_standards", "note")
    for item in measured:
        params = {"code": item.standard.code, "applies_to": item.standard.applies_to}
        if item.standard.unit not in UNITS:
            yield Finding("unknown_unit", "warning", params={**params, "unit": item.standard.unit})
        elif item.required_m2 is None or item.actual_m2 is None:
            yield Finding("not_measured", "note", params=params)
        elif not item.is_met:
            short = {"required": item.required_m2, "actual": item.actual_m2, "short_rooms": item.short}
            yield Finding("below_standard", "warning", params={**params, **short})
