"""Loading delivered files: good rows in one transaction, bad ones kept aside with their reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from gis_core import jobs, permissions
from gis_core.crs import KOREA, LONLAT_SRID, STORAGE_SRID
from gis_core.imports import coordinates, uploads
from gis_core.imports.errors import ImportProblem
from gis_core.imports.reader import read
from gis_core.imports.source import Source
from gis_core.models import AdminArea, Role
from vacanthouses import readings
from vacanthouses.models import Evidence, Exclusion, Meter, MeterKind, ReadingBatch, VacantHouse
from vacanthouses.readings import Columns, Fault, Reading
from vacanthouses.words.readings import fault_text

METER, SIGN, EXCLUSION = "meter", "sign", "exclusion"
NEEDS = {METER: ("number",), SIGN: ("pnu",), EXCLUSION: ("pnu",)}
CHUNK = 2000
NAMED = 20


@dataclass(frozen=True)
class Delivery:
    """``what`` is meter:<kind>, sign:<code> or exclusion:<code>; ``columns`` are headings by what they hold."""

    what: str
    source: str
    delivered_on: str
    columns: dict[str, str]
    crs: str = ""
    encoding: str = ""
    layer: str = ""

    @property
    def sort(self) -> str:
        return self.what.partition(":")[0]

    @property
    def code(self) -> str:
        return self.what.partition(":")[2]


@dataclass
class Loading:
    source: Source
    delivery: Delivery
    faults: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def refuse(self, rows: Iterable[int], fault: Fault) -> None:
        for row in rows:
            self.faults.setdefault(row, []).append(fault_text(fault))


@jobs.background
def load_in_background(job: jobs.Handle, upload: str, delivery: dict[str, Any], link: str) -> dict[str, Any]:
    try:
        batch = load(upload, Delivery(**delivery), job)
    except ImportProblem as problem:
        raise jobs.JobError(str(problem)) from problem
    except Fault as fault:
        raise jobs.JobError(fault_text(fault)) from fault
    uploads.forget(upload)
    return {**batch.report, "link": link}


@transaction.atomic
def load(upload: str, delivery: Delivery, job: jobs.Handle) -> ReadingBatch:
    """Load what is good of an uploaded file. Raises ImportProblem or Fault for what concerns the whole file."""
    path = uploads.path_of(upload)
    job.progress(0, 4, _("Reading the file"))
    source = read(path, encoding=delivery.encoding, layer=delivery.layer)
    loading = Loading(source, delivery)
    _say_about_file(loading)
    job.progress(1, 4, _("Checking rows"))
    good = understood(loading)
    job.progress(2, 4, _("Finding places"))
    placed = _placed(loading, good, job.job.created_by)
    job.progress(3, 4, _("Writing"))
    batch = ReadingBatch.objects.create(
        name=source.name[:200], source=delivery.source, delivered_on=date.fromisoformat(delivery.delivered_on),
        job=job.job, created_by=job.job.created_by, updated_by=job.job.created_by,
    )  # fmt: skip
    _write(loading, batch, placed)
    batch.report = _report(loading, len(placed))
    batch.save(update_fields=["report"])
    return batch


def _say_about_file(loading: Loading) -> None:
    source = loading.source
    loading.notes += [str(warning) for warning in source.warnings[:NAMED]]
    if source.blank_rows:
        loading.notes.append(_("Blank rows, passed over: %(rows)s") % {"rows": _some(source.blank_rows)})
    for problem in source.problems:
        if problem.row is not None:
            loading.faults.setdefault(problem.row, []).append(
                f"{problem.field}: {problem.text}" if problem.field else problem.text
            )


def _some(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:NAMED]))
    return f"{shown} … ({len(rows)})" if len(rows) > NAMED else shown


def understood(loading: Loading) -> list[Reading]:
    """The rows that can be read, meters joined; the others are refused."""
    source, delivery = loading.source, loading.delivery
    is_meter, is_long = delivery.sort == METER, "month" in delivery.columns
    months = readings.month_columns(source.fields) if is_meter and not is_long else {}
    columns = Columns(delivery.columns, months)
    heading = delivery.columns.get("pnu", "")
    flag_01 = readings.writes_flag_as_01(row.values.get(heading, "") for row in source.rows)
    last = date.fromisoformat(delivery.delivered_on)
    good = []
    for row in source.rows:
        if row.number in loading.faults:
            continue
        try:
            found = readings.read_row(
                columns, row.number, row.values, needs=NEEDS[delivery.sort], last=last, flag_01=flag_01
            )
            if not is_meter and row.number in source.duplicate_rows:
                raise Fault("twice", params={"row": source.duplicate_rows[row.number]})
        except Fault as fault:
            loading.refuse([row.number], fault)
        else:
            good.append(found)
    if flag_01:
        changed = [row.rows[0] for row in good if row.pnu]
        told = _("Kind of land written as 0/1, changed to 1/2 in rows: %(rows)s") % {"rows": _some(changed)}
        loading.notes.append(told)
    if is_meter:
        good, faults = readings.joined(good, long=is_long)
        for number, wrong in faults:
            loading.refuse([number], wrong)
    return good


Placed = tuple[Reading, Point | None, int | None]


def _placed(loading: Loading, good: list[Reading], user: Any) -> list[Placed]:
    """With point and town: of the coordinates, else of the house known on the parcel, else the town of its number."""
    points = _points(loading, good)
    areas = _towns_at(points)
    houses = {
        pnu: (location, area)
        for pnu, location, area in VacantHouse.objects.live()
        .filter(pnu__in={row.pnu for row in good} - {""})
        .order_by("-pk")
        .values_list("pnu", "location", "area_id")
    }
    towns = dict(AdminArea.objects.towns().values_list("mois_code", "pk"))
    scope = permissions.area_scope(user, {Role.SURVEY_MANAGER})
    foreign = _foreign(loading.delivery, good, scope)
    placed: list[Placed] = []
    for index, row in enumerate(good):
        if row.rows[0] in loading.faults:
            continue
        house_point, house_area = houses.get(row.pnu, (None, None))
        point, area = points[index], areas[index]
        if point is None:
            # Of towns and townships the code is the same in parcel numbers; of a city's dong it may be another.
            point, area = house_point, house_area or towns.get(f"{row.pnu[:8]}00")
        wrong = Fault("outside") if row.number in foreign else _misplaced(row, point, area, scope)
        if wrong:
            loading.refuse(row.rows, wrong)
        else:
            placed.append((row, point, area))
    return placed


def _foreign(delivery: Delivery, good: list[Reading], scope: frozenset[int] | None) -> set[str]:
    """Numbers of meters that stand in another manager's area already."""
    if delivery.sort != METER or scope is None:
        return set()
    meters = Meter.objects.filter(kind=delivery.code, number__in=[row.number for row in good])
    return set(meters.exclude(area_id__in=scope).values_list("number", flat=True))


def _towns_at(points: list[Point | None]) -> list[int | None]:
    """The town in which each point lies; on a shared border, the one with the lower code."""
    areas: list[int | None] = [None] * len(points)
    given = [index for index, point in enumerate(points) if point is not None]
    if given:
        towns = list(AdminArea.objects.towns().order_by("-mois_code").values_list("pk", "geometry"))
        tree = shapely.STRtree(shapely.from_wkb([bytes(geometry.wkb) for _pk, geometry in towns]))
        xy = shapely.points([points[index].coords for index in given])  # type: ignore[union-attr]
        for which, town in sorted(tree.query(xy, predicate="intersects").T.tolist()):
            areas[given[which]] = towns[town][0]
    return areas


def _misplaced(row: Reading, point: Point | None, area: int | None, scope: frozenset[int] | None) -> Fault | None:
    if not row.pnu and point is None:
        return Fault("nowhere")
    if area is None:
        return Fault("no_town")
    return None if permissions.covers(scope, [area]) else Fault("outside")


def _points(loading: Loading, good: list[Reading]) -> list[Point | None]:
    """A point in EPSG:5179 for each row that has one; one that lands outside Korea is refused."""
    given = [index for index, row in enumerate(good) if row.xy is not None]
    points: list[Point | None] = [None] * len(good)
    if not given:
        return points
    crs = coordinates.given(loading.delivery.crs)
    shapes = shapely.points([good[index].xy for index in given])
    west, south, east, north = KOREA
    lonlat = shapely.get_coordinates(coordinates.to_srid(shapes, crs, LONLAT_SRID))
    inside = (lonlat >= (west, south)).all(axis=1) & (lonlat <= (east, north)).all(axis=1)
    moved = coordinates.to_srid(shapes, crs)
    for index, point, lands in zip(given, moved, inside, strict=True):
        if lands:
            points[index] = Point(point.x, point.y, srid=STORAGE_SRID)
        else:
            loading.refuse(good[index].rows, Fault("abroad"))
    return points


def _write(loading: Loading, batch: ReadingBatch, placed: list[Placed]) -> None:
    delivery = loading.delivery
    if delivery.sort == METER:
        _write_meters(MeterKind(delivery.code), batch, placed)
    elif delivery.sort == SIGN:
        Evidence.objects.bulk_create(
            (
                Evidence(
                    code=delivery.code, pnu=row.pnu, address=row.address, area_id=area, location=point, batch=batch,
                    observed_on=row.days.get("observed_on") or batch.delivered_on, present=row.present,
                )
                for row, point, area in placed
            ),
            batch_size=CHUNK,
        )  # fmt: skip
    else:
        Exclusion.objects.bulk_create(
            (
                Exclusion(code=delivery.code, pnu=row.pnu, batch=batch, valid_from=row.days.get("valid_from"),
                          valid_to=row.days.get("valid_to"))
                for row, _point, _area in placed
            ),
            batch_size=CHUNK,
        )  # fmt: skip


_FIELDS = ("pnu", "address", "area", "location", "first_month", "usage", "removed_on", "cut_off_on", "batch")


def _write_meters(kind: MeterKind, batch: ReadingBatch, placed: list[Placed]) -> None:
    """Meters that are known gain the new months; what a file leaves empty takes nothing away."""
    for start in range(0, len(placed), CHUNK):
        part = placed[start : start + CHUNK]
        numbers = [row.number for row, _point, _area in part]
        known = {
            meter.number: meter
            for meter in Meter.objects.select_for_update().filter(kind=kind, number__in=numbers).order_by("pk")
        }
        Meter.objects.bulk_create(
            [_meter(kind, batch, each, known.get(each[0].number)) for each in part],
            update_conflicts=True, unique_fields=["kind", "number"], update_fields=_FIELDS,
        )  # fmt: skip


def _meter(kind: MeterKind, batch: ReadingBatch, placed: Placed, before: Meter | None) -> Meter:
    row, point, area = placed
    use: dict[date, float | None] = {}
    if before is not None:
        begin = before.first_month.year * 12 + before.first_month.month - 1
        use = {date(at // 12, at % 12 + 1, 1): value for at, value in enumerate(before.usage, begin)}
    use |= {month: value for month, value in row.use.items() if value is not None or month not in use}
    first, usage = readings.series(use) if use else (batch.delivered_on.replace(day=1), [])
    return Meter(
        kind=kind, number=row.number, pnu=row.pnu or (before.pnu if before else ""),
        address=row.address or (before.address if before else ""), area_id=area,
        location=point or (before.location if before else None), first_month=first, usage=usage, batch=batch,
        removed_on=row.days.get("removed_on") or (before.removed_on if before else None),
        cut_off_on=row.days.get("cut_off_on") or (before.cut_off_on if before else None),
    )  # fmt: skip


def _report(loading: Loading, loaded: int) -> dict[str, Any]:
    """As a job's page and CSV show it: the rows set aside with what was in them, to be put right and sent again."""
    by_number = {row.number: row for row in loading.source.rows}
    fields = loading.source.fields
    aside = [
        [number, " ".join(faults), *(by_number[number].values[name] for name in fields)]
        for number, faults in sorted(loading.faults.items())
        if number in by_number
    ]
    return {
        "facts": [[_("Rows in the file"), len(by_number)], [_("Loaded"), loaded], [_("Rows set aside"), len(aside)]],
        "notes": loading.notes,
        "columns": [_("Row"), _("Why it was set aside"), *fields],
        "rows": aside,
    }
