"""Import of rows into any layer, each through the one write path."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pghistory
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core import permissions
from gis_core.crs import STORAGE_SRID
from gis_core.editing import UNCHANGED, Conflict, Invalid, NotAllowed, save
from gis_core.editing.shapes import to_geos
from gis_core.layers.layer import Layer
from gis_core.models import AdminArea

from . import coordinates
from .coordinates import SourceCrs, to_srid
from .mapping import NUMBER, X, Y, form_fields, targets
from .reader import read, require_crs
from .report import Outcome, Report
from .source import Row, Source
from .values import BadCell, cell_value

UPDATE, SKIP = "update", "skip"
Progress = Callable[[int, int, Any], None]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Options:
    """``columns``: targets to headings. ``crs``: of coordinate columns, or overruling a vector file's own.

    ``existing``: what happens to a row whose record is there already. ``partly``: keep good rows beside bad ones.
    """

    columns: dict[str, str]
    crs: str = ""
    encoding: str = ""
    layer: str = ""
    existing: str = UPDATE
    partly: bool = False
    repair: bool = False


@dataclass
class _Draft:
    """One row on its way: values for the form, shapes in EPSG:5179, what is wrong, what finds its record."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    place: Any = UNCHANGED
    outline: Any = UNCHANGED
    errors: list[str] = field(default_factory=list)


def import_records(
    layer: Layer,
    path: str | Path,
    options: Options,
    *,
    user: Any,
    name: str = "",
    dry_run: bool = False,
    progress: Progress = lambda _done, _total, _message: None,
) -> Report:
    """Import a file's rows. All or nothing, unless ``options.partly``; every bad row is told by number and field.

    Raises ImportProblem for a file that cannot be read at all.
    """
    progress(0, 0, _("Reading the file"))
    source = read(path, layer=options.layer, crs=options.crs, encoding=options.encoding, name=name)
    report = Report(source.name)
    report.notes += [str(warning) for warning in source.warnings]
    run = _Run(layer, user, options, source, report)
    with pghistory.context(import_file=source.name), transaction.atomic():
        run.write(progress)
        applied = not dry_run and (options.partly or not report.refused)
        if not applied:
            transaction.set_rollback(True)
    counts = report.counts()
    report.facts = {
        **source.facts(run.crs),
        "records": len(source.rows),
        **{outcome.value: counts[outcome.value] for outcome in Outcome},
        "dry_run": dry_run,
        "applied": applied,
    }
    report.preview = run.preview()
    return report


class _Run:
    def __init__(self, layer: Layer, user: Any, options: Options, source: Source, report: Report) -> None:
        self.layer, self.user, self.options, self.source, self.report = layer, user, options, source, report
        self.fields = form_fields(layer, user)
        self.columns = {name: heading for name, heading in options.columns.items() if heading in source.fields}
        self.titles = {target.name: target.title for target in targets(layer, user)}
        self.crs = self._crs()
        self.places: list[tuple[str, BaseGeometry]] = []
        self.seen: dict[tuple[Any, ...], int] = {}

    def _crs(self) -> SourceCrs | None:
        if self.source.spatial:
            return require_crs(self.source)
        if {X, Y} <= self.columns.keys():
            return coordinates.given(self.options.crs or "4326")
        return None

    def write(self, progress: Progress) -> None:
        broken = {notice.row: notice for notice in self.source.problems}
        for notice in self.source.problems:
            self.report.add(notice.row, "", "", Outcome.REFUSED, [notice])
        for done, row in enumerate(self.source.rows):
            progress(done, len(self.source.rows), _("Checking rows"))
            if row.number not in broken:
                self._write_row(self._draft(row))
        self.report.rows.sort(key=lambda each: each.number or 0)

    def _draft(self, row: Row) -> _Draft:
        draft = _Draft(row)
        for name, heading in self.columns.items():
            if name not in self.fields:
                continue
            try:
                draft.values[name] = cell_value(self.fields[name], row.values[heading])
            except BadCell as error:
                draft.errors.append(f"{heading}: {error}")
        if self.crs is not None:
            self._place(draft, self.crs)
        return draft

    def _place(self, draft: _Draft, crs: SourceCrs) -> None:
        shape = draft.row.geometry if self.source.spatial else self._typed(draft)
        if shape is None:
            return
        moved = to_srid([shape], crs)[0]
        if not all(abs(edge) < 1e9 for edge in moved.bounds):
            draft.errors += [notice.text for notice in coordinates.placement([shape], crs)]
            return
        if isinstance(moved, Polygon | MultiPolygon) and self.layer.outline:
            draft.outline = moved
        else:
            draft.place = moved.geoms[0] if moved.geom_type == "MultiPoint" and len(moved.geoms) == 1 else moved

    def _typed(self, draft: _Draft) -> BaseGeometry | None:
        numbers = []
        for axis in (X, Y):
            text = draft.row.values[self.columns[axis]]
            try:
                numbers.append(float(text.replace(",", "")) if text else None)
            except ValueError:
                said = _("“%(text)s” is not a number.") % {"text": text}
                draft.errors.append(f"{self.columns[axis]}: {said}")
                return None
        if None in numbers:
            if any(number is not None for number in numbers):
                draft.errors.append(_("One of the two coordinates is missing."))
            return None
        return shapely.Point(numbers)

    def _write_row(self, draft: _Draft) -> None:
        row, (key, label) = draft.row, self._key(draft)
        named = self.columns.get("name") or self.columns.get("address")
        title = row.values[named] if named else ""
        errors = [*draft.errors, *self._repeats(key, row)]
        record = None if errors else self._existing(row, key, errors)
        if errors:
            outcome, said = Outcome.REFUSED, self._try(draft, None, errors)
        elif record is not None and self.options.existing == SKIP:
            outcome, said = Outcome.SKIPPED, [_("It is there already.")]
        else:
            outcome, said = self._save(draft, record)
        self.report.add(row.number, label, title, outcome, said)

    def _existing(self, row: Row, key: tuple[Any, ...], errors: list[str]) -> Any:
        """The record the row speaks of: by its number if the row has one, else by the layer's key."""
        number = row.values.get(self.columns.get(NUMBER, ""), "")
        if number:
            record = self.layer.records().filter(pk=int(number)).first() if number.isdecimal() else None
            if record is None:
                errors.append(_("There is no record with the number %(number)s.") % {"number": number})
            return record
        found = list(self.layer.records().filter(**dict(zip(self.layer.keys, key, strict=True)))[:2]) if key else []
        if len(found) > 1:
            errors.append(_("Several records have this key; change them one by one."))
        return found[0] if found else None

    def _repeats(self, key: tuple[Any, ...], row: Row) -> list[str]:
        """A complaint when an earlier row of the file had the same key."""
        first = self.seen.setdefault(key, row.number) if key else row.number
        return [] if first == row.number else [_("Row %(row)s has the same key.") % {"row": first}]

    def _try(self, draft: _Draft, record: Any, errors: list[str]) -> list[str]:
        """All that is wrong with a row that is refused anyway: what the form says too."""
        form = self.layer.form(draft.values)
        found = {} if form.is_valid() else {name: list(map(str, texts)) for name, texts in form.errors.items()}
        known = {
            heading: None for heading in self.columns.values() if any(e.startswith(f"{heading}: ") for e in errors)
        }
        return [*errors, *(text for text in self._texts(found) if text.split(": ")[0] not in known)]

    def _save(self, draft: _Draft, record: Any) -> tuple[Outcome, list[str]]:
        values = draft.values
        if record is not None:
            # An empty cell says nothing about a value that is there.
            values = {name: value for name, value in values.items() if value not in ("", [])}
        try:
            saved = save(
                self.layer,
                self.user,
                values,
                record=record,
                geometry=draft.place,
                outline=draft.outline,
                srid=STORAGE_SRID,
                expected_version=record.version if record else None,
                repair=self.options.repair,
                partial=record is not None,
            )
        except Invalid as invalid:
            return Outcome.REFUSED, self._texts(invalid.errors)
        except NotAllowed as refusal:
            return Outcome.REFUSED, [str(refusal)]
        except Conflict:
            return Outcome.REFUSED, [_("Somebody changed the record during the import.")]
        place = getattr(saved.record, self.layer.geometry)
        if place is not None:
            self.places.append((str(saved.record), shapely.from_wkb(bytes(place.wkb))))
        if saved.created:
            return Outcome.CREATED, saved.repairs
        return (Outcome.CHANGED if saved.changed else Outcome.UNCHANGED), saved.repairs

    def _texts(self, errors: Errors) -> list[str]:
        """Errors of fields, each with the heading of its column or the field's title."""
        said = []
        for name, texts in errors.items():
            place = self.columns.get(name) or self.titles.get(name, "" if name == "__all__" else name)
            if name in self.layer.geometry_fields:
                place = _("Place")
            said += [f"{place}: {text}" if place else text for text in texts]
        return said

    def _key(self, draft: _Draft) -> tuple[tuple[Any, ...], str]:
        """The values of the layer's key fields, and as text; empty when the row does not have all of them."""
        form = self.layer.form(draft.values)
        form.is_valid()
        found: list[Any] = []
        for name in self.layer.keys:
            value = form.cleaned_data.get(name)
            if name == "area":
                value = self._area(draft) or value
            if value in (None, ""):
                return (), ""
            found.append(value)
        return tuple(found), " · ".join(map(str, found))

    def _area(self, draft: _Draft) -> AdminArea | None:
        shape = draft.place if draft.place is not UNCHANGED else draft.outline
        if shape is UNCHANGED or shape.is_empty:
            return None
        return AdminArea.objects.containing(to_geos(shape.representative_point()))

    def preview(self) -> dict[str, Any] | None:
        """Where the rows land, as GeoJSON points in lon/lat (at most 500)."""
        if not self.places:
            return None
        shown = self.places[:500]
        source = coordinates.given(str(STORAGE_SRID))
        points = to_srid([shape.representative_point() for _name, shape in shown], source, 4326)
        features = [
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {"type": "Point", "coordinates": [round(point.x, 6), round(point.y, 6)]},
            }
            for (name, _shape), point in zip(shown, points, strict=True)
        ]
        return {"type": "FeatureCollection", "features": features}


def may_import(user: Any, layer: Layer) -> bool:
    """Areas have an import of their own; everything else may be imported by those who may add it."""
    return layer.id != "areas" and permissions.can_add(user, layer)
