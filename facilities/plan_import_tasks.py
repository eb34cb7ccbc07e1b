"""Looking at a file and reading it, as jobs: small files at once, large ones by the worker. Nothing is written here."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gis_core import jobs, permissions
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem
from gis_core.layers.registry import layers
from gis_core.models import Job

from .exchange import apart, formats
from .exchange.notes import Notes
from .exchange.report import ImportRefused
from .models import Building
from .plan.document import to_json
from .plan.findings import by_severity
from .services.plan_imports import fit_teams, note_sizes
from .words.exchange import refusal_text

logger = logging.getLogger(__name__)

# A file of this size is read in less than two seconds; the person need not wait for the worker.
AT_ONCE_BYTES = 1_500_000


def start(work: Any, user: Any, title: str, size: int, **kwargs: Any) -> Job:
    """The job, done already when the file is small."""
    if size > AT_ONCE_BYTES:
        return jobs.start(work, user, title, **kwargs)
    language = translation.get_language() or "ko"
    job = Job.objects.create(kind=work.module_path, title=title[:200], created_by=user, language=language)
    try:
        work.call(str(job.pk), **kwargs)
    except Exception:
        # The job says so, in words; the log has the rest.
        logger.exception("reading %s failed", kwargs.get("upload"))
    job.refresh_from_db()
    return job


@jobs.background
def look_job(job: jobs.Handle, building: int, upload: str) -> dict[str, Any]:
    """What the file is. A DXF is summed up for the person to say what it means; others are read straight away."""
    found = _building(job, building)
    path = _path(upload)
    try:
        format_ = formats.format_of(path)
    except ImportRefused as refused:
        raise jobs.JobError(refusal_text(refused.code, refused.params)) from refused
    kept = {"building": found.pk, "upload": upload, "name": path.name, "format": format_}
    if format_ != formats.DXF:
        return _read(job, found, path, kept, {})
    job.progress(0, None, _("Looking at the drawing"))
    try:
        looked = _look_at(path)
    except ImportRefused as refused:
        raise jobs.JobError(refusal_text(refused.code, refused.params)) from refused
    link = reverse("plan-import-options", args=[found.pk, job.job.pk])
    return {"link": link, "plan_import": {**kept, **looked}}


def _look_at(path: Path) -> dict[str, Any]:
    summary, lines = apart.look_at_dxf(path)
    return {"summary": asdict(summary), "preview": asdict(lines)}


@jobs.background
def read_job(job: jobs.Handle, building: int, kept: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """The plan in the file, read as the person said. ``kept`` is what ``look_job`` found."""
    found = _building(job, building)
    return _read(job, found, _path(kept["upload"]), kept, options)


def _read(
    job: jobs.Handle, building: Building, path: Path, kept: Mapping[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    job.progress(0, None, _("Reading the file"))
    kept = {**kept, "options": options}
    link = reverse("plan-import-options", args=[building.pk, job.job.pk])
    try:
        imported = apart.read(path, options, building.frame)
    except ImportRefused as refused:
        # The file may be read another way: what was refused is told above the options.
        told = {"code": refused.code, "params": refused.params}
        if not can_be_told(kept["format"], refused):
            raise jobs.JobError(refusal_text(refused.code, refused.params)) from refused
        return {"link": link, "plan_import": {**kept, "refused": told}}
    notes = Notes()
    document = fit_teams(imported.document, building, notes)
    note_sizes(document, building, notes)
    findings = by_severity([*imported.findings, *notes.findings()])
    result = {
        **kept,
        "document": to_json(document),
        "findings": [finding.to_json() for finding in findings],
        "origin": list(imported.origin),
        "rotation": imported.rotation,
    }
    return {"link": reverse("plan-import-result", args=[building.pk, job.job.pk]), "plan_import": result}


def can_be_told(format_: str, refused: ImportRefused) -> bool:
    """Whether another setting may help."""
    if format_ == formats.DXF:
        return not refused.code.startswith(("broken", "empty", "dxf.dwg", "not_this_format", "too_large"))
    return refused.code.endswith(("choose_building", "which_crs"))


def _building(job: jobs.Handle, pk: int) -> Building:
    building = Building.objects.live().filter(pk=pk).select_related("centre").first()
    if building is None or not permissions.can_change(job.job.created_by, layers.get("buildings"), building):
        raise jobs.JobError(_("This lies outside the area in which you may change records."))
    return building


def _path(upload: str) -> Path:
    try:
        return uploads.path_of(upload)
    except ImportProblem as problem:
        raise jobs.JobError(str(problem)) from problem
