"""What points to an empty house before anybody goes there, and what rules it out (처리지침 §8의3)."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea, Job
from gis_core.models.record import DomainRecord, Record, geometry_field, track


class MeterKind(models.TextChoices):
    POWER = "power", _("Electricity")
    WATER = "water", _("Water")
    GAS = "gas", _("Gas")


class ReadingBatch(Record):
    """One delivered file of readings or other evidence, with what was made of its rows."""

    name = models.CharField(_("file"), max_length=200)
    source = models.CharField(_("source"), max_length=200)
    delivered_on = models.DateField(_("delivered on"), default=timezone.localdate)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    report = models.JSONField(default=dict)

    class Meta(Record.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-delivered_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class Meter(models.Model):
    """A utility meter with its monthly use. ``usage[i]`` is the month ``first_month`` + i; null is unknown, never 0.

    Not a ``Record``: a city has a million, delivered anew each year, and nobody edits them by hand.
    """

    kind = models.CharField(_("kind"), max_length=5, choices=MeterKind)
    number = models.CharField(_("meter number"), max_length=40)
    pnu = models.CharField(_("parcel number (PNU)"), max_length=19, db_index=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    location = geometry_field(models.PointField, _("location"), null=True, blank=True)
    first_month = models.DateField(_("first month"))
    # kWh, m3.
    usage = ArrayField(models.FloatField(null=True), verbose_name=_("use by month"))
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    cut_off_on = models.DateField(_("cut off on"), null=True, blank=True)
    batch = models.ForeignKey(ReadingBatch, models.CASCADE, related_name="meters", verbose_name=_("delivery"))

    class Meta:
        verbose_name = _("meter")
        verbose_name_plural = _("meters")
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="meter_once")]
        indexes = [models.Index(fields=["area", "pnu"], name="meter_area_pnu")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Evidence(models.Model):
    """One sign from another source, by parcel; ``code`` is a reason of the screening table (mail pile, solar PV)."""

    code = models.SlugField(_("reason"), max_length=40)
    pnu = models.CharField(_("parcel number (PNU)"), max_length=19, db_index=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    location = geometry_field(models.PointField, _("location"), null=True, blank=True)
    observed_on = models.DateField(_("observed on"), null=True, blank=True)
    # False is knowledge too: somebody looked, and there was no such sign.
    present = models.BooleanField(_("found"), default=True)
    batch = models.ForeignKey(ReadingBatch, models.CASCADE, related_name="evidence", verbose_name=_("delivery"))

    class Meta:
        verbose_name = _("sign of vacancy")
        verbose_name_plural = _("signs of vacancy")

    def __str__(self) -> str:
        return f"{self.code} {self.pnu}"


class Exclusion(models.Model):
    """A house that is none by law: public rental, unsold, second home ... ``code`` is one of the screening table's."""

    code = models.SlugField(_("reason"), max_length=40)
    pnu = models.CharField(_("parcel number (PNU)"), max_length=19, db_index=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    batch = models.ForeignKey(ReadingBatch, models.CASCADE, related_name="exclusions", verbose_name=_("delivery"))

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")

    def __str__(self) -> str:
        return f"{self.code} {self.pnu}"


@track
class RegisteredBuilding(DomainRecord):
    """A building of the register (건축물대장), vacant or not: what shares and ages of an area are counted against."""

    pnu = models.CharField(_("parcel number (PNU)"), max_length=19, db_index=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    use = models.CharField(_("use"), max_length=60)
    is_house = models.BooleanField(_("is a house"), default=True)
    structure = models.CharField(_("structure"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved for use on"), null=True, blank=True)
    floor_area_m2 = models.FloatField(_("floor area (m²)"), null=True, blank=True)
    location = geometry_field(models.PointField, _("location"))
    footprint = geometry_field(models.PolygonField, _("footprint"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("registered building")
        verbose_name_plural = _("registered buildings")
        ordering = ["pk"]
        indexes = [models.Index(fields=["area", "id"], name="registered_area_id")]

    def __str__(self) -> str:
        return f"{self.use} {self.pnu}"
