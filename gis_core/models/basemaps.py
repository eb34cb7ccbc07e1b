"""What lies under the layers of the map."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .jobs import Job

MAX_ZOOM = 22


class BaseMapKind(models.TextChoices):
    TILES = "tiles", _("Tile server")
    RASTER = "raster", _("Own raster (GeoTIFF)")


class BaseMapQuerySet(models.QuerySet["BaseMap"]):
    def usable(self) -> "BaseMapQuerySet":
        """Enabled, and of the rasters only those whose conversion is done."""
        return self.filter(Q(kind=BaseMapKind.TILES) | ~Q(file=""), enabled=True)


class BaseMap(models.Model):
    """Tiles of a server (``url`` with {z}, {x}, {y}) or an own raster (``file`` under MEDIA_ROOT, EPSG:3857).

    ``bounds`` is [west, south, east, north] in CRS84 degrees; ``raster`` describes how the file is drawn
    (``gis_core.tiles.raster.Drawing``).
    """

    name_ko = models.CharField(_("name (Korean)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=6, choices=BaseMapKind)
    url = models.CharField(_("tile address"), max_length=500, blank=True)
    attribution = models.CharField(_("attribution"), max_length=300, blank=True)
    min_zoom = models.PositiveSmallIntegerField(_("lowest zoom"), default=0, validators=[MaxValueValidator(MAX_ZOOM)])
    max_zoom = models.PositiveSmallIntegerField(_("highest zoom"), default=19, validators=[MaxValueValidator(MAX_ZOOM)])
    opacity = models.FloatField(_("opacity"), default=1, validators=[MinValueValidator(0), MaxValueValidator(1)])
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    enabled = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("shown first"), default=False)
    file = models.CharField(max_length=200, blank=True, editable=False)
    bounds = models.JSONField(null=True, editable=False)
    raster = models.JSONField(default=dict, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = BaseMapQuerySet.as_manager()

    class Meta:
        verbose_name = _("base map")
        verbose_name_plural = _("base maps")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_basemap"),
            models.CheckConstraint(condition=Q(min_zoom__lte=models.F("max_zoom")), name="basemap_zooms_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_ko
