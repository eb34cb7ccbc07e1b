"""Norms of area and unit costs: tables that people keep, each value with its source and the day it takes effect.

Of one kind the newest that has taken effect is in force; older ones stay, so that an old plan can be judged by them.
"""

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from facilities.querysets import InForceQuerySet
from gis_core.models.record import DomainRecord, track


class StandardUnit(models.TextChoices):
    """How a standard counts (``facilities.plan.standards``)."""

    M2 = "m2", _("m² in all")
    M2_PER_ROOM = "m2_per_room", _("m² in each room")
    M2_PER_HEAD = "m2_per_head", _("m² per member of staff")
    M2_PER_100_VISITS = "m2_per_100_visits", _("m² per 100 civil visits a day")


@track
class AreaStandard(DomainRecord):
    """A norm, such as m² per head. ``code`` names it through its versions; ``applies_to`` is a room category (IMDF),
    a group of ``facilities.plan.uses``, or empty for all rooms."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    value = models.DecimalField(
        _("value"), max_digits=10, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(1_000_000)]
    )
    unit = models.CharField(_("unit"), max_length=20, choices=StandardUnit)
    applies_to = models.CharField(_("applies to"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[Any] = InForceQuerySet.as_manager()
    VERSION_OF: ClassVar[str] = "code"

    class Meta(DomainRecord.Meta):
        verbose_name = _("area standard")
        verbose_name_plural = _("area standards")
        ordering = ["code", "-effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                condition=models.Q(retired_at__isnull=True),
                name="standard_once_per_day",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CostItem(models.TextChoices):
    DOOR = "door", _("Door")
    GAP = "gap", _("Opening without a door")
    WALL_M = "wall_m", _("Wall, per metre")


@track
class UnitCost(DomainRecord):
    """What changing one thing costs, in whole KRW."""

    item = models.CharField(_("item"), max_length=20, choices=CostItem)
    krw = models.BigIntegerField(_("unit cost (KRW)"), validators=[MinValueValidator(0), MaxValueValidator(10**12)])
    source = models.CharField(_("source"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[Any] = InForceQuerySet.as_manager()
    VERSION_OF: ClassVar[str] = "item"

    class Meta(DomainRecord.Meta):
        verbose_name = _("unit cost")
        verbose_name_plural = _("unit costs")
        ordering = ["item", "-effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "effective_from"], condition=models.Q(retired_at__isnull=True), name="cost_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_item_display())
