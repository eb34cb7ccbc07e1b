"""What coverage and readiness are measured by: villages, roads, flood maps, and kept scores."""

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea, Job
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .catalogue import Hazard


@track
class Village(DomainRecord):
    """Where people live together: the point that help must reach."""

    name = models.CharField(_("name"), max_length=60)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    people = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    counted_on = models.DateField(_("counted on"), null=True, blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("village")
        verbose_name_plural = _("villages")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


@track
class Road(DomainRecord):
    """A piece of the road network, joined to others where their ends meet."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    speed_kmh = models.PositiveSmallIntegerField(_("speed (km/h)"))
    is_one_way = models.BooleanField(_("one way"), default=False)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    line = geometry_field(models.LineStringField, _("line"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("road")
        verbose_name_plural = _("roads")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(speed_kmh__gt=0), name="road_can_be_driven")]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class HazardRaster(Record):
    """Depths of water in metres as a GeoTIFF under MEDIA_ROOT; where it says nodata, nothing is known."""

    title = models.CharField(_("title"), max_length=120)
    hazard = models.CharField(_("hazard"), max_length=10, choices=Hazard, default=Hazard.FLOOD)
    scenario = models.CharField(_("scenario"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=300)
    file = models.CharField(max_length=200, editable=False)
    crs = models.CharField(_("CRS"), max_length=60, editable=False)
    # [west, south, east, north] in CRS84 degrees.
    bounds = models.JSONField(null=True, editable=False)
    max_depth_m = models.FloatField(_("greatest depth (m)"), null=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, editable=False, related_name="+")
    is_example = models.BooleanField(_("example data"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("flood map")
        verbose_name_plural = _("flood maps")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class ReadinessScore(models.Model):
    """Readiness of a town for a hazard as it was on a day, kept for the trend. ``score`` is null where unknown;
    ``parts`` is what it was made of, as ``disaster.readiness`` gives it."""

    area = models.ForeignKey(AdminArea, models.CASCADE, related_name="+", verbose_name=_("town"))
    hazard = models.CharField(_("hazard"), max_length=10, choices=Hazard)
    day = models.DateField(_("day"))
    score = models.FloatField(_("readiness"), null=True)
    parts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kept readiness")
        verbose_name_plural = _("kept readiness")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["area", "hazard", "day"], name="readiness_once_a_day")]

    def __str__(self) -> str:
        return f"{self.area} {self.hazard} {self.day:%Y-%m-%d}"
