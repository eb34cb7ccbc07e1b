"""Depots and what is in them. Lots, the ledger and inspections will refine the stock lines."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea, Organisation
from gis_core.models.record import DomainRecord, Record, geometry_field, track


class DepotKind(models.TextChoices):
    FLOOD = "flood", _("Flood defence")
    SNOW = "snow", _("Snow removal")
    FIRE = "fire", _("Fire")
    RELIEF = "relief", _("Relief goods")
    GENERAL = "general", _("General")


@track
class Depot(DomainRecord):
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=DepotKind, default=DepotKind.FLOOD)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    keeper = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="depots",
        verbose_name=_("keeper organisation"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    access_note = models.TextField(_("how to get in"), blank=True)
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("depot")
        verbose_name_plural = _("depots")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ResourceClass(models.TextChoices):
    """재난관리자원법 §2."""

    SUPPLIES = "supplies", _("Supplies")
    PROPERTY = "property", _("Property")
    PERSONNEL = "personnel", _("Personnel")


class StockItem(models.Model):
    """An item of the catalogue."""

    name = models.CharField(_("item"), max_length=60, unique=True)
    name_en = models.CharField(_("item (English)"), max_length=60, blank=True)
    resource_class = models.CharField(_("class"), max_length=10, choices=ResourceClass, default=ResourceClass.SUPPLIES)
    unit = models.CharField(_("unit"), max_length=10)

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


@track
class StockLine(Record):
    """How much of an item a depot holds, against its standard quantity (정수)."""

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="stock_lines", verbose_name=_("depot"))
    item = models.ForeignKey(StockItem, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.PositiveIntegerField(_("quantity"))
    standard_quantity = models.PositiveIntegerField(_("standard quantity"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("stock line")
        verbose_name_plural = _("stock lines")
        ordering = ["item_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["depot", "item"], condition=models.Q(retired_at__isnull=True), name="one_stock_line_per_item"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="stock_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.depot} · {self.item}"

    @property
    def shortage(self) -> int | None:
        """How many are missing to the standard; None when no standard is set."""
        return None if self.standard_quantity is None else max(self.standard_quantity - self.quantity, 0)
