"""Cooperation zones: covers of member areas and organisations, overlapping allowed."""

from django.contrib.gis.db import models
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from .areas import AdminArea
from .organisations import Organisation
from .record import DomainRecord, geometry_field, track


class ZoneKind(models.TextChoices):
    LIVING_SPHERE = "living_sphere", _("Living sphere")
    COOPERATION = "cooperation", _("Residents' cooperation")
    DISASTER = "disaster", _("Disaster mutual aid")
    SERVICE = "service", _("Shared services")


@track
class CooperationZone(DomainRecord):
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=15, choices=ZoneKind, default=ZoneKind.COOPERATION)
    purpose = models.TextField(_("purpose"), blank=True)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead organisation")
    )
    member_areas = models.ManyToManyField(
        AdminArea, through="ZoneArea", blank=True, related_name="zones", verbose_name=_("member areas")
    )
    member_organisations = models.ManyToManyField(
        Organisation,
        through="ZoneOrganisation",
        blank=True,
        related_name="zones",
        verbose_name=_("member organisations"),
    )
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    budget_krw = models.BigIntegerField(_("budget (KRW)"), null=True, blank=True, validators=[MinValueValidator(0)])
    drawn = models.BooleanField(_("drawn by hand"), default=False, editable=False)
    geometry = geometry_field(models.MultiPolygonField, _("extent"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("cooperation zone")
        verbose_name_plural = _("cooperation zones")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


@track
class ZoneArea(models.Model):
    cooperationzone = models.ForeignKey(CooperationZone, models.CASCADE)
    adminarea = models.ForeignKey(AdminArea, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cooperationzone", "adminarea"], name="area_once_per_zone")]


@track
class ZoneOrganisation(models.Model):
    cooperationzone = models.ForeignKey(CooperationZone, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cooperationzone", "organisation"], name="organisation_once_per_zone")
        ]
