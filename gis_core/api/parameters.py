"""Query parameters of OGC API Features: read, checked, and refused with the reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import DateTimeField, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from gis_core.crs import API_CRS_URIS, CRS84, LONLAT_SRID, STORAGE_SRID, UnknownCrs, parse_uri
from gis_core.layers.layer import Layer
from gis_core.tiles.grid import in_storage

from .problems import BadRequest

MAX_LIMIT = 10_000
DEFAULT_LIMIT = 100
COMMON = frozenset({"f", "limit", "offset", "after", "bbox", "bbox-crs", "crs", "datetime", "lang"})


@dataclass(frozen=True)
class Paging:
    """Which page: so many features, after a number of them or after the one with this id."""

    limit: int
    offset: int
    after: int | None


def reject_unknown(params: QueryDict, known: frozenset[str] | set[str]) -> None:
    for name in params:
        if name not in known:
            raise BadRequest(_("There is no parameter “%(name)s” here.") % {"name": name}, name)


def paging(params: QueryDict) -> Paging:
    limit = _integer(params, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    assert limit is not None
    return Paging(limit, _integer(params, "offset", 0, 0, 10**9) or 0, _integer(params, "after", None, 0, 10**18))


def _integer(params: QueryDict, name: str, default: int | None, low: int, high: int) -> int | None:
    text = params.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    # The standard asks a server to lower a limit that is too high; here it is said, so that nobody misses features.
    if not low <= value <= high:
        raise BadRequest(
            _("“%(name)s” must be a whole number from %(low)s to %(high)s.") % {"name": name, "low": low, "high": high},
            name,
        )
    return value


def crs(params: QueryDict, name: str) -> tuple[int, bool, str]:
    """SRID, whether north comes first, and the URI of a crs parameter (CRS84 when it is not given)."""
    text = params.get(name) or CRS84
    try:
        return (*parse_uri(text), text)
    except UnknownCrs as error:
        raise BadRequest(
            _("“%(name)s” is not a CRS of this service: %(crs)s. Known are %(known)s.")
            % {"name": name, "crs": text, "known": ", ".join(API_CRS_URIS)},
            name,
        ) from error


def bbox(params: QueryDict) -> GEOSGeometry | None:
    """The bbox as a polygon in EPSG:5179; None when there is none. An empty one when it lies outside Korea.

    Raises BadRequest when it is no box.
    """
    text = params.get("bbox")
    srid, north_first, _uri = crs(params, "bbox-crs")
    if not text:
        return None
    west, south, east, north = _corners(text)
    if north_first:
        west, south, east, north = south, west, north, east
    if srid == LONLAT_SRID and not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadRequest(_("A bbox in degrees must lie within -180,-90,180,90."), "bbox")
    if west > east or south > north:
        raise BadRequest(_("The bbox's first corner must be the lower left one."), "bbox")
    area = in_storage(west, south, east, north, srid)
    if area is None:
        return GEOSGeometry("POLYGON EMPTY", srid=STORAGE_SRID)
    return GEOSGeometry(memoryview(area.wkb), srid=STORAGE_SRID)


def _corners(text: str) -> tuple[float, float, float, float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadRequest(_("The bbox holds something that is not a number."), "bbox") from error
    if any(number != number or abs(number) == float("inf") for number in numbers):
        raise BadRequest(_("The bbox holds something that is not a number."), "bbox")
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4:
        raise BadRequest(_("A bbox has four numbers (or six, with heights)."), "bbox")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def in_bbox(layer: Layer, records: QuerySet, area: GEOSGeometry | None) -> QuerySet:
    if area is None:
        return records
    if area.empty:
        return records.none()
    return records.filter(**{f"{layer.geometry}__intersects": area})


def in_time(layer: Layer, records: QuerySet, text: str | None) -> QuerySet:
    """Records of a datetime instant or interval; records without a time always match, as the standard has it."""
    if not text:
        return records
    start, end = _interval(text)
    if layer.temporal is None:
        return records
    matching: Any = records
    if start:
        matching = matching.exclude(**{f"{_by_day(layer, layer.temporal_end or layer.temporal)}__lt": start})
    if end:
        matching = matching.exclude(**{f"{_by_day(layer, layer.temporal)}__gt": end})
    return matching


def _by_day(layer: Layer, name: str) -> str:
    """The lookup of a moment's day: what is asked for are days, and the last one counts in full."""
    return f"{name}__date" if isinstance(layer.model._meta.get_field(name), DateTimeField) else name


def _interval(text: str) -> tuple[Any, Any]:
    parts = text.split("/")
    if len(parts) > 2:
        raise BadRequest(_("“%(text)s” is no time or interval.") % {"text": text}, "datetime")
    days = [None if part in {"", ".."} else _day(part) for part in parts]
    start, end = (days[0], days[-1])
    if start and end and start > end:
        raise BadRequest(_("The interval ends before it begins."), "datetime")
    return start, end


def _day(text: str) -> Any:
    try:
        moment: datetime | None = parse_datetime(text) if "T" in text else None
        if moment and timezone.is_aware(moment):
            # Days are days in Korea.
            moment = timezone.localtime(moment)
        day = moment.date() if moment else parse_date(text)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise BadRequest(_("“%(text)s” is no time or interval.") % {"text": text}, "datetime")
    return day
