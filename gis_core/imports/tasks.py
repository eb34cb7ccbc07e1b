"""Imports as background jobs: first a check that writes nothing, then the import itself."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core import jobs, permissions
from gis_core.layers.registry import layers

from . import uploads
from .areas import import_areas
from .errors import ImportProblem
from .records import Options, import_records, may_import
from .report import Report


@jobs.background
def areas_job(job: jobs.Handle, upload: str, options: dict[str, Any], dry_run: bool) -> dict[str, Any]:
    """``options``: keyword arguments of ``import_areas`` as JSON."""
    if not permissions.is_administrator(job.job.created_by):
        raise jobs.JobError(_("Only administrators import boundaries."))
    day = date.fromisoformat(options["valid_from"]) if options.get("valid_from") else None
    try:
        report = import_areas(
            uploads.path_of(upload),
            user=job.job.created_by,
            dry_run=dry_run,
            progress=job.progress,
            **{**options, "valid_from": day},
        )
    except ImportProblem as problem:
        raise jobs.JobError(str(problem)) from problem
    return _finish(job, report, upload, {"layer": "areas", "options": options}, reverse("record-list", args=["areas"]))


@jobs.background
def records_job(job: jobs.Handle, layer: str, upload: str, options: dict[str, Any], dry_run: bool) -> dict[str, Any]:
    """``options``: the fields of ``records.Options``."""
    found = layers.get(layer)
    if not may_import(job.job.created_by, found):
        raise jobs.JobError(_("Your roles do not let you add this."))
    try:
        report = import_records(
            found,
            uploads.path_of(upload),
            Options(**options),
            user=job.job.created_by,
            dry_run=dry_run,
            progress=job.progress,
        )
    except ImportProblem as problem:
        raise jobs.JobError(str(problem)) from problem
    again = {"layer": layer, "options": options}
    return _finish(job, report, upload, again, reverse("record-list", args=[found]))


def _finish(job: jobs.Handle, report: Report, upload: str, again: dict[str, Any], done_url: str) -> dict[str, Any]:
    """The job's report. A check leads to the page that shows it and offers the import; an import to the records."""
    kept = report.for_job()
    dry_run = report.facts["dry_run"]
    kept["link"] = reverse("import-result", args=[job.job.pk]) if dry_run else done_url
    kept["import"] = {**again, "upload": upload, "facts": report.facts}
    job.finish(kept)
    if report.facts["applied"]:
        job.message = _("The import is done.")
        uploads.forget(upload)
    elif dry_run:
        job.message = _("Checked; nothing has been written yet.")
    else:
        refused = report.counts()["refused"]
        raise jobs.JobError(_("Rows refused: %(count)s; nothing was written.") % {"count": refused})
    return kept
