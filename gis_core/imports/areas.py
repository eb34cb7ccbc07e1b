"""Import of administrative areas: the first user of the reader, and the way real boundaries get in."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pghistory
import shapely
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import mapping

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.models import Boundary
from gis_core.territory import reassign_records
from gis_core.zones.extent import refresh_extents

from . import area_after
from .area_match import AreaIndex, Refused
from .area_rows import AreaReader, AreaRow, columns
from .area_write import AreaWriter
from .coordinates import shift_metres
from .errors import problem
from .reader import read, require_crs
from .report import Outcome, Report

Progress = Callable[[int, int, Any], None]


def import_areas(
    path: str | Path,
    *,
    user: Any = None,
    name: str = "",
    layer: str = "",
    crs: str = "",
    encoding: str = "",
    fields: str = "",
    valid_from: date | None = None,
    repair: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _total, _message: None,
) -> Report:
    """Import a file of areas, all or nothing. The report says what was done, or with ``dry_run`` would be.

    ``fields`` says which column holds what ("name=ADM_NM,mois=adm_cd2"); ``valid_from`` is the day from which the
    file's boundaries are in force. Raises ImportProblem for a file that cannot be read; rows that cannot be used are
    refused in the report, and then nothing is written (``facts["applied"]`` is false).
    """
    progress(0, 0, _("Reading the file"))
    source = read(path, layer=layer, crs=crs, encoding=encoding, name=name)
    report = Report(source.name)
    source_crs = require_crs(source)
    reader = AreaReader(source, source_crs, columns(source, fields), report, valid_from, repair)
    rows = reader.rows()
    report.notes += [str(warning) for warning in source.warnings]
    if source_crs.bessel:
        shift = _("The file is on the old Korean datum; its coordinates were shifted by %(metres)s m.")
        report.notes.append(shift % {"metres": round(shift_metres(source.geometries(), source_crs))})
    report.facts = {
        **source.facts(source_crs),
        "areas": len(source.rows),
        "km2": round(reader.area_m2 / 1e6, 2),
        "invalid": reader.invalid,
        "repaired": reader.repairs,
        "dry_run": dry_run,
    }
    with pghistory.context(import_file=source.name):
        report.facts["applied"] = _write(rows, report, user, progress, dry_run)
    report.rows.sort(key=lambda row: (row.number is None, row.number or 0))
    report.preview = preview(rows)
    return report


def _write(rows: list[AreaRow], report: Report, user: Any, progress: Progress, dry_run: bool) -> bool:
    """Write everything, or nothing; returns whether it was written."""
    try:
        with transaction.atomic():
            _apply(rows, report, user, progress)
            applied = not (dry_run or report.refused)
            if not applied:
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise problem(
            gettext_lazy("The file does not fit the areas that are here: %(reason)s"), reason=str(error)
        ) from error
    return applied


def _apply(rows: list[AreaRow], report: Report, user: Any, progress: Progress) -> None:
    """Write the rows and what follows from them. Rows already refused do not hide what is wrong with the others."""
    with connection.cursor() as cursor:
        # Two imports side by side would both make the areas that they miss.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gis_core.import_areas'))")
    codes = {code for row in rows for code in (row.mois, row.kostat) if code}
    codes |= {above for code in codes for above in _above(code)}
    writer = AreaWriter(AreaIndex(codes), report.title, user, timezone.localdate())
    shifts = []
    counts = dict.fromkeys((Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED), 0)
    for done, row in enumerate(rows):
        progress(done, len(rows), _("Comparing areas"))
        try:
            shifts.append(_shift(writer.index, row))
            outcome = writer.write(row)
        except Refused as refusal:
            report.add(row.number, str(row.code), row.name, Outcome.REFUSED, [*row.messages, refusal])
            continue
        counts[outcome] += 1
        written = row.repaired and outcome is not Outcome.UNCHANGED
        report.add(row.number, str(row.code), row.name, Outcome.REPAIRED if written else outcome, row.messages)
    progress(len(rows), len(rows), _("Moving records"))
    closed = area_after.close_absent(writer, report)
    area_after.join_parents(writer)
    report.facts |= {
        **{outcome.value: count for outcome, count in counts.items()},
        "parents_created": writer.parents_created,
        "editions_closed": writer.editions_closed,
        "areas_closed": closed,
        "records_reassigned": reassign_records(writer.extents.boxes),
        "zones_redrawn": refresh_extents(writer.extents.area_ids),
    }
    area_after.left_behind(report, writer.extents.area_ids)
    warn_of_shift(shifts, report)


def _above(code: Any) -> list[Any]:
    found = []
    while code.parent is not None:
        code = code.parent
        found.append(code)
    return found


def _shift(index: AreaIndex, row: AreaRow) -> tuple[float, float] | None:
    """How far (east, north, in metres) a row lies from the surveyed boundary that it would replace."""
    area = index.match(row.mois, row.kostat)
    if area is None or area.boundary in (Boundary.SCHEMATIC, Boundary.DERIVED):
        return None
    old, new = area.geometry.centroid, row.geometry.centroid
    return new.x - old.x, new.y - old.y


def warn_of_shift(shifts: list[tuple[float, float] | None], report: Report) -> None:
    """Note when all areas moved the same way: that is not a reform but a wrong datum or CRS."""
    moved = np.array([shift for shift in shifts if shift is not None])
    if len(moved) < 3:
        return
    middle = np.median(moved, axis=0)
    distance = float(np.hypot(*middle))
    if distance > 50 and np.median(np.hypot(*(moved - middle).T)) < distance / 5:
        said = _("Every area lies about %(metres)s m away from its boundary so far: is this the right CRS?")
        report.notes.append(said % {"metres": round(distance)})


def preview(rows: list[AreaRow]) -> dict[str, Any]:
    """The file's areas as GeoJSON in lon/lat, simple enough for a small map: a wrong datum or CRS is seen there."""
    if not rows:
        return {"type": "FeatureCollection", "features": []}
    west, south, east, north = shapely.total_bounds([row.geometry for row in rows])
    tolerance = max(east - west, north - south, 1) / 1000
    features = []
    for row in rows:
        shape = reproject(shapely.simplify(row.geometry, tolerance), STORAGE_SRID, LONLAT_SRID)
        shape = shapely.set_precision(shape, 1e-5, mode="pointwise")
        features.append(
            {"type": "Feature", "properties": {"name": row.name, "code": str(row.code)}, "geometry": mapping(shape)}
        )
    return {"type": "FeatureCollection", "features": features}
