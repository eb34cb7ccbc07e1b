"""Vacant houses: what everything else of this domain refers to."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from gis_core.layers.counts import cell_count_triggers
from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, geometry_field, track


class Regime(models.TextChoices):
    """Which law applies: the urban act, or the act for rural areas."""

    URBAN = "urban", _("Urban")
    RURAL = "rural", _("Rural")


class HouseStatus(models.TextChoices):
    CANDIDATE = "candidate", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed vacant")
    NOT_VACANT = "not_vacant", _("Not vacant")
    REUSED = "reused", _("In use again")
    DEMOLISHED = "demolished", _("Demolished")


class Grade(models.TextChoices):
    """Three grades since 2023-10-18 (시행령 §8의2②); four before, which some towns still report; two in the rural
    regime. Which of them a rule table may give is the table's own matter."""

    ONE = "1", _("Grade 1: to be used")
    TWO = "2", _("Grade 2: to be managed")
    THREE = "3", _("Grade 3: to be cleared")
    FOUR = "4", _("Grade 4: to be cleared (until 2023)")
    ORDINARY = "ordinary", _("Ordinary vacant house (rural)")
    SPECIFIC = "specific", _("Specific vacant house (rural)")
    NONE = "none", _("Not graded")


@track
class VacantHouse(DomainRecord):
    pnu = models.CharField(_("parcel number (PNU)"), max_length=19, db_index=True)
    address = models.CharField(_("address"), max_length=200)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    regime = models.CharField(_("regime"), max_length=5, choices=Regime)
    status = models.CharField(_("status"), max_length=12, choices=HouseStatus, default=HouseStatus.CANDIDATE)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, default=Grade.NONE)
    found_on = models.DateField(_("found on"))
    built_year = models.PositiveSmallIntegerField(_("year built"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    location = geometry_field(models.PointField, _("location"))
    parcel = geometry_field(models.PolygonField, _("parcel"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("vacant house")
        verbose_name_plural = _("vacant houses")
        ordering = ["pk"]
        triggers = [*DomainRecord.Meta.triggers, *cell_count_triggers("vacant-houses", "location", "grade")]
        indexes = [
            models.Index(fields=["area", "id"], name="vacanthouse_area_id"),
            # Search is icontains, which Django writes as UPPER(column) LIKE.
            GinIndex(OpClass(Upper("address"), "gin_trgm_ops"), name="vacanthouse_address_words"),
            GinIndex(OpClass(Upper("pnu"), "gin_trgm_ops"), name="vacanthouse_pnu_digits"),
        ]

    def __str__(self) -> str:
        return self.address
