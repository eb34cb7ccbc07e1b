"""Base maps: which ones the map offers, which hosts the page may load tiles from, and making one of a raster."""

import re
import shutil
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core import jobs
from gis_core.models.basemaps import BaseMap, BaseMapKind
from gis_core.tiles.conversion import convert
from gis_core.tiles.raster import RasterRefused

# What may stand in a policy header, with a wildcard only as the whole first label.
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")

REFUSALS = {
    "not_geotiff": gettext_lazy("This is not a GeoTIFF, or it is damaged at its very beginning."),
    "no_crs": gettext_lazy(
        "The file does not say its coordinate reference system. Save it with one (in QGIS: Assign projection)."
    ),
    "no_place": gettext_lazy(
        "The file does not say where it lies: it has no georeference. Georeference it and save it again."
    ),
    "outside": gettext_lazy("The raster lies outside what a web map can show."),
    "damaged": gettext_lazy("The file is damaged: a part of it cannot be read."),
    "empty": gettext_lazy("The raster is empty: every pixel is nodata."),
    "kind": gettext_lazy("The raster holds complex numbers or no bands that can be drawn."),
    "too_large": gettext_lazy("The raster is too large for one base map. Cut it into parts."),
    "no_space": gettext_lazy("The disk of the server is full."),
    "too_many_bytes": gettext_lazy("The file is larger than the %(limit)s MB allowed."),
}


def raster_limit_mb() -> int:
    return int(getattr(settings, "RASTER_LIMIT_MB", 2000))


def raster_path(basemap: BaseMap) -> Path:
    return _folder() / basemap.file


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "rasters"


def _incoming() -> Path:
    return _folder() / "incoming"


def policy_host(url: str) -> str | None:
    """The source for a content security policy from a tile address, or None when it cannot be one.

    ``https://{s}.tile.example.org/{z}/{x}/{y}.png`` gives ``https://*.tile.example.org``.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().replace("{s}", "*")
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    return f"{parts.scheme}://{host}"


def enabled_hosts() -> list[str]:
    """Where the tiles of the base maps in use come from, as sources of a content security policy."""
    urls = BaseMap.objects.filter(enabled=True, kind=BaseMapKind.TILES).values_list("url", flat=True)
    return sorted({host for host in map(policy_host, urls) if host})


def for_map() -> list[dict[str, Any]]:
    """The base maps a person may choose, in order, as the map's configuration wants them."""
    return [
        {
            "id": one.pk,
            "name": one.name,
            "url": one.url if one.kind == BaseMapKind.TILES else _raster_url(one),
            "attribution": one.attribution,
            "minZoom": one.min_zoom,
            "maxZoom": one.max_zoom,
            "opacity": one.opacity,
            "bounds": one.bounds,
            "first": one.is_default,
        }
        for one in BaseMap.objects.usable()
    ]


def _raster_url(basemap: BaseMap) -> str:
    return reverse("basemap-tile", args=[basemap.pk, 0, 0, 0]).replace("/0/0/0.", "/{z}/{x}/{y}.")


def add_raster(basemap: BaseMap, upload: UploadedFile, user: Any) -> None:
    """Keep an unsaved base map and convert its raster in the background; it can be used once that is done.

    Raises RasterRefused ``too_many_bytes``.
    """
    if upload.size is None or upload.size > raster_limit_mb() * 1_000_000:
        raise RasterRefused("too_many_bytes")
    source = _incoming() / f"{uuid.uuid4().hex}.tif"
    try:
        _set_aside(upload, source)
        with transaction.atomic():
            basemap.kind = BaseMapKind.RASTER
            basemap.url = ""
            basemap.save()
            title = _("Base map: %(name)s") % {"name": basemap.name}
            basemap.job = jobs.start(convert_raster, user, title, basemap_id=basemap.pk, source=source.name)
            BaseMap.objects.filter(pk=basemap.pk).update(job=basemap.job)
    except BaseException:
        source.unlink(missing_ok=True)
        raise


def _set_aside(upload: UploadedFile, source: Path) -> None:
    source.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(upload, TemporaryUploadedFile):
        shutil.copyfile(upload.temporary_file_path(), source)
    else:
        with source.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)


@jobs.background
def convert_raster(job: jobs.Handle, basemap_id: int, source: str) -> dict[str, Any]:
    """Check and convert an uploaded raster; the base map gets the result, or stays as it was."""
    uploaded = _incoming() / source
    target = _folder() / f"{uuid.uuid4().hex}.tif"
    partial = target.with_suffix(".part.tif")
    try:
        drawing = convert(uploaded, partial, lambda done, total: job.progress(done, total, _("Reading and drawing")))
        partial.rename(target)
        row = BaseMap.objects.filter(pk=basemap_id)
        if not row.update(
            file=target.name, bounds=drawing.bounds, raster=drawing.as_json(), min_zoom=0, max_zoom=drawing.zoom
        ):
            raise jobs.JobError(_("The base map was removed meanwhile."))
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, RasterRefused):
            raise jobs.JobError(refusal(error)) from error
        raise
    finally:
        partial.unlink(missing_ok=True)
        uploaded.unlink(missing_ok=True)
    facts = [
        [_("Coordinate reference system"), drawing.crs],
        [_("Zoom"), str(drawing.zoom)],
        [_("Pixels"), f"{drawing.width} × {drawing.height}"],
        [_("Black and white at"), stretch_text(drawing.as_json()) or _("as stored")],
    ]
    job.message = _("The base map is ready.")
    return {"facts": facts, "link": reverse("basemaps")}


def stretch_text(raster: dict[str, Any]) -> str:
    """Between which values each band is drawn, when it is not drawn as stored."""
    if not raster.get("stretch"):
        return ""
    ranges = ", ".join(f"{low:g}–{high:g}" for low, high in raster["stretch"])
    low, high = raster["percentiles"]
    return _("%(ranges)s (percentiles %(low)g and %(high)g)") % {"ranges": ranges, "low": low, "high": high}


def refusal(error: RasterRefused) -> str:
    return str(REFUSALS[error.code]) % {"limit": raster_limit_mb()}


def show_first(basemap: BaseMap) -> None:
    with transaction.atomic():
        BaseMap.objects.filter(is_default=True).update(is_default=False)
        BaseMap.objects.filter(pk=basemap.pk).update(is_default=True, enabled=True)


def remove(basemap: BaseMap) -> None:
    """Take a base map away, with its file and any conversion under way."""
    if basemap.job and not basemap.job.is_over:
        jobs.cancel(basemap.job)
    path = raster_path(basemap) if basemap.file else None
    basemap.delete()
    if path:
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep(older_than: timedelta) -> int:
    """Remove rasters that no base map refers to, left by a server that stopped in between; how many."""
    known = set(BaseMap.objects.values_list("file", flat=True))
    limit = time.time() - older_than.total_seconds()
    stale = [
        path
        for path in _folder().rglob("*.tif")
        if path.stat().st_mtime < limit and not (path.parent == _folder() and path.name in known)
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)
