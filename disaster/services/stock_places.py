"""Which town and depot of a city a row of somebody's table speaks of: by code, or by name within the city that was
asked for first, as a name alone finds nothing (DOMAIN: 동구 exists in six cities)."""

from collections.abc import Iterable

from disaster.models import Depot
from disaster.wide_table import simple
from gis_core.area_codes import tidy_name
from gis_core.models import AdminArea, AreaCode


class Places:
    """The towns of a city by every code they have or had and by name, and these depots by town. Three statements."""

    def __init__(self, city: AdminArea, depots: Iterable[Depot]) -> None:
        self.city = city
        below = AdminArea.objects.descendant_ids([city.pk])
        self.towns = {each.pk: each for each in AdminArea.objects.towns().filter(pk__in=below)}
        codes = AreaCode.objects.filter(area__in=list(self.towns)).order_by("pk").values_list("code", "area", "system")
        # Files cut the ten digits of a town to eight.
        self._codes = {text: area for code, area, system in codes for text in _forms(code, system)}
        self._names: dict[str, list[int]] = {}
        for area in self.towns.values():
            self._names.setdefault(simple(area.name), []).append(area.pk)
        self._above = {simple(part) for part in city.full_name.split()}
        self.depots = list(depots)

    def town(self, text: str) -> AdminArea | None:
        """The town that a cell names, or None; a name behind that of another city is none of ours."""
        short = simple(text)
        if short.isascii() and short.isdecimal():
            return self.towns.get(self._codes.get(short, 0))
        *before, last = tidy_name(text).split(" ")
        # A province may be written by the name it had.
        if not all(simple(word) in self._above or word.endswith("도") for word in before):
            return None
        for name in (simple(last), _without(simple(last), self._above)):
            found = self._names.get(name, [])
            if len(found) == 1:
                return self.towns[found[0]]
        return None

    def is_city(self, text: str) -> bool:
        return bool(simple(text)) and simple(text) in {
            simple(self.city.name), simple(self.city.full_name), self.city.mois_code, self.city.mois_code[:5],
        }  # fmt: skip

    def depots_in(self, town: AdminArea) -> list[Depot]:
        return [depot for depot in self.depots if depot.area_id == town.pk]

    def depot(self, name: str, town: AdminArea | None = None) -> Depot | None:
        """The one depot called so, in the town where one is given."""
        wanted = simple(name)
        found = [
            depot
            for depot in self.depots
            if simple(depot.name) == wanted and (town is None or depot.area_id == town.pk)
        ]
        return found[0] if wanted and len(found) == 1 else None


def _forms(code: str, system: str) -> tuple[str, ...]:
    return (code, code[:8]) if system == "mois" and len(code) == 10 else (code,)


def _without(name: str, above: Iterable[str]) -> str:
    """A name written together with those above it, without them: 남원시운봉읍."""
    for part in sorted(above, key=len, reverse=True):
        name = name.removeprefix(part)
    return name
