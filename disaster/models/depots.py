"""Depots (보관소): where supplies and equipment are kept."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from gis_core.encryption import EncryptedTextField
from gis_core.models import AdminArea, Organisation
from gis_core.models.record import DomainRecord, geometry_field, track


class DepotKind(models.TextChoices):
    FLOOD = "flood", _("Flood defence")
    SNOW = "snow", _("Snow removal")
    FIRE = "fire", _("Fire")
    RELIEF = "relief", _("Relief goods")
    GENERAL = "general", _("General")


@track
class Depot(DomainRecord):
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=DepotKind, default=DepotKind.FLOOD)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    keeper = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="depots",
        verbose_name=_("keeper organisation"),
    )
    keeper_person = EncryptedTextField(_("keeper"), blank=True)
    keeper_phone = EncryptedTextField(_("keeper's phone"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    access_note = models.TextField(_("how to get in"), blank=True)
    location = geometry_field(models.PointField, _("location"))
    # Where the way to the depot leaves the road: a dry depot behind a flooded way is of no use.
    access_place = geometry_field(models.PointField, _("place of the way in"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("depot")
        verbose_name_plural = _("depots")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
