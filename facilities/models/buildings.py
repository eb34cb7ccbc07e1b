"""Buildings of a centre and their levels, each building with a frame of its own."""

import uuid

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gis_core.crs import LOCAL_SRID, LocalFrame
from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .centres import Centre


@track
class Building(DomainRecord):
    """``anchor`` is where the origin of the building's own metres lies; ``rotation`` turns its x axis from grid
    east, counter-clockwise in degrees. Plans are drawn in these metres, square to the walls."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="buildings", verbose_name=_("centre"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    rotation = models.FloatField(
        _("rotation (degrees)"),
        default=0.0,
        validators=[MinValueValidator(-360), MaxValueValidator(360)],
        help_text=_("Of the long walls from grid east, counter-clockwise."),
    )
    note = models.TextField(_("note"), blank=True)
    anchor = geometry_field(models.PointField, _("anchor"))
    footprint = geometry_field(models.PolygonField, _("footprint"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def frame(self) -> LocalFrame:
        return LocalFrame(self.anchor.x, self.anchor.y, self.rotation)


@track
class Level(Record):
    """A floor, shared by every plan of its building. ``outline`` is in the building's metres, and is the outer face
    of the outer walls."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="levels", verbose_name=_("building"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ordinal = models.SmallIntegerField(
        _("ordinal"),
        validators=[MinValueValidator(-9), MaxValueValidator(99)],
        help_text=_("0 is the ground floor, -1 the first basement."),
    )
    short_name = models.CharField(_("short name"), max_length=8)
    name = models.CharField(_("name"), max_length=60, blank=True)
    height_m = models.FloatField(
        _("height (m)"), null=True, blank=True, validators=[MinValueValidator(1.8), MaxValueValidator(30)]
    )
    outline = models.GeometryField(_("outline"), srid=LOCAL_SRID, null=True, blank=True, spatial_index=False)

    class Meta(Record.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["building", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "ordinal"],
                condition=models.Q(retired_at__isnull=True),
                name="level_once_per_building",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.short_name
