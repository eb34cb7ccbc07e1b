"""What phones that may be offline have sent: devices, records with their receipts, files, and comparisons.

Domains register what they accept (``gis_core.offline.kinds``); here is what is true of every kind.
"""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.encryption import EncryptedTextField

from .files import Attachment
from .record import geometry_field


class Device(models.Model):
    """One browser of one person. ``sequence`` and ``chain`` are the head of what it has sent (see ``Entry``)."""

    uuid = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    label = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    sequence = models.PositiveIntegerField(_("last number"), default=0)
    chain = models.CharField(max_length=64, blank=True)
    clock_skew_s = models.FloatField(_("clock ahead (s)"), null=True)
    unsent = models.PositiveIntegerField(_("not yet sent"), null=True)
    oldest_unsent_at = models.DateTimeField(_("oldest not yet sent"), null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"{self.user} · {self.label or str(self.uuid)[:8]}"


class OfflineState(models.TextChoices):
    ACCEPTED = "accepted", _("Complete")
    WAITING = "waiting", _("Waiting for files")
    REJECTED = "rejected", _("Not accepted")


class OfflineRecord(models.Model):
    """A record by the uuid its device gave it. ``target_id`` is the domain's row once there is one.

    ``body`` is the text as it now counts; a rejected one is kept too. ``version`` counts accepted states.
    """

    kind = models.CharField(max_length=40)
    uuid = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="records", verbose_name=_("device"))
    state = models.CharField(_("state"), max_length=8, choices=OfflineState)
    version = models.PositiveIntegerField(_("version"), default=0)
    body = EncryptedTextField()
    body_sha256 = models.CharField(max_length=64)
    problems = models.JSONField(default=list)
    target_id = models.BigIntegerField(null=True)
    device_time = models.DateTimeField(_("time of the device"), null=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("record of a device")
        verbose_name_plural = _("records of devices")
        constraints = [models.UniqueConstraint(fields=["kind", "uuid"], name="offline_record_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class OfflineEntry(models.Model):
    """One sending that was answered: the receipt. Never changed.

    ``chain`` is the SHA-256 of ``previous``, the number, the record and the body (``gis_core.offline.chain``), so that
    device and server can tell with one comparison whether they hold the same history.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    record = models.ForeignKey(OfflineRecord, models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField()
    body = EncryptedTextField()
    body_sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    receipt = models.JSONField()
    device_time = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "sequence"], name="offline_entry_once")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.sequence}"


class OfflineFile(models.Model):
    """A file that a record announces: it is complete only when every one has arrived."""

    record = models.ForeignKey(OfflineRecord, models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    slot = models.CharField(max_length=60, blank=True)
    size = models.BigIntegerField()
    taken_at = models.DateTimeField(null=True)
    taken_place = geometry_field(models.PointField, _("taken where"), null=True)
    accuracy_m = models.FloatField(null=True)
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "sha256", "slot"], name="offline_file_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.slot}"


class Upload(models.Model):
    """A file on its way, in pieces; ``received`` bytes lie under MEDIA_ROOT (``gis_core.offline.uploads``)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sha256"], name="upload_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.received}/{self.size}"


class Reconciliation(models.Model):
    """One comparison of what a device says it has sent with what the server holds of it."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="reconciliations", verbose_name=_("device"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    device_count = models.PositiveIntegerField(_("on the device"))
    server_count = models.PositiveIntegerField(_("on the server"))
    agrees = models.BooleanField(_("agrees"))
    # Uuids that one side lacks, and numbers whose chain differs.
    differences = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("comparison with a device")
        verbose_name_plural = _("comparisons with devices")
        indexes = [models.Index(fields=["device", "-at"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.device} {self.device_count}/{self.server_count}"
