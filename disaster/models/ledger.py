"""The stock ledger (수불대장): what came and went, lot by lot. Written by ``services.ledger`` only."""

import uuid
from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_core.models import Organisation
from gis_core.models.record import Record

from .catalogue import Item
from .depots import Depot


class Lot(Record):
    """What came in together: one date of expiry, or one machine by its serial number. Items without lots have one lot
    whose ``code`` is empty."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="lots", verbose_name=_("item"))
    code = models.CharField(_("lot or serial number"), max_length=60, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="lot_once"),
            models.CheckConstraint(
                condition=Q(made_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("made_on")),
                name="lot_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.code}".strip()


class Condition(models.TextChoices):
    USABLE = "usable", _("Usable")
    REPAIR = "repair", _("Needs repair")
    UNUSABLE = "unusable", _("Unusable")


class BalanceQuerySet(models.QuerySet[Any]):
    def usable(self, day: date) -> "BalanceQuerySet":
        """What could be put to use on a day: usable, not expired, in a depot that is in use."""
        return self.filter(
            Q(lot__expires_on__isnull=True) | Q(lot__expires_on__gte=day),
            condition=Condition.USABLE,
            depot__retired_at__isnull=True,
        )


class Balance(models.Model):
    """What a depot holds of a lot in one condition, as its entries add up. The row is locked by whoever changes it.

    A balance of zero is known to be zero; where there is no balance nobody has ever said anything.
    """

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="balances", verbose_name=_("depot"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="balances", verbose_name=_("lot"))
    condition = models.CharField(_("condition"), max_length=8, choices=Condition, default=Condition.USABLE)
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    # The number of the last entry: entries of a balance are numbered without gaps.
    sequence = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(_("counted on"), null=True)
    moved_on = models.DateField(_("moved on"), null=True)
    shelf = models.CharField(_("shelf"), max_length=40, blank=True)

    objects: ClassVar[Any] = BalanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        ordering = ["lot__item_id", "lot__expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["depot", "lot", "condition"], name="balance_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="balance_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.depot} · {self.lot}"


class MovementKind(models.TextChoices):
    RECEIVE = "receive", pgettext_lazy("stock", "Received")
    ISSUE = "issue", _("Issued")
    TRANSFER = "transfer", _("Transferred")
    SEND = "send", _("Sent")
    ARRIVE = "arrive", _("Arrived")
    LOAN = "loan", _("Lent")
    RETURN = "return", pgettext_lazy("stock", "Returned")
    ADJUST = "adjust", _("Adjusted after a count")
    RECONDITION = "recondition", _("Condition changed")
    DISPOSE = "dispose", _("Disposed of")
    EXPIRE = "expire", _("Expired")
    CORRECT = "correct", _("Correction")


append_only = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Movement(models.Model):
    """One thing that happened, with one entry for each balance that it changed. Never changed and never deleted: a
    mistake is answered by a movement that ``corrects`` it.

    ``occurred_on`` is the day it happened, ``recorded_at`` when it was written; ``key`` is what the sender named it, so
    that the same request sent twice happens once, and ``key_hash`` what was asked for under that key.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("kind"), max_length=11, choices=MovementKind)
    occurred_on = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    counterpart = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from or to")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    document = models.CharField(_("document number"), max_length=60, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    order = models.ForeignKey(
        "TransferOrder", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("order")
    )
    loan = models.ForeignKey(
        "Loan", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("loan")
    )
    count = models.ForeignKey(
        "CountSession", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("count")
    )

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["-occurred_on", "-pk"]
        triggers = [append_only]
        indexes = [models.Index(fields=["occurred_on"], name="movement_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_on:%Y-%m-%d}"


class Entry(models.Model):
    """What a movement did to one balance: ``change`` is signed, ``quantity_after`` the balance as recorded then."""

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="entries", verbose_name=_("movement"))
    balance = models.ForeignKey(Balance, models.PROTECT, related_name="entries", verbose_name=_("balance"))
    change = models.IntegerField(_("change"))
    sequence = models.PositiveIntegerField(_("number"))
    quantity_after = models.PositiveIntegerField(_("balance after"))
    # The movement's day again, so that a balance's state on a day is read from one index.
    occurred_on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["balance_id", "sequence"]
        triggers = [append_only]
        indexes = [models.Index(fields=["balance", "occurred_on"], include=["change"], name="entry_day")]
        constraints = [
            models.UniqueConstraint(fields=["balance", "sequence"], name="entry_numbered_once"),
            models.UniqueConstraint(fields=["movement", "balance"], name="balance_once_per_movement"),
            models.CheckConstraint(condition=~Q(change=0), name="entry_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.balance} {self.change:+d}"


class Loan(Record):
    """What was lent to somebody outside (대여대장). What is still out is what was lent less what came back."""

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="loans", verbose_name=_("depot"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))
    borrower = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("borrower")
    )
    borrower_name = models.CharField(_("borrower's name"), max_length=100, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    returned = models.PositiveIntegerField(_("returned"), default=0)
    lent_on = models.DateField(_("lent on"))
    due_on = models.DateField(_("due back on"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("lent_on")), name="loan_due_after_it_was_lent"),
            models.CheckConstraint(condition=Q(returned__lte=models.F("quantity")), name="loan_returned_at_most_lent"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} → {self.borrower or self.borrower_name}"
