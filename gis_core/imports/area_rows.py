"""From a file's rows to areas: codes, names, valid boundaries in EPSG:5179. What fails is told in the report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core import area_codes
from gis_core.area_codes import BadCode, Code
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.editing.shapes import fault_message
from gis_core.geometry import Fault, fault, polygons, repaired

from .coordinates import SourceCrs, to_srid
from .errors import problem
from .report import Outcome, Report
from .source import Row, Source

_BAD_CODE = {
    BadCode.DIGITS: gettext_lazy("The code “%(code)s” is not a number."),
    BadCode.LENGTH: gettext_lazy("The code “%(code)s” has a length that no area code has."),
    BadCode.LEGAL_DONG: gettext_lazy("The code “%(code)s” is that of a legal dong, not of an administrative area."),
    BadCode.RI: gettext_lazy("The code “%(code)s” is that of a ri, which lies below the towns."),
}


@dataclass
class AreaRow:
    """One area of a file. At least one of the codes is there; ``geometry`` is valid, in EPSG:5179."""

    number: int
    mois: Code | None
    kostat: Code | None
    name: str
    above: dict[str, str]
    geometry: MultiPolygon
    stated_from: date | None
    repaired: bool = False
    messages: list[str] = field(default_factory=list)

    @property
    def code(self) -> Code:
        found = self.mois or self.kostat
        assert found is not None
        return found

    @property
    def level(self) -> str:
        return self.code.level

    @property
    def valid_from(self) -> date | None:
        """The day the file states; without one, the day its code came into force, before which it cannot be."""
        before = area_codes.predecessor(self.mois) if self.mois else None
        return self.stated_from or (before[1] if before else None)

    @property
    def superseded_on(self) -> date | None:
        """The day its code was replaced, if it was: the file is older than that."""
        after = area_codes.successor(self.mois) if self.mois else None
        return after[1] if after and after[1] <= date.today() else None


@dataclass
class AreaReader:
    """Turns a source's rows into AreaRows; rows that cannot be turned are refused in the report."""

    source: Source
    crs: SourceCrs
    fields: dict[str, str]
    report: Report
    stated_from: date | None = None
    repair: bool = False
    invalid: int = 0
    repairs: int = 0
    area_m2: float = 0.0

    def rows(self) -> list[AreaRow]:
        for notice in self.source.problems:
            self.report.add(notice.row, "", "", Outcome.REFUSED, [notice])
        shapes = to_srid([row.geometry for row in self.source.rows], self.crs)
        found: dict[str, AreaRow] = {}
        for row, shape in zip(self.source.rows, shapes, strict=True):
            made = self._row(row, shape)
            if made is None:
                continue
            first = found.setdefault(str(made.code), made)
            if first is not made:
                self._refuse(row, [_("The same code stands in row %(row)s.") % {"row": first.number}])
        return sorted(found.values(), key=lambda made: _ORDER.index(made.level))

    def _row(self, row: Row, shape: BaseGeometry | None) -> AreaRow | None:
        errors: list[str] = []
        mois, kostat = self._code(row, "mois", errors), self._code(row, "kostat", errors)
        if not (mois or kostat or errors):
            errors.append(_("The row has no area code."))
        above = self._above(row, [code for code in (mois, kostat) if code], errors)
        level = (mois or kostat or _NOWHERE).level
        if mois and kostat and mois.level != kostat.level:
            errors.append(_("Its two codes are of different levels."))
        name = area_codes.short_name(self._value(row, "name"), level, [above["sido"], above["sigungu"]])
        if len(name) > _LONGEST_NAME:
            errors.append(_("The name is longer than %(limit)s letters.") % {"limit": _LONGEST_NAME})
        geometry, mended = self._boundary(row, shape, errors)
        if errors or geometry is None:
            self._refuse(row, errors)
            return None
        column = self.fields.get("date")
        stated = self.stated_from or (area_codes.edition_date(row.values, column) if column else None)
        return AreaRow(row.number, mois, kostat, name, above, geometry, stated, bool(mended), mended)

    def _value(self, row: Row, role: str) -> str:
        return row.values.get(self.fields.get(role, ""), "")

    def _code(self, row: Row, role: str, errors: list[str]) -> Code | None:
        text = self._value(row, role)
        if not text:
            return None
        try:
            return area_codes.parse(text, role)
        except BadCode as error:
            errors.append(_BAD_CODE[error.reason] % {"code": text})
            return None

    def _above(self, row: Row, codes: list[Code], errors: list[str]) -> dict[str, str]:
        """The names of the sido and the sigungu: from their columns, else from a full name."""
        known = [each.digits for code in codes for each in area_codes.equivalents(code)]
        for role, length in (("sido", 2), ("sigungu", 5)):
            above = self._value(row, role)
            if known and len(above) == length and above.isdigit() and not any(code.startswith(above) for code in known):
                errors.append(_("The code %(code)s does not lie in %(above)s.") % {"code": codes[0], "above": above})
        words = area_codes.tidy_name(self._value(row, "name")).split(" ")
        full = dict(zip(("sido", "sigungu"), words, strict=False)) if len(words) == 3 else {}
        return {
            role: area_codes.tidy_name(self._value(row, f"{role}_name")) or full.get(role, "")
            for role in ("sido", "sigungu")
        }

    def _boundary(
        self, row: Row, shape: BaseGeometry | None, errors: list[str]
    ) -> tuple[MultiPolygon | None, list[str]]:
        if shape is None or row.geometry is None or shape.is_empty:
            errors.append(_("The row has no boundary."))
            return None, []
        if not isinstance(shape, Polygon | MultiPolygon):
            errors.append(_("The boundary must be a polygon, not a %(kind)s.") % {"kind": shape.geom_type})
            return None, []
        if not _finite(shape):
            errors.append(_("The boundary cannot be placed in EPSG:5179."))
            return None, []
        self.area_m2 += shape.area
        found = fault(row.geometry) or fault(shape)
        if found is None:
            return polygons(shape), []
        self.invalid += 1
        said = fault_message(self._in_degrees(found, row))
        if not self.repair:
            errors.append(said)
            return None, []
        mended = repaired(shape)
        if mended.is_empty:
            errors.append(said)
            return None, []
        self.repairs += 1
        self.area_m2 += mended.area - shape.area
        report = _("%(fault)s Repaired: %(before)s km² before, %(after)s km² after.")
        numbers = {"before": f"{shape.area / 1e6:,.4f}", "after": f"{mended.area / 1e6:,.4f}"}
        return polygons(mended), [report % {"fault": said, **numbers}]

    def _in_degrees(self, found: Fault, row: Row) -> Fault:
        """The fault with its place in longitude and latitude, which the map finds."""
        if found.place is None:
            return found
        place = shapely.Point(found.place)
        if fault(row.geometry) is not None:
            moved = to_srid([place], self.crs, LONLAT_SRID)[0]
        else:
            moved = reproject(place, STORAGE_SRID, LONLAT_SRID)
        return Fault(found.reason, (moved.x, moved.y))

    def _refuse(self, row: Row, errors: Iterable[str]) -> None:
        key = self._value(row, "mois") or self._value(row, "kostat")
        self.report.add(row.number, key, self._value(row, "name"), Outcome.REFUSED, errors)


_ORDER = (area_codes.SIDO, area_codes.SIGUNGU, area_codes.EUPMYEONDONG)
_LONGEST_NAME = 60
_NOWHERE = Code(area_codes.MOIS, "0000000000")


def _finite(shape: BaseGeometry) -> bool:
    return all(abs(edge) < 1e9 for edge in shape.bounds)


def columns(source: Source, given: str) -> dict[str, str]:
    """Which column holds what: as the person says ("name=ADM_NM,mois=adm_cd2"), else as it is recognised.

    Raises ImportProblem when a named column is not there, or when no column holds a code.
    """
    found = area_codes.recognise(source.fields)
    for part in filter(None, (each.strip() for each in given.split(","))):
        role, _equals, column = (each.strip() for each in part.partition("="))
        if role not in area_codes.FIELDS:
            roles: Any = ", ".join(area_codes.FIELDS)
            raise problem(gettext_lazy("“%(role)s” is none of: %(roles)s"), role=role, roles=roles)
        if column not in source.fields:
            names = ", ".join(source.fields)
            raise problem(gettext_lazy("There is no column “%(name)s”; there are: %(names)s"), name=column, names=names)
        found[role] = column
    if "mois" not in found and "kostat" in found:
        codes = [row.values[found["kostat"]] for row in source.rows]
        if area_codes.looks_like_mois(codes):
            found["mois"] = found.pop("kostat")
    if area_codes.holds_census_areas(source.fields):
        raise problem(gettext_lazy("These are census output areas (집계구), which are not administrative areas."))
    if "mois" not in found and "kostat" not in found:
        names = ", ".join(source.fields)
        raise problem(gettext_lazy("No column with an area code is recognised among: %(names)s"), names=names)
    return found
