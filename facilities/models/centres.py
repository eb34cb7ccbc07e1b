"""Community centres, which IMDF calls venues, and the teams that work in them."""

import uuid

from django.contrib.gis.db import models
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, geometry_field, track


class CentreCategory(models.TextChoices):
    COMMUNITY_CENTER = "communitycenter", _("Community centre")
    GOVERNMENT_FACILITY = "governmentfacility", _("Administrative welfare centre")


@track
class Centre(DomainRecord):
    name = models.CharField(_("name"), max_length=100)
    category = models.CharField(
        _("category"), max_length=20, choices=CentreCategory, default=CentreCategory.GOVERNMENT_FACILITY
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    gross_floor_area_m2 = models.DecimalField(
        _("gross floor area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    location = geometry_field(models.PointField, _("location"))
    footprint = geometry_field(models.PolygonField, _("footprint"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


@track
class Team(DomainRecord):
    """A team of a centre. ``key`` is what plans seat: it stays the same in every plan."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="teams", verbose_name=_("centre"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    headcount_now = models.PositiveSmallIntegerField(_("staff now"), default=0)
    headcount_planned = models.PositiveSmallIntegerField(_("staff planned"), default=0)
    visits_per_day = models.PositiveSmallIntegerField(_("civil visits a day"), default=0)

    class Meta(DomainRecord.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"], condition=models.Q(retired_at__isnull=True), name="team_once_per_centre"
            )
        ]

    def __str__(self) -> str:
        return self.name
