"""The page of a job: its progress while it runs, then its outcome and report."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core import jobs, permissions
from gis_core.exports.cells import guarded
from gis_core.models import Job

ROWS_SHOWN = 200


def _job(request: HttpRequest, uuid: UUID) -> Job:
    """The job, for its owner and administrators. Raises Http404."""
    job = Job.objects.select_related("created_by").filter(pk=uuid).first()
    if job is None or not (job.created_by_id == request.user.pk or permissions.is_administrator(request.user)):
        raise Http404
    return jobs.settle(job)


@login_required
@never_cache
@require_safe
def job_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; asked by htmx, the part of it that changes."""
    job = _job(request, uuid)
    rows = job.report.get("rows", [])
    context: dict[str, Any] = {
        "job": job,
        "waits_for_worker": jobs.waits_for_worker(job),
        "rows": rows[:ROWS_SHOWN],
        "row_count": len(rows),
        "rows_cut": len(rows) > ROWS_SHOWN,
        "can_cancel": not job.is_over and not job.cancel_requested,
        "seconds": int(((job.finished_at or timezone.now()) - (job.started_at or job.created_at)).total_seconds()),
    }
    template = "gis_core/jobs/_job.html" if request.htmx else "gis_core/jobs/job.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@login_required
@require_POST
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    jobs.cancel(_job(request, uuid))
    return redirect("job", uuid)


@login_required
@require_safe
def report(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """The rows of the report as CSV that spreadsheets open with Korean intact."""
    job = _job(request, uuid)
    if not job.report.get("columns"):
        raise Http404
    lines = [job.report["columns"], *job.report.get("rows", [])]
    response = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
    name = f"{slugify(job.title, allow_unicode=True) or 'report'}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(lines: list[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow([guarded(value) for value in line])
