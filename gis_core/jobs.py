"""Work that takes longer than a page may: started by a person, done by the worker, watched on a page.

Define the work in a module that the worker can import, and start it::

    @jobs.background
    def import_rows(job: jobs.Handle, path: str) -> dict: ...   # the report, see models.jobs.Job

    job = jobs.start(import_rows, user, _("Import of depots"), path=path)

Inside, call ``job.progress(done, total, message)`` now and then: it shows on the page even while a long transaction
is open, and it is where a cancelled job stops. Raise ``JobError`` to fail with a text meant for people.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

import pghistory
from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task

from gis_core.models.jobs import Job, JobStatus

logger = logging.getLogger(__name__)


class JobError(Exception):
    """The work cannot be done; the text says why, in the words of the person who asked for it."""


class JobCancelled(Exception):
    """Somebody asked the job to stop."""


def start(work: Task, user: Any, title: Any, **kwargs: Any) -> Job:
    """Queue ``work`` (made by ``background``) for ``user``. ``kwargs`` must be JSON.

    The queue is a table of the same database: job and queue entry commit together with the caller's transaction.
    """
    with transaction.atomic():
        job = Job.objects.create(
            kind=work.module_path, title=str(title)[:200], created_by=user, language=translation.get_language() or "ko"
        )
        work.enqueue(str(job.pk), **kwargs)
    job.refresh_from_db()
    return job


def background(work: Callable[..., dict[str, Any] | None]) -> Task:
    """A task of the queue from ``work(job, **kwargs)``, whose return value becomes the job's report."""

    @wraps(work)
    def call(job_id: str, **kwargs: Any) -> None:
        try:
            with run(job_id) as job:
                job.report = work(job, **kwargs) or job.report
        except JobCancelled:
            logger.info("job %s was cancelled before it began", job_id)

    return task(call)


@contextmanager
def run(job_id: str | UUID) -> "Iterator[Handle]":
    """Do a job's work inside this: it records begin, progress, end and failure, in the owner's language.

    Expected failures (JobError, ValidationError, cancellation) end here, recorded; unexpected ones are recorded in
    general words and raised again for the queue's own log. Raises JobCancelled when there is nothing to begin.
    """
    job = Job.objects.get(pk=job_id)
    begun = Job.objects.filter(pk=job_id, status=JobStatus.QUEUED)
    if not begun.update(status=JobStatus.RUNNING, started_at=timezone.now(), seen_at=timezone.now()):
        raise JobCancelled
    handle = Handle(job)
    with translation.override(job.language), pghistory.context(user=job.created_by_id, job=str(job.pk)):
        outcome: dict[str, Any] = {"status": JobStatus.FAILED}
        try:
            with handle.reporting():
                yield handle
            outcome = {"status": JobStatus.DONE, "message": handle.message}
        except JobCancelled:
            outcome = {"status": JobStatus.CANCELLED, "error": _("It was cancelled; nothing was kept.")}
        except JobError as error:
            outcome["error"] = str(error)
        except ValidationError as error:
            outcome["error"] = "\n".join(error.messages)
        except Exception:
            outcome["error"] = _(
                "Something unexpected went wrong; nothing was kept. Tell the administrator this number:"
            )
            outcome["error"] += f" {str(job.pk)[:8]}"
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            raise
        except BaseException:
            outcome["error"] = _("The server was stopped during the work; nothing was kept. Start it again.")
            raise
        finally:
            _end(handle, outcome)


def _end(handle: "Handle", outcome: dict[str, Any]) -> None:
    if outcome["status"] == JobStatus.DONE and handle.total:
        handle.done = handle.total
    Job.objects.filter(pk=handle.job.pk).update(
        done=handle.done, total=handle.total, report=handle.report, finished_at=timezone.now(), **outcome
    )


class Handle:
    """A running job, for its own work. ``report`` is kept even when the work fails: it says which rows were wrong."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = 0
        self.total: int | None = None
        self.message = ""
        self.report: dict[str, Any] = {}
        self._changed = threading.Event()
        self._over = threading.Event()
        self._cancelled = False
        self._shared = False

    def progress(self, done: int, total: int | None = None, message: Any = None) -> None:
        """Say how far the work is. Cheap: call it per row. Raises JobCancelled when the job shall stop."""
        self.done = done
        if total is not None:
            self.total = total
        if message is not None:
            self.message = str(message)[:500]
        if self._shared:
            self._changed.set()
        else:
            self._write()
        if self._cancelled:
            raise JobCancelled

    def finish(self, report: dict[str, Any]) -> None:
        """Keep the report that the page and the CSV show."""
        self.report = report

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Write progress while the work goes on.

        What the work's own transaction writes nobody sees before it commits, so a thread with a connection of its own
        writes for it, and at the same time shows that the process lives. Within a transaction that was open before
        the job began (tests), its row is invisible to others, and writing in place is all that is possible.
        """
        if connection.in_atomic_block:
            with transaction.atomic():
                yield
            return
        self._shared = True
        writer = threading.Thread(target=self._write_until_over, name=f"job-{self.job.pk}", daemon=True)
        writer.start()
        try:
            yield
        finally:
            self._over.set()
            self._changed.set()
            writer.join()
            self._shared = False

    def _write_until_over(self) -> None:
        heartbeat = Job.HEARTBEAT.total_seconds()
        while not self._over.is_set():
            self._changed.wait(timeout=heartbeat)
            self._changed.clear()
            try:
                self._write()
            except DatabaseError:
                # Progress is for the eye: the work itself goes on, on its own connection.
                logger.warning("progress of job %s could not be written", self.job.pk, exc_info=True)
            self._over.wait(timeout=0.5)
        connection.close()

    def _write(self) -> None:
        row = Job.objects.filter(pk=self.job.pk)
        row.update(done=self.done, total=self.total, message=self.message, seen_at=timezone.now())
        self._cancelled = row.filter(cancel_requested=True).exists()


def cancel(job: Job) -> None:
    """Ask a job to stop: at once when it has not begun, else at its next sign of progress."""
    cancelled = {"cancel_requested": True, "status": JobStatus.CANCELLED, "finished_at": timezone.now()}
    if not Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(**cancelled):
        Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()


def settle(job: Job) -> Job:
    """The job, recorded as failed if the process that ran it has died."""
    if job.is_stale:
        # Only if it has not spoken meanwhile.
        Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, seen_at=job.seen_at).update(
            status=JobStatus.FAILED,
            finished_at=timezone.now(),
            error=_("The server stopped during the work, so it was not finished. Start it again."),
        )
        job.refresh_from_db()
    return job


def waits_for_worker(job: Job) -> bool:
    """Whether a job has waited longer than a running worker would let it, with no other job before it."""
    if job.status != JobStatus.QUEUED or timezone.now() - job.created_at < Job.HEARTBEAT / 4:
        return False
    alive = Q(status=JobStatus.RUNNING, seen_at__gt=timezone.now() - 2 * Job.HEARTBEAT)
    return not Job.objects.filter(alive).exists()
