"""The progress of a survey round, as its page shows it, kept until something changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_core.editing.shapes import to_shapely
from gis_core.layers.versions import etag
from gis_core.models import AdminArea
from vacanthouses import querysets_progress as figures
from vacanthouses.models import Campaign, Crew
from vacanthouses.progress_chart import BurnDown, Town, burn_down, choropleth, left_by_day

KEPT_S = 3600


@dataclass(frozen=True)
class Row:
    """Of a town or a crew. ``unsent`` None: no phone has said."""

    name: str
    all: int
    done: int
    no_entry: int
    per_day: float | None = None
    seen: datetime | None = None
    unsent: int | None = None

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.all) if self.all else None


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    needed: int
    towns: list[Row]
    crews: list[Row]
    map_svg: str
    burn_svg: str


def version(campaign: Campaign) -> str:
    """The ETag of the progress: two small statements."""
    crews = figures.crews_of(campaign)
    parts = (campaign.pk, figures.devices_version(crews), timezone.localdate(), get_language())
    return etag(figures.version(), *parts)


def of(campaign: Campaign, tag: str) -> Progress:
    """The figures; ``tag`` is ``version``'s, under which they are kept."""
    key = "progress." + tag.strip('"')
    found: Progress | None = cache.get(key)
    if found is None:
        found = measure(campaign, timezone.localdate())
        cache.set(key, found, KEPT_S)
    return found


def measure(campaign: Campaign, today: date) -> Progress:
    by_town = figures.by_town(campaign)
    total, done = (sum(pair[index] for pair in by_town.values()) for index in (0, 1))
    chart = BurnDown(
        total,
        campaign.starts_on,
        campaign.ends_on,
        left_by_day(total, campaign.starts_on, today, figures.done_by_day(campaign)),
    )
    towns, pictured = _towns(campaign, by_town)
    return Progress(
        total,
        done,
        round(total - chart.needed(today)),
        towns,
        _crews(campaign),
        choropleth(pictured, _("Share of houses visited by town")),
        burn_down(chart, _("Houses left by day, and the line to end in time")),
    )


def _towns(campaign: Campaign, by_town: dict[int | None, tuple[int, int]]) -> tuple[list[Row], list[Town]]:
    """Towns of the campaign's area and any other with assignments; those without any are on the map only."""
    ids = AdminArea.objects.descendant_ids([campaign.area_id]) | {pk for pk in by_town if pk is not None}
    areas = AdminArea.objects.towns().filter(pk__in=sorted(ids)).order_by("mois_code")
    closed = figures.no_entry(campaign, "area_id")
    rows, pictured = [], []
    for area in areas.only("name", "geometry"):
        count, done = by_town.get(area.pk, (0, 0))
        shape = to_shapely(area.geometry)
        if shape is not None:
            pictured.append(Town(area.name, shape, done / count if count else None))
        if count:
            rows.append(Row(area.name, count, done, closed.get(area.pk, 0)))
    if None in by_town:
        rows.append(Row(_("no area"), *by_town[None], closed.get(None, 0)))
    return rows, pictured


def _crews(campaign: Campaign) -> list[Row]:
    by_crew = figures.by_crew(campaign)
    closed = figures.no_entry(campaign, "crew_id")
    ids = [pk for pk in by_crew if pk is not None]
    phones = figures.devices_by_crew(ids)
    names: dict[int | None, Any] = dict(Crew.objects.filter(pk__in=ids).values_list("pk", "name"))
    rows = []
    for pk, counts in sorted(by_crew.items(), key=lambda item: (item[0] is None, str(names.get(item[0], "")))):
        phone = phones.get(pk or 0, {})
        per_day = round(counts["done"] / counts["days"], 1) if counts["days"] else None
        name = names.get(pk) or _("not given to a crew")
        seen, unsent = phone.get("seen"), phone.get("unsent")
        rows.append(Row(name, counts["all"], counts["done"], closed.get(pk, 0), per_day, seen, unsent))
    return rows
