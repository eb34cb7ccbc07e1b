"""The progress of a survey round, as its page shows it, kept until something changes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from time import time
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
# Figures that took longer than this are not made anew with every change of a busy day, but once in so many seconds.
SLOW_S = 1.0
RENEWED_S = 60


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


@dataclass(frozen=True)
class Kept:
    """``tag`` is the ETag of the state that the figures show; ``at`` as ``time.time`` gives it."""

    tag: str
    progress: Progress
    at: float
    took_s: float


def version(campaign: Campaign) -> str:
    """The ETag of the progress: two small statements."""
    crews = figures.crews_of(campaign)
    parts = (campaign.pk, figures.devices_version(crews), timezone.localdate(), get_language())
    return etag(figures.version(), *parts)


def of(campaign: Campaign) -> Kept:
    """The figures with their ETag, made anew when something has changed; slow ones not more than once a minute."""
    tag, key = version(campaign), f"progress.{campaign.pk}.{get_language()}"
    kept: Kept | None = cache.get(key)
    if kept is not None and (kept.tag == tag or (kept.took_s > SLOW_S and time() - kept.at < RENEWED_S)):
        return kept
    started = time()
    found = measure(campaign, timezone.localdate())
    kept = Kept(tag, found, started, time() - started)
    cache.set(key, kept, KEPT_S)
    return kept


def measure(campaign: Campaign, today: date) -> Progress:
    shares = figures.shares(campaign)
    total = sum(share.number for share in shares)
    by_day: Counter[date] = Counter()
    for share in shares:
        if share.day is not None:
            by_day[share.day] += share.number
    left = left_by_day(total, campaign.starts_on, today, sorted(by_day.items()))
    chart = BurnDown(total, campaign.starts_on, campaign.ends_on, left)
    towns, pictured = _towns(campaign, _counts(shares, lambda share: share.area_id))
    return Progress(
        total,
        by_day.total(),
        round(total - chart.needed(today)),
        towns,
        _crews(campaign, shares),
        choropleth(pictured, _("Share of houses visited by town")),
        burn_down(chart, _("Houses left by day, and the line to end in time")),
    )


def _counts(
    shares: list[figures.Share], by: Callable[[figures.Share], int | None]
) -> dict[int | None, tuple[int, int]]:
    """(assigned, done) by area or crew."""
    every: Counter[int | None] = Counter()
    done: Counter[int | None] = Counter()
    for share in shares:
        every[by(share)] += share.number
        done[by(share)] += share.number if share.day is not None else 0
    return {pk: (number, done[pk]) for pk, number in every.items()}


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


def _crews(campaign: Campaign, shares: list[figures.Share]) -> list[Row]:
    by_crew = _counts(shares, lambda share: share.crew_id)
    days = Counter(crew for crew, _day in {(share.crew_id, share.day) for share in shares if share.day is not None})
    closed = figures.no_entry(campaign, "crew_id")
    ids = [pk for pk in by_crew if pk is not None]
    phones = figures.devices_by_crew(ids)
    names: dict[int | None, Any] = dict(Crew.objects.filter(pk__in=ids).values_list("pk", "name"))
    rows = []
    for pk, (every, done) in sorted(by_crew.items(), key=lambda item: (item[0] is None, str(names.get(item[0], "")))):
        phone = phones.get(pk or 0, {})
        per_day = round(done / days[pk], 1) if days[pk] else None
        name = names.get(pk) or _("not given to a crew")
        rows.append(Row(name, every, done, closed.get(pk, 0), per_day, phone.get("seen"), phone.get("unsent")))
    return rows
