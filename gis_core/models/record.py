"""What every record has: a version, who and when, retirement instead of deletion, and a history."""

from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.fields import GeometryField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.crs import STORAGE_SRID


class RecordQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        """Records that have not been retired."""
        return self.filter(retired_at__isnull=True)

    def in_areas(self, area_ids: frozenset[int] | None) -> Self:
        """Records of these areas; None means everywhere."""
        return self if area_ids is None else self.filter(area_id__in=sorted(area_ids))


# In the database, so that bulk updates and plain SQL count too.
bump_version = pgtrigger.Trigger(
    name="bump_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
)

# One row per writing statement, inserted and never updated, so that writers do not wait for one another;
# gis_core.layers.versions reads them as the version of a layer's data.
note_change = pgtrigger.Trigger(
    name="note_change",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
)


class Record(models.Model):
    """Base of everything a user keeps. Users retire records; only administrators purge them."""

    id: Any
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("made by")
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    retired_reason = models.CharField(_("reason of retirement"), max_length=200, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    # Bookkeeping: never part of a comparison, a restore or a form.
    BOOKKEEPING: ClassVar[frozenset[str]] = frozenset(
        {"id", "version", "created_at", "updated_at", "created_by", "updated_by"}
    )

    class Meta:
        abstract = True
        triggers: ClassVar = [bump_version, note_change]


class DomainRecord(Record):
    """A record of a domain: it may be invented example data, which the pages then say."""

    is_example = models.BooleanField(_("example data"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = True


def geometry_field(kind: type[GeometryField], title: Any, **options: Any) -> GeometryField:
    return kind(title, srid=STORAGE_SRID, **options)


def track(model: type[models.Model]) -> type[models.Model]:
    """Keep every change of a model as an event, without a spatial index on the copies of its geometries."""
    copies: dict[str, Any] = {}
    for field in model._meta.local_fields:
        if isinstance(field, GeometryField):
            copies[field.name] = field.__class__(srid=field.srid, null=True, spatial_index=False)
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="events"),
        attrs=copies,
    )(model)
