"""Concentration zones (빈집밀집구역): looking for candidates, keeping them, proving them, deciding about them."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import Polygon

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.models import AdminArea
from vacanthouses.concentration import Building, House, Proof, Village, ZoneTable, proof, read
from vacanthouses.models import (
    ConcentrationZone,
    HouseStatus,
    Regime,
    RegisteredBuilding,
    RuleKind,
    RuleTable,
    VacantHouse,
    ZoneState,
)
from vacanthouses.querysets_planning import refuse_outside
from vacanthouses.words.zones import failing
from vacanthouses.zone_finding import Candidate, find

from . import rules

# Looked through at once: more would keep a person waiting for minutes.
MOST_HOUSES = 3000
# How far around a zone its map reaches.
NEAR_M = 25


@dataclass(frozen=True)
class Surroundings:
    """What a map of a zone shows, in EPSG:5179: vacant houses and other buildings, inside and near."""

    zone: Polygon
    village: Village


@dataclass(frozen=True)
class Proposal:
    """A candidate with the town it lies in; ``key`` tells whether it is still the same when somebody keeps it."""

    candidate: Candidate
    area: AdminArea
    name: str
    surroundings: Surroundings

    @property
    def key(self) -> str:
        return hashlib.sha256(self.candidate.polygon.wkb).hexdigest()[:24]


def regime_of(houses: Iterable[VacantHouse]) -> str:
    """The regime of most of the houses."""
    regimes = Counter(house.regime for house in houses)
    return min(regimes, key=lambda name: (-regimes[name], name)) if regimes else Regime.URBAN.value


def table_for(regime: str) -> RuleTable:
    """The table in force today. Raises Invalid where none is."""
    found = rules.in_force(RuleKind.CONCENTRATION, regime)
    if found is None:
        raise Invalid({"__all__": [_("No table of concentration zones is in force today.")]})
    return found


def confirmed(where: Q) -> list[VacantHouse]:
    """The houses that count: found to be vacant, not merely suspected."""
    found = VacantHouse.objects.live().filter(where, status=HouseStatus.CONFIRMED)
    return list(found.only("pnu", "regime", "built_year", "location", "parcel", "area").order_by("pk"))


def village(houses: list[VacantHouse], buildings: Iterable[RegisteredBuilding], table: ZoneTable, day: date) -> Village:
    """What the rule counts. A vacant house whose parcel the register does not know is one building more."""
    known = set(
        RegisteredBuilding.objects.live().filter(pnu__in={house.pnu for house in houses}).values_list("pnu", flat=True)
    )
    counted = [
        Building(_shape(row.location), table.is_old(row.approved_on, row.structure, day), row.is_house)
        for row in buildings
    ]
    counted += [
        # Built some day of that year, at the latest on its last.
        Building(_shape(house.location), table.is_old(_end_of(house.built_year), "", day))
        for house in houses
        if house.pnu not in known
    ]
    return Village([House(house.pk, _shape(house.location), _shape(house.parcel)) for house in houses], counted)


def _end_of(year: int | None) -> date | None:
    return date(year, 12, 31) if year else None


def _shape(stored: Any) -> Any:
    return to_shapely(stored)


def proofs_now(zones: list[ConcentrationZone]) -> dict[int, tuple[Proof, RuleTable]]:
    """What the test finds in each zone today, by pk; each counted by the table for most of its houses. At most
    six statements, however many zones. Raises Invalid where no table is in force."""
    if not zones:
        return {}
    near = Q()
    for zone in zones:
        near |= Q(location__bboverlaps=zone.geometry)
    houses = confirmed(near)
    buildings = list(RegisteredBuilding.objects.live().filter(near))
    shapes = {zone.pk: _shape(zone.geometry) for zone in zones}
    regimes = {zone.pk: regime_of(_inside(houses, shapes[zone.pk])) for zone in zones}
    day, found = timezone.localdate(), {}
    for regime in set(regimes.values()):
        row = table_for(regime)
        table = read(row.body)
        counted = village(houses, buildings, table, day)
        for zone in zones:
            if regimes[zone.pk] == regime:
                found[zone.pk] = proof(shapes[zone.pk], counted, table, zone.infrastructure), row
    return found


def _inside(houses: list[VacantHouse], shape: Polygon) -> list[VacantHouse]:
    return [house for house in houses if shape.covers(_shape(house.location))]


def proof_now(zone: ConcentrationZone) -> tuple[Proof, RuleTable]:
    """What the test finds in the zone's polygon today. Raises Invalid where no table is in force."""
    return proofs_now([zone])[zone.pk]


def _near(zone: Polygon, whole: Village) -> Village:
    around = zone.envelope.buffer(NEAR_M, join_style="mitre")
    return Village(whole.houses_in(around), whole.buildings_in(around))


def surroundings(zone: ConcentrationZone, row: RuleTable) -> Surroundings:
    """What stands in and near a zone, old or not by this table."""
    shape = _shape(zone.geometry)
    around = Q(location__bboverlaps=to_geos(shape.envelope.buffer(NEAR_M, join_style="mitre")))
    buildings = RegisteredBuilding.objects.live().filter(around)
    return Surroundings(shape, village(confirmed(around), buildings, read(row.body), timezone.localdate()))


def looked_through(area: AdminArea) -> frozenset[int]:
    """The area and everything below it."""
    return AdminArea.objects.descendant_ids([area.pk])


def propose(area: AdminArea) -> list[Proposal]:
    """Candidates in an area that overlap no zone kept before, whatever was decided about it. Raises Invalid."""
    within = sorted(looked_through(area))
    houses = confirmed(Q(area__in=within))
    if len(houses) > MOST_HOUSES:
        told = _("There are %(number)s vacant houses here. Choose a smaller area: at most %(most)s are looked through.")
        raise Invalid({"area": [told % {"number": len(houses), "most": MOST_HOUSES}]})
    row = table_for(regime_of(houses))
    table = read(row.body)
    buildings = RegisteredBuilding.objects.live().filter(area__in=within)
    kept = ConcentrationZone.objects.live().filter(area__in=within).values_list("geometry", flat=True)
    taken = [shape for each in kept if (shape := to_shapely(each)) is not None]
    whole = village(houses, buildings, table, timezone.localdate())
    found = find(whole, table, taken)
    return _named(found, {house.pk: house.area_id for house in houses}, area, whole)


def _named(found: list[Candidate], areas: dict[int, int | None], chosen: AdminArea, whole: Village) -> list[Proposal]:
    """Each with the town most of its houses lie in, numbered on from the zones that the town has."""
    towns = [Counter(areas[pk] for pk in each.proof.house_ids).most_common(1)[0][0] for each in found]
    by_pk = AdminArea.objects.in_bulk({pk for pk in towns if pk})
    numbers: Counter[int | None] = Counter(
        ConcentrationZone.objects.filter(area__in=by_pk).order_by().values_list("area", flat=True)
    )
    proposals = []
    for candidate, pk in zip(found, towns, strict=True):
        numbers[pk] += 1
        town = by_pk.get(pk or 0, chosen)
        name = _("%(town)s concentration zone %(number)s") % {"town": town.name, "number": numbers[pk]}
        near = Surroundings(candidate.polygon, _near(candidate.polygon, whole))
        proposals.append(Proposal(candidate, town, name, near))
    return proposals


@transaction.atomic
def keep(area: AdminArea, user: Any, keys: Iterable[str]) -> list[ConcentrationZone]:
    """Keep the candidates with these keys. Sent twice, what is kept already is passed over.

    Raises NotAllowed; Invalid where one of them is no longer found as it was seen.
    """
    # Two people who keep the same at once wait for one another here.
    AdminArea.objects.select_for_update(of=("self",)).get(pk=area.pk)
    wanted = set(keys)
    found = {proposal.key: proposal for proposal in propose(area)}
    known = {_key(zone) for zone in ConcentrationZone.objects.live().filter(area__in=sorted(looked_through(area)))}
    if missing := wanted - found.keys() - known:
        told = _("%(number)s of the zones are no longer as they were shown: houses or buildings changed meanwhile.")
        raise Invalid({"__all__": [told % {"number": len(missing)}]})
    made = []
    for key in wanted & found.keys():
        proposal = found[key]
        refuse_outside(user, proposal.area.pk)
        zone = ConcentrationZone(
            name=proposal.name, area=proposal.area, geometry=to_geos(proposal.candidate.polygon),
            created_by=user, updated_by=user,
        )  # fmt: skip
        _prove(zone)
        zone.save()
        made.append(zone)
    return made


def _key(zone: ConcentrationZone) -> str:
    shape = to_shapely(zone.geometry)
    assert shape is not None
    return hashlib.sha256(shape.wkb).hexdigest()[:24]


def _prove(zone: ConcentrationZone) -> Proof:
    """Put today's proof and its table into a zone that is not saved yet or locked."""
    found, zone.table = proof_now(zone)
    zone.proof = {**found.kept(), "on": timezone.localdate().isoformat()}
    return found


@transaction.atomic
def decide(zone: ConcentrationZone, user: Any, state: str, on: date, note: str, version: int) -> None:
    """Designate a zone, set it aside, or take a decision back.

    Raises NotAllowed; Invalid where it changed meanwhile, where the test of today is not passed (designation), where no
    reason is given (setting aside, taking back), or the day is still to come.
    """
    current = writing.locked(zone)
    refuse_outside(user, current.area_id)
    writing.refuse_stale(current, version)
    if current.state == state:
        return
    if on > timezone.localdate():
        raise Invalid({"on": [_("This day is still to come.")]})
    values: dict[str, Any] = {"state": state, "decided_on": None if state == ZoneState.CANDIDATE else on}
    if state == ZoneState.DESIGNATED:
        found = _prove(current)
        if not found.passed:
            raise Invalid({"__all__": [_("The test is not passed today: %(parts)s.") % {"parts": failing(found)}]})
        values |= {"proof": current.proof, "table": current.table}
    elif not note.strip():
        raise Invalid({"note": [_("Say why.")]})
    if note.strip():
        values["note"] = "\n".join(part for part in (current.note, f"{on:%Y-%m-%d} {note.strip()}") if part)
    writing.write(current, user, **values)
