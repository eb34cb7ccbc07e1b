"""Incidents, and what goes where because of them."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_core.models import AdminArea, Organisation
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .catalogue import Hazard, Item
from .depots import Depot
from .ledger import Lot


class IncidentState(models.TextChoices):
    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Over")


@track
class Incident(DomainRecord):
    """Something that happens and needs resources (재난 상황), or an exercise of it."""

    title = models.CharField(_("title"), max_length=120)
    hazard = models.CharField(_("hazard"), max_length=10, choices=Hazard)
    state = models.CharField(_("state"), max_length=6, choices=IncidentState, default=IncidentState.OPEN)
    is_exercise = models.BooleanField(_("exercise"), default=False)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    note = models.TextField(_("situation"), blank=True)
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")), name="incident_lasts"
            )
        ]

    def __str__(self) -> str:
        return self.title


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REQUESTED = "requested", _("Requested")
    COMMITTED = "committed", _("Committed")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    RETURNED = "returned", pgettext_lazy("stock", "Returned")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")


@track
class TransferOrder(Record):
    """Something asked of another depot or partner: to an incident, or to a depot. The stock moves when it is sent,
    received and returned: these are movements in the ledger; what is sent and not yet received is on its way.

    A draft of a redistribution (``plan`` names those proposed together) becomes a request when a person approves it.
    """

    state = models.CharField(_("state"), max_length=9, choices=OrderState, default=OrderState.REQUESTED)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("incident")
    )
    plan = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.PositiveIntegerField(_("quantity asked for"))
    source = models.ForeignKey(
        Depot, models.PROTECT, null=True, blank=True, related_name="orders_out", verbose_name=_("from depot")
    )
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from partner")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot"))
    destination = models.ForeignKey(
        Depot, models.PROTECT, null=True, blank=True, related_name="orders_in", verbose_name=_("to depot")
    )
    # The town that asks: the incident's, or the destination's.
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("town that asks"))
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)
    committed = models.PositiveIntegerField(_("committed"), default=0)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    received = models.PositiveIntegerField(_("received"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    distance_m = models.FloatField(_("distance (m)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("transfer order")
        verbose_name_plural = _("transfer orders")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_asks_for_something"),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(destination__isnull=True) | ~Q(source=models.F("destination")),
                name="order_goes_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(received__lte=models.F("sent"), returned__lte=models.F("received")),
                name="order_arrives_after_it_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.quantity}"
