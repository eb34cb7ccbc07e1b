"""Drawings under a plan: taken in, scaled, shown, put away. The plan itself is never touched by any of it."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from facilities.models import Level, Plan, Underlay
from facilities.plan import underlay as fitting
from facilities.services.holding import hold
from gis_core.files import services as files
from gis_core.files import store
from gis_core.files.errors import FileRefused
from gis_core.files.sniff import PDF, sniff
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem

from .errors import Unreadable
from .reading import PageChoice, Read, read_page, read_pages

# Drawings of one level of one plan.
MOST = 12
# What Korean working drawings of buildings are mostly drawn at; offered, never taken for granted.
USUAL_SCALE = 100
_INCH_MM = 25.4
# How wide an unscaled drawing is shown where not even the level's outline is known (metres).
_UNKNOWN_WIDTH_M = 30.0


@dataclass(frozen=True)
class Choice:
    """The file has several pages: ``upload`` is its key for the next request."""

    upload: str
    count: int
    pages: list[PageChoice]


def take(upload: UploadedFile, user: Any) -> str:
    """Keep an upload aside until its page is chosen; gives its key. Raises FileRefused and Unreadable."""
    if upload.size is None or upload.size > settings.UPLOAD_LIMIT_MB * 1_000_000:
        raise FileRefused("too_large")
    _media_type(upload, files.clean_name(upload.name or ""))
    return uploads.keep(upload, user)


def _media_type(file: Any, name: str) -> str:
    found = sniff(file, name)
    if not found.photo and found is not PDF:
        raise Unreadable("not_a_drawing")
    return found.media_type


def _kept(key: str, user: Any) -> tuple[Path, str]:
    """The upload of that key and its type. Raises Unreadable when it is not this person's, or was swept."""
    try:
        if not uploads.belongs_to(key, user):
            raise Unreadable("no_longer_kept")
        path = uploads.path_of(key)
    except ImportProblem as error:
        raise Unreadable("no_longer_kept") from error
    with path.open("rb") as file:
        return path, _media_type(file, "")


def choose(key: str, user: Any, first: int = 1) -> Choice:
    """The pages of a kept upload, from ``first`` on. Raises Unreadable."""
    path, media_type = _kept(key, user)
    count, pages = read_pages(path, media_type, first)
    return Choice(key, count, pages)


@dataclass(frozen=True)
class Wanted:
    """Where a drawing goes. ``page`` None asks to choose where there are several; ``scale`` is that of the drawing on
    paper, where it is known."""

    level: Level
    page: int | None = None
    name: str = ""
    scale: float | None = None


def receive(plan: Plan, user: Any, upload: UploadedFile, wanted: Wanted) -> Underlay | Choice:
    """Lay an uploaded drawing under a level; or, of one with several pages, say which there are and keep it aside.

    Raises FileRefused, Unreadable, CannotFit, NotAllowed and Frozen; then nothing is kept.
    """
    key = take(upload, user)
    wanted = replace(wanted, name=wanted.name.strip() or files.clean_name(upload.name or ""))
    try:
        if wanted.page is None:
            choice = choose(key, user)
            if choice.count > 1:
                return choice
        return add(plan, user, key, wanted)
    except BaseException:
        uploads.forget(key)
        raise


def add(plan: Plan, user: Any, key: str, wanted: Wanted) -> Underlay:
    """Lay a page of a kept upload under a level. The upload is forgotten then; after a refusal another page may do.

    Raises Unreadable, CannotFit, NotAllowed and Frozen.
    """
    path, media_type = _kept(key, user)
    page = wanted.page or 1
    read = read_page(path, media_type, page)
    matrix = fitting.paper_matrix(read.dpi, wanted.scale, read.height) if wanted.scale and read.dpi else None
    made = _keep(plan, wanted.level, user, read, page, wanted.name.strip()[:200] or path.name, matrix)
    uploads.forget(key)
    return made


def _keep(plan: Plan, level: Level, user: Any, read: Read, page: int, name: str, matrix: Any) -> Underlay:
    sha256 = hashlib.sha256(read.full).hexdigest()
    try:
        with transaction.atomic():
            held = hold(plan, user)
            others = held.underlays.live().filter(level=level)
            if others.count() >= MOST:
                raise Unreadable("too_many", limit=MOST)
            files.lock(sha256)
            store.keep(sha256, BytesIO(read.full), {store.SHOWN: read.shown})
            return Underlay.objects.create(
                plan=held,
                level=level,
                name=name,
                page=page,
                sha256=sha256,
                media_type=read.media_type,
                width_px=read.width,
                height_px=read.height,
                dpi=read.dpi,
                matrix=matrix,
                order=(others.aggregate(last=Max("order"))["last"] or 0) + 1,
                created_by=user,
                updated_by=user,
            )
    except BaseException:
        files.drop_if_unused(sha256)
        raise


def refers(sha256: str) -> bool:
    """Whether an underlay's picture is this file: then the store keeps it."""
    return Underlay.objects.filter(sha256=sha256).exists()


@dataclass(frozen=True)
class Scaled:
    underlay: Underlay
    residuals: tuple[float, ...]
    rms: float
    method: str = ""


def as_scaled(underlay: Underlay) -> Scaled:
    """An underlay as it is, with what remains at its control points."""
    if not underlay.matrix or not underlay.points:
        return Scaled(underlay, (), 0.0)
    matrix = fitting.matrix_of(underlay.matrix)
    points = [_point(point) for point in underlay.points]
    residuals = tuple(math.dist(fitting.apply(matrix, point.pixel), point.place) for point in points)
    return Scaled(underlay, residuals, math.sqrt(sum(one * one for one in residuals) / len(residuals)))


def scale_by_points(
    plan: Plan, underlay: Underlay, user: Any, points: Sequence[Mapping[str, Any]], method: Any = None
) -> Scaled:
    """Fit the drawing to control points ({"pixel": [x, y], "place": [x, y]}); none at all takes the scale away.

    Raises CannotFit, NotAllowed and Frozen.
    """
    if not points:
        return Scaled(change(plan, underlay, user, matrix=None, points=[]), (), 0.0)
    read = [_point(point) for point in points]
    found = fitting.fit(read, method)
    plain = [{"pixel": list(point.pixel), "place": list(point.place)} for point in read]
    changed = change(plan, underlay, user, matrix=list(found.matrix), points=plain)
    return Scaled(changed, found.residuals, found.rms, found.method)


def _point(point: Mapping[str, Any]) -> fitting.ControlPoint:
    try:
        (px, py), (x, y) = point["pixel"], point["place"]
        return fitting.ControlPoint((float(px), float(py)), (float(x), float(y)))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise fitting.CannotFit("not_a_number") from error


def scale_by_length(
    plan: Plan, underlay: Underlay, user: Any, first: Any, second: Any, metres: float, along: Any = None
) -> Scaled:
    """Fit the drawing to a line of known length (pixels, metres); it stays where it is and keeps its turn.

    Raises CannotFit, NotAllowed and Frozen.
    """
    try:
        (ax, ay), (bx, by), length = first, second, float(metres)
        ends = (float(ax), float(ay)), (float(bx), float(by))
    except (TypeError, ValueError, OverflowError) as error:
        raise fitting.CannotFit("not_a_number") from error
    matrix = fitting.matrix_of(underlay.matrix) if underlay.matrix else None
    points = fitting.known_length(
        *ends, length, height_px=underlay.height_px, matrix=matrix, along=along if along in ("x", "y") else None
    )
    told = [{"pixel": list(point.pixel), "place": list(point.place)} for point in points]
    return scale_by_points(plan, underlay, user, told, "similarity")


def scale_by_paper(plan: Plan, underlay: Underlay, user: Any, denominator: float) -> Scaled:
    """Take the drawing as drawn at 1:``denominator`` on the paper it was scanned from.

    Raises CannotFit, NotAllowed and Frozen.
    """
    if underlay.dpi is None:
        raise fitting.CannotFit("no_resolution")
    matrix = fitting.paper_matrix(underlay.dpi, denominator, underlay.height_px)
    return Scaled(change(plan, underlay, user, matrix=list(matrix), points=[]), (), 0.0)


@transaction.atomic
def change(plan: Plan, underlay: Underlay, user: Any, **values: Any) -> Underlay:
    """Set columns of an underlay. Raises NotAllowed and Frozen."""
    hold(plan, user)
    Underlay.objects.filter(pk=underlay.pk).update(**values, updated_by=user)
    underlay.refresh_from_db()
    return underlay


def remove(plan: Plan, underlay: Underlay, user: Any) -> None:
    """Take a drawing from under the plan. Its file stays, as everything that is retired does."""
    change(plan, underlay, user, retired_at=timezone.now())


def suggested_matrix(underlay: Underlay) -> list[float]:
    """Where to show a drawing that has no scale yet: at 1:100 when its paper is known, else as wide as the level."""
    if underlay.dpi:
        try:
            return list(fitting.paper_matrix(underlay.dpi, USUAL_SCALE, underlay.height_px))
        except fitting.CannotFit:
            pass
    west, south, width = 0.0, 0.0, _UNKNOWN_WIDTH_M
    if underlay.level.outline is not None:
        west, south, east, _north = underlay.level.outline.extent
        width = east - west
    scale = width / underlay.width_px
    return [scale, 0.0, 0.0, -scale, west, south + scale * underlay.height_px]


def paper_mm(underlay: Underlay) -> tuple[float, float] | None:
    """The size of the sheet, when it is known."""
    if not underlay.dpi:
        return None
    return underlay.width_px / underlay.dpi * _INCH_MM, underlay.height_px / underlay.dpi * _INCH_MM
