"""Indicators of areas, and the sheets by which towns are evaluated with them."""

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .areas import AdminArea
from .record import DomainRecord, track


class Direction(models.TextChoices):
    HIGHER = "higher", _("more is better")
    LOWER = "lower", _("less is better")
    NEITHER = "neither", _("neither is better")


@track
class Indicator(DomainRecord):
    """What is measured. With a ``formula`` (of other indicators' keys) its values are computed, otherwise entered."""

    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20)
    direction = models.CharField(_("direction"), max_length=7, choices=Direction, default=Direction.HIGHER)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(4)])
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    formula = models.CharField(_("formula"), max_length=300, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(retired_at__isnull=True), name="indicator_key_once")
        ]

    def __str__(self) -> str:
        return self.name


@track
class IndicatorValue(DomainRecord):
    """A figure of an area in a period: a year ``2019``, half ``2019-H1``, quarter ``2019-Q3`` or month ``2019-07``."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name=_("indicator"))
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    period = models.CharField(_("period"), max_length=7)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("indicator value")
        verbose_name_plural = _("indicator values")
        ordering = ["period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period"],
                condition=Q(retired_at__isnull=True),
                name="indicator_value_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.value}"


@track
class EvaluationSheet(DomainRecord):
    """A year's evaluation of the towns of a city: tasks, weights and scoring rules as one edition (``body``, read by
    ``gis_core.indicators.evaluation``). What was closed keeps its scores."""

    title = models.CharField(_("title"), max_length=120)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("city or county"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    source = models.CharField(_("source"), max_length=300)
    body = models.JSONField(_("content"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    # The scores as they were when it was closed.
    scores = models.JSONField(null=True, editable=False)

    class Meta(DomainRecord.Meta):
        verbose_name = _("evaluation sheet")
        verbose_name_plural = _("evaluation sheets")
        ordering = ["-year", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"
