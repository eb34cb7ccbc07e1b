"""Inspections: by which checklist, when, what was found, and what is done about it."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, RecordQuerySet, geometry_field, track

from .catalogue import Item, ItemClass
from .depots import Depot
from .ledger import Lot


@track
class Checklist(Record):
    """One edition of the checklist of a class of items, or of depots (``item_class`` empty). ``body`` is read by
    ``disaster.checklists``; an inspection keeps pointing to the edition that it was made with."""

    title = models.CharField(_("title"), max_length=120)
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="checklists", verbose_name=_("class of items")
    )
    effective_from = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)
    is_sample = models.BooleanField(_("sample, not official"), default=True)
    body = models.JSONField(_("content"))

    class Meta(Record.Meta):
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["item_class_id", "-effective_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.effective_from:%Y-%m-%d})"


class Frequency(models.TextChoices):
    """RFC 5545, without those that no inspection follows."""

    DAILY = "DAILY", _("days")
    WEEKLY = "WEEKLY", _("weeks")
    MONTHLY = "MONTHLY", _("months")
    YEARLY = "YEARLY", _("years")


class Basis(models.TextChoices):
    SCHEDULED = "scheduled", _("from the planned day")
    COMPLETED = "completed", _("from the day it was done")


class Shift(models.TextChoices):
    """What becomes of a day that falls on a weekend or holiday."""

    NONE = "none", _("stays")
    BEFORE = "before", _("the working day before")
    AFTER = "after", _("the working day after")


class ScheduleQuerySet(RecordQuerySet):
    def active(self) -> "ScheduleQuerySet":
        return self.live().filter(is_paused=False, depot__retired_at__isnull=True)

    def overdue(self, day: date) -> "ScheduleQuerySet":
        """What should have been done before a day."""
        return self.active().filter(next_due__lt=day)


@track
class Schedule(Record):
    """When a depot, or a class of items in it, is inspected (정기점검). The rule is RFC 5545's, read by
    ``disaster.schedules``. ``next_due`` is the day that is waited for, weekends and holidays shifted, kept by
    ``services.schedules``; ``next_nominal`` the same before it was shifted; both empty when the rule has ended."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=120)
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="schedules", verbose_name=_("depot"))
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class of items")
    )
    frequency = models.CharField(_("every"), max_length=7, choices=Frequency, default=Frequency.MONTHLY)
    interval = models.PositiveSmallIntegerField(_("interval"), default=1)
    # Comma-separated, as in RFC 5545: "3,4,5"; "MO,2TU,-1FR"; "13,-1".
    by_month = models.CharField(_("in months"), max_length=40, blank=True)
    by_day = models.CharField(_("on weekdays"), max_length=60, blank=True)
    by_month_day = models.CharField(_("on days of the month"), max_length=60, blank=True)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    basis = models.CharField(_("counted"), max_length=9, choices=Basis, default=Basis.SCHEDULED)
    shift = models.CharField(_("on weekends and holidays"), max_length=6, choices=Shift, default=Shift.AFTER)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in charge")
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    next_nominal = models.DateField(_("next planned day"), null=True, editable=False)
    next_due = models.DateField(_("next due"), null=True, editable=False)
    last_done_on = models.DateField(_("last done on"), null=True, editable=False)

    objects: ClassVar[Any] = ScheduleQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("inspection schedule")
        verbose_name_plural = _("inspection schedules")
        ordering = ["next_due", "pk"]
        indexes = [
            models.Index(
                fields=["next_due"], condition=Q(retired_at__isnull=True, is_paused=False), name="schedule_due"
            )
        ]

    def __str__(self) -> str:
        return self.title


class InspectionKind(models.TextChoices):
    REGULAR = "regular", _("Regular inspection")
    AD_HOC = "ad_hoc", _("Ad hoc inspection")


class InspectionResult(models.TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", pgettext_lazy("inspection", "Failed")


@track
class Inspection(DomainRecord):
    """What somebody found at a depot, known by the uuid its phone gave it. Written by ``services.inspections`` only.

    ``answers`` by question key; what a question means is the edition's. ``signature`` is a list of strokes, each a list
    of [x, y] in thousandths of the field's width.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(
        Schedule, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("schedule")
    )
    # The planned day that this inspection answers; with it the same day is never answered twice.
    due_on = models.DateField(_("due on"), null=True)
    kind = models.CharField(_("kind"), max_length=7, choices=InspectionKind, default=InspectionKind.REGULAR)
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="inspections", verbose_name=_("depot"))
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("class of items")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot"))
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+", verbose_name=_("checklist"))
    result = models.CharField(_("result"), max_length=6, choices=InspectionResult)
    answers = models.JSONField(_("answers"), default=dict)
    failed = models.JSONField(_("failed items"), default=list)
    note = models.TextField(_("note"), blank=True)
    signature = models.JSONField(_("signature"), default=list)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("inspected by")
    )
    inspected_on = models.DateField(_("inspected on"))
    inspected_at = models.DateTimeField(_("inspected at"))
    device_time = models.DateTimeField(_("time of the device"), null=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    is_complete = models.BooleanField(_("all photos arrived"), default=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    # Where the phone was, or the depot's own place where it had no fix.
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-inspected_on", "-pk"]
        indexes = [models.Index(fields=["depot", "item_class", "-inspected_on"], name="inspection_latest")]

    def __str__(self) -> str:
        return f"{self.depot} {self.inspected_on:%Y-%m-%d}"


class RepairState(models.TextChoices):
    OPEN = "open", _("Open")
    IN_WORK = "in_work", _("In work")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Not needed")


@track
class RepairTask(Record):
    """What a failed item asks for; it goes on until it is closed. While it is open and ``blocks``, ``quantity`` units
    (all that the depot holds of the class, where empty) do not count as usable."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="repairs", verbose_name=_("inspection")
    )
    question = models.CharField(_("checklist item"), max_length=60, blank=True)
    title = models.CharField(_("what is wrong"), max_length=200)
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="repairs", verbose_name=_("depot"))
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class of items")
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot"))
    blocks = models.BooleanField(_("not usable until then"), default=True)
    quantity = models.PositiveIntegerField(_("units concerned"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=RepairState, default=RepairState.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in charge")
    )
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    cost_krw = models.PositiveBigIntegerField(_("cost (KRW)"), null=True, blank=True)
    resolution = models.TextField(_("what was done"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    class Meta(Record.Meta):
        verbose_name = _("repair task")
        verbose_name_plural = _("repair tasks")
        ordering = ["due_on", "pk"]
        constraints = [
            # The same fault of the same inspection is one task, however often the phone sends it.
            models.UniqueConstraint(
                fields=["inspection", "question"], condition=Q(inspection__isnull=False), name="repair_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class LocalHoliday(models.Model):
    """A day off, or a working day, that the holiday library does not know."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_working_day = models.BooleanField(_("is a working day"), default=False)

    class Meta:
        verbose_name = _("local holiday")
        verbose_name_plural = _("local holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class CalendarFeed(models.Model):
    """A person's link to their inspections for a calendar program. Only the hash of its secret is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    token_sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=5, default="ko")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"


class Label(models.Model):
    """What a printed QR code stands for: a depot, a class of items in it, or a lot. Its address says nothing else."""

    token = models.CharField(max_length=22, unique=True)
    depot = models.ForeignKey(
        Depot, models.PROTECT, null=True, blank=True, related_name="labels", verbose_name=_("depot")
    )
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class of items")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="labels", verbose_name=_("lot"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["depot", "item_class", "lot"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="one_label_in_use",
            )
        ]

    def __str__(self) -> str:
        return str(self.lot or self.depot)
