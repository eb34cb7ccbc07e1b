"""The catalogue: items, their classes, and how much of them there has to be."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import Record, RecordQuerySet, track

from .depots import Depot


class Hazard(models.TextChoices):
    FLOOD = "flood", _("Storm and flood")
    SNOW = "snow", _("Heavy snow")
    WILDFIRE = "wildfire", _("Wildfire")
    HEAT = "heat", _("Heat wave")
    INFECTION = "infection", _("Infectious disease")


class ResourceClass(models.TextChoices):
    """재난관리자원법 §2."""

    SUPPLIES = "supplies", _("Supplies")
    PROPERTY = "property", _("Property")
    PERSONNEL = "personnel", _("Personnel")


class ItemClass(Record):
    """Items that are inspected by the same checklist and need the same training.

    ``fresh_days``: how long a passed inspection counts in full. ``training_months``: how long use training counts; null
    where nobody needs any. ``people_needed``: trained people that a town needs to put the class to use.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    fresh_days = models.PositiveIntegerField(_("inspection counts for (days)"), default=180)
    training_months = models.PositiveIntegerField(_("training counts for (months)"), null=True, blank=True)
    people_needed = models.PositiveIntegerField(_("trained people needed"), default=0)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("class of items")
        verbose_name_plural = _("classes of items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


@track
class Item(Record):
    """An item of the catalogue. ``list_number`` is the national one (목록번호), where known."""

    name = models.CharField(_("item"), max_length=60, unique=True)
    name_en = models.CharField(_("item (English)"), max_length=60, blank=True)
    list_number = models.CharField(_("national list number"), max_length=30, blank=True)
    resource_class = models.CharField(_("class"), max_length=10, choices=ResourceClass, default=ResourceClass.SUPPLIES)
    unit = models.CharField(_("unit"), max_length=10)
    hazards = ArrayField(models.CharField(max_length=10, choices=Hazard), default=list, verbose_name=_("hazards"))
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("inspection class")
    )
    service_life_months = models.PositiveIntegerField(_("service life (months)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["list_number"], condition=~Q(list_number=""), name="list_number_once")
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


class StandardMethod(models.TextChoices):
    """How a standard quantity was decided (재난관리자원법 §29)."""

    MINISTRY = "ministry", _("Set by the ministry")
    OWN = "own", _("Set by the agency")
    MEAN_USE = "mean_use", _("Mean use of five years")
    HEADS = "heads", _("By inhabitants")
    CARRIED = "carried", _("Carried over from an earlier list")


class StandardQuerySet(RecordQuerySet):
    def in_force(self, day: date) -> "StandardQuerySet":
        """For each item and place the edition in force on a day."""
        return (
            self.live()
            .filter(effective_from__lte=day)
            .order_by("item_id", "depot_id", "area_id", "-effective_from", "-pk")
            .distinct("item_id", "depot_id", "area_id")
        )


@track
class StandardQuantity(Record):
    """How much of an item a depot, or all depots of a town or city together, must hold (정수). A change is a new
    edition with a later date; zero says that the item is no longer asked for there."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="standards", verbose_name=_("item"))
    depot = models.ForeignKey(
        Depot, models.PROTECT, null=True, blank=True, related_name="standards", verbose_name=_("depot")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    quantity = models.PositiveIntegerField(_("standard quantity"))
    method = models.CharField(_("method"), max_length=10, choices=StandardMethod)
    source = models.CharField(_("source"), max_length=300)
    effective_from = models.DateField(_("in force from"))

    objects: ClassVar[Any] = StandardQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("standard quantity")
        verbose_name_plural = _("standard quantities")
        ordering = ["item_id", "-effective_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(depot__isnull=True) ^ Q(area__isnull=True), name="standard_of_one_place"
            ),
            models.UniqueConstraint(
                fields=["item", "depot", "effective_from"], condition=Q(retired_at__isnull=True), name="depot_standard"
            ),
            models.UniqueConstraint(
                fields=["item", "area", "effective_from"], condition=Q(retired_at__isnull=True), name="area_standard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.quantity} ({self.depot or self.area})"
