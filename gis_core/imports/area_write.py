"""Writing areas: made, replaced in place, or given a new edition. Runs inside the import's transaction."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_core import area_codes
from gis_core.area_codes import KOSTAT, MOIS, Code
from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.models import AdminArea, AreaCode, AreaEdition, Boundary

from .area_match import AreaIndex, Refused, keep_code
from .area_rows import AreaRow
from .report import Outcome

DAY = timedelta(days=1)
# Reprojection moves corners by less; a boundary that moved by more is another one.
SAME_METRES = 0.01


def same_boundary(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two boundaries (EPSG:5179) are the same to a centimetre, wherever their rings begin."""
    if shapely.normalize(one).equals_exact(shapely.normalize(other), SAME_METRES):
        return True
    if abs(one.area - other.area) > SAME_METRES * (one.length + other.length):
        return False
    return bool(shapely.hausdorff_distance(one.boundary, other.boundary) <= SAME_METRES)


def km2(geometry: BaseGeometry) -> Decimal:
    return Decimal(geometry.area / 1e6).quantize(Decimal("0.0001"))


def boundary_values(geometry: MultiPolygon) -> dict[str, Any]:
    """The columns that a boundary fills."""
    return {"geometry": to_geos(geometry), "km2": km2(geometry)}


@dataclass
class Extents:
    """Where boundaries changed: the boxes of old and new boundaries, and the ids of the areas."""

    boxes: list[BaseGeometry] = field(default_factory=list)
    area_ids: set[int] = field(default_factory=set)

    def note(self, area: AdminArea, *shapes: BaseGeometry) -> None:
        self.area_ids.add(area.pk)
        self.boxes += [shapely.box(*shape.bounds) for shape in shapes]


class AreaWriter:
    """Writes the rows of one file. ``write`` returns what became of the row; counts are kept on the way."""

    def __init__(self, index: AreaIndex, source: str, user: Any, today: date) -> None:
        self.index, self.source, self.user, self.today = index, source[:200], user, today
        self.extents = Extents()
        self.parents_created = self.editions_closed = 0
        self.seen: dict[int, AreaRow] = {}
        # Areas whose children changed, to be joined anew.
        self.touched_parents: dict[int, AdminArea] = {}

    def write(self, row: AreaRow) -> Outcome:
        """Raises Refused."""
        area = self.index.match(row.mois, row.kostat)
        if area is None:
            area, outcome = self._create(row), Outcome.CREATED
        elif area.pk in self.seen:
            raise Refused(_("Row %(row)s is of the same area.") % {"row": self.seen[area.pk].number})
        else:
            outcome = self._update(area, row)
        self.seen[area.pk] = row
        return outcome

    def _create(self, row: AreaRow) -> AdminArea:
        if row.mois is None:
            raise Refused(_("No area has the code %(code)s, and a new one needs its MOIS code.") % {"code": row.code})
        if not row.name:
            raise Refused(_("A new area needs a name."))
        parent = self._parent(row)
        area = self._insert(row.mois, row.name, parent, row.geometry, Boundary.IMPORTED, row.kostat, row.valid_from)
        self._add_edition(area, row, row.valid_from)
        self._note(area, row.geometry)
        return area

    def _insert(
        self,
        mois: Code,
        name: str,
        parent: AdminArea | None,
        geometry: MultiPolygon,
        boundary: Boundary,
        kostat: Code | None,
        valid_from: date | None,
    ) -> AdminArea:
        """A new area. A code that a rule has replaced becomes its alias, and the replacement its code."""
        after = area_codes.successor(mois)
        current = after[0] if after and after[1] <= self.today else mois
        area = AdminArea.objects.create(
            level=mois.level,
            name=name,
            parent=parent,
            full_name=f"{parent.full_name} {name}" if parent else name,
            mois_code=current.digits,
            kostat_code=kostat.digits if kostat else "",
            valid_from=valid_from,
            boundary=boundary,
            created_by=self.user,
            updated_by=self.user,
            **boundary_values(geometry),
        )
        self._keep_codes(area, mois, kostat, valid_from)
        if current != mois:
            keep_code(area, current, after[1] if after else None, None)
            self.index.add(current, area)
        return area

    def _keep_codes(self, area: AdminArea, mois: Code | None, kostat: Code | None, since: date | None) -> bool:
        """Note the row's codes as the area's; whether one is new."""
        made = False
        for code in filter(None, (mois, kostat)):
            after = area_codes.successor(code)
            ended = after[1] - DAY if after and after[1] <= self.today else None
            new = keep_code(area, code, None if ended else since, ended)
            if new:
                self.index.add(code, area, in_force=ended is None)
            made = made or new
        if kostat and not area.kostat_code:
            self._change(area, kostat_code=kostat.digits)
        return made

    def _parent(self, row: AreaRow) -> AdminArea | None:
        """The area above a new one; made from the row's columns where it is not there yet."""
        above = row.mois.parent if row.mois else None
        if above is None:
            return None
        found = self.index.find(above)
        if found:
            return found
        name = row.above[above.level]
        if not name:
            raise Refused(
                _("The area above it (%(code)s) is not known, and the file does not name it.") % {"code": above}
            )
        grand = self._parent_of_parent(above, row)
        kostat = row.kostat.parent if row.kostat and row.kostat.parent else None
        kostat = kostat if kostat and kostat.level == above.level else None
        made = self._insert(
            above, area_codes.short_name(name, above.level), grand, row.geometry, Boundary.DERIVED, kostat, None
        )
        self.parents_created += 1
        return made

    def _parent_of_parent(self, above: Code, row: AreaRow) -> AdminArea | None:
        if above.parent is None:
            return None
        kostat = row.kostat.parent if row.kostat else None
        return self._parent(
            AreaRow(row.number, above, kostat, row.above[above.level], row.above, row.geometry, row.stated_from)
        )

    def _update(self, area: AdminArea, row: AreaRow) -> Outcome:
        codes_new = self._keep_codes(area, row.mois, row.kostat, row.valid_from)
        codes_new |= area.parent_id is None and self._attach(area, row)
        stored = to_shapely(area.geometry)
        assert stored is not None
        same = area.boundary != Boundary.SCHEMATIC and same_boundary(stored, row.geometry)
        edition = area.editions.filter(valid_to__isnull=True).exclude(boundary=Boundary.SCHEMATIC).first()
        if self._is_older(area, row, edition):
            kept = not same and self._keep_past(area, row, edition)
            return Outcome.CHANGED if kept or codes_new else Outcome.UNCHANGED
        changes = self._identity_changes(area, row)
        if same and not changes:
            return Outcome.CHANGED if codes_new else Outcome.UNCHANGED
        if not same:
            changes |= {**boundary_values(row.geometry), "boundary": Boundary.IMPORTED}
        self._set_edition(area, row, edition)
        self._change(area, **changes)
        if not same:
            self._note(area, stored, row.geometry)
        elif "name" in changes:
            self._note(area)
        return Outcome.CHANGED

    def _attach(self, area: AdminArea, row: AreaRow) -> bool:
        """Put an area that has none under the area above it, made where the file names it."""
        above = row.mois.parent if row.mois else None
        if above is None or not (self.index.find(above) or row.above[above.level]):
            return False
        self._move(area, self._parent(row))
        return True

    def _move(self, area: AdminArea, parent: AdminArea | None) -> None:
        if area.parent is not None:
            self.touched_parents[area.parent.pk] = area.parent
        self._change(area, parent=parent)
        self._note(area)

    def _is_older(self, area: AdminArea, row: AreaRow, edition: AreaEdition | None) -> bool:
        """Whether the file is of an earlier day than the boundary that is in force."""
        if area.boundary == Boundary.SCHEMATIC or edition is None or edition.valid_from is None:
            return False
        if row.stated_from:
            return row.stated_from < edition.valid_from
        return row.superseded_on is not None and row.superseded_on <= edition.valid_from

    def _keep_past(self, area: AdminArea, row: AreaRow, edition: AreaEdition | None) -> bool:
        """Keep an older boundary as a past edition; whether it was not there yet."""
        assert edition is not None
        for past in area.editions.exclude(pk=edition.pk).exclude(boundary=Boundary.SCHEMATIC):
            shape = to_shapely(past.geometry)
            if shape is not None and same_boundary(shape, row.geometry):
                return False
        later = area.editions.filter(valid_from__isnull=False).exclude(boundary=Boundary.SCHEMATIC)
        if row.valid_from:
            later = later.filter(valid_from__gt=row.valid_from)
        following = later.order_by("valid_from").first()
        ended = following.valid_from - DAY if following and following.valid_from else None
        self._add_edition(area, row, row.valid_from, ended)
        row.messages.append(_("Older than the boundary in force: kept as a past edition."))
        return True

    def _identity_changes(self, area: AdminArea, row: AreaRow) -> dict[str, Any]:
        """New name, code, place in the hierarchy and validity. A file with a former code changes none of them."""
        if row.superseded_on:
            return {}
        changes: dict[str, Any] = {}
        if row.name and not area_codes.same_name(row.name, area.name):
            changes["name"] = row.name
            row.messages.append(_("The name was %(name)s.") % {"name": area.name})
        if row.mois and row.mois.digits != area.mois_code and not self._is_former(area, row.mois):
            changes["mois_code"] = row.mois.digits
            row.messages.append(_("The code was %(code)s.") % {"code": area.mois_code})
            started = row.valid_from or self.today
            area.codes.filter(system=MOIS, code=area.mois_code).update(valid_to=started - DAY)
        if row.kostat and row.kostat.digits != area.kostat_code and not self._is_former(area, row.kostat):
            changes["kostat_code"] = row.kostat.digits
        if area.valid_to is not None:
            changes["valid_to"] = None
            row.messages.append(_("It was closed on %(day)s and is in the file again.") % {"day": area.valid_to})
        above = row.mois.parent if row.mois else None
        parent = self.index.find(above) if above else None
        if parent and parent.pk != area.parent_id:
            row.messages.append(_("It was part of %(name)s.") % {"name": area.parent})
            self._move(area, parent)
            changes["parent"] = parent
        return changes

    @staticmethod
    def _is_former(area: AdminArea, code: Code) -> bool:
        if code.system == KOSTAT and area.kostat_code:
            # The longer of two ways to write the same code is the newer one.
            return len(code.digits) < len(area.kostat_code)
        return AreaCode.objects.filter(area=area, system=code.system, code=code.digits, valid_to__isnull=False).exists()

    def _set_edition(self, area: AdminArea, row: AreaRow, edition: AreaEdition | None) -> None:
        """The row's boundary as the edition in force; the one before is closed, a schematic one leaves no trace."""
        area.editions.filter(boundary=Boundary.SCHEMATIC, valid_to__isnull=True).delete()
        if edition is None and area.boundary in (Boundary.IMPORTED, Boundary.DRAWN):
            # A boundary drawn by hand is an edition too, now that another takes its place.
            edition = AreaEdition.objects.create(
                area=area, name=area.name, geometry=area.geometry, km2=area.km2, source="", boundary=area.boundary
            )
        if edition is None:
            self._add_edition(area, row, row.valid_from)
            return
        started = self._start(row, edition)
        if started == edition.valid_from:
            # The same edition, corrected.
            AreaEdition.objects.filter(pk=edition.pk).update(
                name=row.name or area.name,
                source=self.source,
                boundary=Boundary.IMPORTED,
                **boundary_values(row.geometry),
            )
            return
        assert started is not None
        if row.stated_from is None:
            row.messages.append(_("The file states no day: taken as in force from %(day)s.") % {"day": started})
        AreaEdition.objects.filter(pk=edition.pk).update(valid_to=started - DAY)
        self.editions_closed += 1
        self._add_edition(area, row, started)

    def _start(self, row: AreaRow, edition: AreaEdition) -> date | None:
        """From when the row's boundary follows the edition; the edition's own day means that it is corrected."""
        if row.stated_from:
            return row.stated_from
        if row.superseded_on:
            return edition.valid_from
        if row.valid_from and (edition.valid_from is None or edition.valid_from < row.valid_from):
            return row.valid_from
        return self.today

    def _add_edition(self, area: AdminArea, row: AreaRow, start: date | None, end: date | None = None) -> None:
        AreaEdition.objects.create(
            area=area,
            name=row.name or area.name,
            source=self.source,
            boundary=Boundary.IMPORTED,
            valid_from=start,
            valid_to=end,
            **boundary_values(row.geometry),
        )

    def _change(self, area: AdminArea, **values: Any) -> None:
        if not values:
            return
        for name, value in values.items():
            setattr(area, name, value)
        AdminArea.objects.filter(pk=area.pk).update(**values, updated_by=self.user)

    def _note(self, area: AdminArea, *shapes: BaseGeometry) -> None:
        self.extents.note(area, *shapes)
        if area.parent_id:
            self.touched_parents[area.parent_id] = area.parent  # type: ignore[assignment]
