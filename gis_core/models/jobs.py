"""Work in the background, as the person who asked for it sees it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobStatus(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("job", "Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """A task of the queue with its progress, outcome and report. Only ``gis_core.jobs`` writes it.

    ``report`` is JSON for the page and the CSV: ``{"facts": [[label, value], ...], "notes": [text, ...],
    "columns": [label, ...], "rows": [[cell, ...], ...], "link": url}``, every part optional.
    """

    # A running job says that it lives at least this often; twice as long without a word means that it died.
    HEARTBEAT = timedelta(seconds=60)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=100)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(max_length=5, default="ko")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("asked at"), default=timezone.now)
    status = models.CharField(_("status"), max_length=9, choices=JobStatus, default=JobStatus.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    report = models.JSONField(default=dict)
    error = models.TextField(_("error"), blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    seen_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.status in {JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED}

    @property
    def is_stale(self) -> bool:
        """Whether the worker that ran it seems to have died."""
        if self.status != JobStatus.RUNNING or self.seen_at is None:
            return False
        return timezone.now() - self.seen_at > 2 * self.HEARTBEAT

    @property
    def percent(self) -> int | None:
        """0 to 100, or None when the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
