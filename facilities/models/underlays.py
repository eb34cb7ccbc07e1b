from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gis_core.models.record import Record, track

from .buildings import Level
from .plans import Plan


@track
class Underlay(Record):
    """A scan or drawing shown under a level of a plan. Its picture lies in the file store under ``sha256``: made from
    the upload, upright and without metadata, with a smaller copy for browsers.

    ``width_px`` x ``height_px`` are the drawing's own pixels, which the pictures may have fewer of; ``dpi`` is how
    many of them make an inch of paper, where that is known.
    ``matrix`` takes the drawing's pixels (x right, y down) to the building's metres:
    x' = a x + c y + e, y' = b x + d y + f, in the order a, b, c, d, e, f. Without one it has no scale yet.
    ``points`` are the control points: {"pixel": [x, y], "place": [x, y]}.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="underlays", verbose_name=_("plan"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="underlays", verbose_name=_("level"))
    name = models.CharField(_("name"), max_length=200)
    page = models.PositiveIntegerField(_("page"), default=1)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    dpi = models.FloatField(null=True, blank=True)
    points = models.JSONField(default=list)
    matrix = ArrayField(models.FloatField(), size=6, null=True, blank=True)
    opacity = models.FloatField(_("opacity"), default=0.6, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    order = models.PositiveSmallIntegerField(default=0)
    visible = models.BooleanField(default=True)

    class Meta(Record.Meta):
        verbose_name = _("underlay")
        verbose_name_plural = _("underlays")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
