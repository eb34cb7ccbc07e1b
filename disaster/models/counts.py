"""Counts at the shelf, and comparisons with the national system's list."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import Record

from .depots import Depot
from .ledger import Condition, Lot


class CountState(models.TextChoices):
    OPEN = "open", _("Being counted")
    SUBMITTED = "submitted", _("To be approved")
    APPROVED = "approved", _("Approved and posted")
    CANCELLED = "cancelled", _("Cancelled")


class CountSession(Record):
    """A count of one depot. Who counted does not approve."""

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="counts", verbose_name=_("depot"))
    state = models.CharField(_("state"), max_length=9, choices=CountState, default=CountState.OPEN)
    counted_on = models.DateField(_("day of the count"))
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("counted by")
    )
    # Everybody who entered a line or handed in: none of them approves.
    counters = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", editable=False, verbose_name=_("took part")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["-counted_on", "-pk"]
        constraints = [
            # Two counts of one depot at once would each post the same difference.
            models.UniqueConstraint(
                fields=["depot"], condition=Q(state__in=["open", "submitted"]), name="one_count_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.depot} {self.counted_on:%Y-%m-%d}"


class CountLine(models.Model):
    """What was found of a lot. ``expected`` is the ledger's figure when the line was written; ``quantity`` is null
    while it was not looked for. ``note`` says where it was, when it was not on its shelf."""

    session = models.ForeignKey(CountSession, models.CASCADE, related_name="lines", verbose_name=_("count"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))
    condition = models.CharField(_("condition"), max_length=8, choices=Condition, default=Condition.USABLE)
    expected = models.PositiveIntegerField(_("ledger"))
    quantity = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    # Where the ledger had it, for what was found here and belongs to another depot.
    moved_from = models.ForeignKey(
        Depot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("moved from")
    )
    seen_at = models.DateTimeField(_("seen at"), null=True)
    was_scanned = models.BooleanField(_("scanned"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("count line")
        verbose_name_plural = _("count lines")
        ordering = ["lot__item_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "lot", "condition"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.lot} {self.quantity}"


class ColumnMapping(models.Model):
    """Which column of somebody's table means what, remembered by its headings so that it is told once."""

    purpose = models.CharField(_("purpose"), max_length=20)
    headings_sha256 = models.CharField(max_length=64)
    columns = models.JSONField(_("columns"), default=dict)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [models.UniqueConstraint(fields=["purpose", "headings_sha256"], name="mapping_once")]

    def __str__(self) -> str:
        return self.purpose


class StockComparison(models.Model):
    """An uploaded list of the national system (KRMS) beside our ledger on a day. ``rows`` holds every difference."""

    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    as_of = models.DateField(_("as of"))
    file_name = models.CharField(_("file"), max_length=200)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    matched = models.PositiveIntegerField(_("equal"), default=0)
    differing = models.PositiveIntegerField(_("differing"), default=0)
    rows = models.JSONField(_("differences"), default=list)

    class Meta:
        verbose_name = _("comparison with the national system")
        verbose_name_plural = _("comparisons with the national system")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.as_of:%Y-%m-%d}"
