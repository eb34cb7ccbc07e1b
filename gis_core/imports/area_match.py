"""Which area of ours a row speaks of: by any code it has or had, never by its name."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from gis_core import area_codes
from gis_core.area_codes import Code
from gis_core.models import AdminArea, AreaCode, CodeSystem


class Refused(Exception):
    """The row cannot be used; the text says why."""


class AreaIndex:
    """All areas by all their codes, kept up to date while an import makes new ones."""

    def __init__(self, codes: Iterable[Code]) -> None:
        wanted = {str(each) for code in codes for each in area_codes.equivalents(code)}
        self._by_code: dict[tuple[str, str], list[tuple[bool, AdminArea]]] = defaultdict(list)
        areas: dict[int, AdminArea] = {}
        rows = AreaCode.objects.filter(code__in=wanted, area__retired_at__isnull=True).select_related("area")
        for row in rows.order_by("area_id"):
            area = areas.setdefault(row.area_id, row.area)
            self.add(Code(row.system, row.code), area, in_force=row.valid_to is None)

    def add(self, code: Code, area: AdminArea, *, in_force: bool = True) -> None:
        self._by_code[(code.system, code.digits)].append((in_force, area))

    def find(self, code: Code) -> AdminArea | None:
        """The area that has this code, or had it, or has its equivalent. Raises Refused when that is not clear."""
        for each in area_codes.equivalents(code):
            known = self._by_code.get((each.system, each.digits), [])
            # Codes are used again: an area in force goes before a closed one, a code in force before a former one.
            ranked = sorted(known, key=lambda pair: (pair[1].valid_to is None, pair[0]), reverse=True)
            best = [area for in_force, area in ranked if (area.valid_to is None, in_force) == _rank(ranked[0])]
            if len({area.pk for area in best}) > 1:
                names = ", ".join(str(area) for area in best)
                raise Refused(_("Several areas have the code %(code)s: %(names)s") % {"code": each, "names": names})
            if best:
                return best[0]
        return None

    def match(self, mois: Code | None, kostat: Code | None) -> AdminArea | None:
        """The area that the codes name. Raises Refused when they name two, or one of another level."""
        found = {area.pk: area for area in (self.find(code) for code in (mois, kostat) if code) if area}
        if len(found) > 1:
            names = ", ".join(str(area) for area in found.values())
            raise Refused(_("Its two codes are those of different areas: %(names)s") % {"names": names})
        area = next(iter(found.values()), None)
        code = mois or kostat
        assert code is not None
        if area and area.level != code.level:
            raise Refused(_("The code is that of %(name)s, which is of another level.") % {"name": area})
        return area


def _rank(pair: tuple[bool, AdminArea]) -> tuple[bool, bool]:
    return pair[1].valid_to is None, pair[0]


def keep_code(area: AdminArea, code: Code, valid_from: date | None, valid_to: date | None) -> bool:
    """Note that the area has, or had, the code; whether that is new."""
    _row, made = AreaCode.objects.get_or_create(
        area=area,
        system=CodeSystem(code.system),
        code=code.digits,
        defaults={"valid_from": valid_from, "valid_to": valid_to},
    )
    return made
