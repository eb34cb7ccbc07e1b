"""Organisations: offices, residents' bodies and partners that records and zones refer to."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from .areas import AdminArea
from .record import DomainRecord, geometry_field, track


class OrganisationKind(models.TextChoices):
    LOCAL_GOVERNMENT = "local_government", _("City or county office")
    TOWN_OFFICE = "town_office", _("Town office")
    RESIDENTS_COUNCIL = "residents_council", _("Residents' council")
    VILLAGE_HEADS = "village_heads", _("Village heads' association")
    VOLUNTEER_FIRE = "volunteer_fire", _("Volunteer fire brigade")
    NIGHT_PATROL = "night_patrol", _("Night patrol")
    DISASTER_CORPS = "disaster_corps", _("Volunteer disaster corps")
    MACHINERY_OWNER = "machinery_owner", _("Construction machinery owner")
    CIVIC = "civic", _("Civic organisation")
    OTHER = "other", _("Other")


@track
class Organisation(DomainRecord):
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=50, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    location = geometry_field(models.PointField, _("location"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
