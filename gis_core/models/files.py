"""Photos and documents attached to records of any layer."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, transformer

from .record import geometry_field


class AttachmentKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    DOCUMENT = "document", _("Document")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def live(self) -> "AttachmentQuerySet":
        return self.filter(retired_at__isnull=True)

    def of(self, layer: str, record_id: int) -> "AttachmentQuerySet":
        """Attachments of one record, the newest first."""
        return self.filter(layer=layer, record_id=record_id).order_by("-uploaded_at", "pk")


class Attachment(models.Model):
    """A file on a record. The bytes lie under MEDIA_ROOT, named by ``sha256`` (see ``gis_core.files.store``).

    ``metadata``, ``taken_at`` and ``taken_place`` come from the photo itself and are private: a photo tells where
    somebody stood. What others see is a copy without them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    layer = models.CharField(_("layer"), max_length=40)
    record_id = models.BigIntegerField(_("record"))
    kind = models.CharField(_("kind"), max_length=8, choices=AttachmentKind)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.BigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    taken_place = geometry_field(models.PointField, _("taken where"), null=True)
    metadata = models.JSONField(default=dict)
    retired_at = models.DateTimeField(_("retired at"), null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("retired by")
    )
    retired_reason = models.CharField(_("reason of retirement"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(fields=["layer", "record_id"], name="attachment_record")]
        constraints = [
            # The same file twice on one record is one attachment.
            models.UniqueConstraint(
                fields=["sha256", "layer", "record_id"],
                condition=models.Q(retired_at__isnull=True),
                name="file_once_per_record",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.kind == AttachmentKind.PHOTO

    @property
    def place_text(self) -> str:
        """Where the photo was taken, as latitude and longitude; empty when it does not say."""
        if self.taken_place is None:
            return ""
        longitude, latitude = transformer(STORAGE_SRID, LONLAT_SRID).transform(self.taken_place.x, self.taken_place.y)
        return f"{latitude:.5f}, {longitude:.5f}"
