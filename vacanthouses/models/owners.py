"""Owners of vacant houses: encrypted, and seen only by those who need them (빈집 특례법 §24, §26, §28)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_core.encryption import EncryptedTextField
from gis_core.models.record import Record, track

from .houses import VacantHouse


@track
class Owner(Record):
    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="owners", verbose_name=_("house"))
    name = EncryptedTextField(_("name"))
    phone = EncryptedTextField(_("phone"), blank=True)
    address = EncryptedTextField(_("address"), blank=True)
    share = models.CharField(_("share"), max_length=20, blank=True)
    # Nothing is published, and nobody is offered the house, without these.
    publication_consent_on = models.DateField(_("agreed to publication on"), null=True, blank=True)
    reuse_consent_on = models.DateField(_("agreed to reuse on"), null=True, blank=True)
    note = EncryptedTextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(_("owner")) + f" {self.pk}"
