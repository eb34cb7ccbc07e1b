"""Administrative areas: lasting identities whose names, codes and boundaries come in dated editions."""

from collections.abc import Iterable
from typing import ClassVar, Self

import pgtrigger
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .record import Record, RecordQuerySet, geometry_field, track


class AreaLevel(models.TextChoices):
    SIDO = "sido", _("Province or metropolitan city")
    SIGUNGU = "sigungu", _("City, county or district")
    EUPMYEONDONG = "eupmyeondong", _("Town, township or neighbourhood")


class Boundary(models.TextChoices):
    SCHEMATIC = "schematic", _("Schematic (not surveyed)")
    IMPORTED = "imported", _("Imported")
    DERIVED = "derived", _("Joined from the areas below")
    DRAWN = "drawn", _("Drawn")


class CodeSystem(models.TextChoices):
    MOIS = "mois", _("Administrative code (MOIS)")
    KOSTAT = "kostat", _("Statistics code (KOSTAT)")


class AdminAreaQuerySet(RecordQuerySet):
    def current(self) -> Self:
        return self.live().filter(valid_to__isnull=True)

    def towns(self) -> Self:
        return self.current().filter(level=AreaLevel.EUPMYEONDONG)

    def by_code(self, code: str) -> "AdminArea | None":
        """The area that has, or once had, this code of either system; a current code wins over a former one."""
        return (
            self.filter(codes__code=code)
            .order_by(models.F("valid_to").desc(nulls_first=True), models.F("codes__valid_to").desc(nulls_first=True))
            .first()
        )

    def descendant_ids(self, area_ids: Iterable[int]) -> frozenset[int]:
        """These areas and everything below them. Four levels suffice: a city of a province may hold districts."""
        ids = list(area_ids)
        below = self.filter(
            Q(pk__in=ids) | Q(parent__in=ids) | Q(parent__parent__in=ids) | Q(parent__parent__parent__in=ids)
        )
        return frozenset(below.order_by().values_list("pk", flat=True))

    def containing(self, point) -> "AdminArea | None":  # type: ignore[no-untyped-def]
        """The current town in which a point (EPSG:5179) lies; on a shared border, the one with the lower code."""
        return self.towns().filter(geometry__intersects=point).order_by("mois_code").first()


# A name is shown with the names above it. Kept by the database, so that renaming a city renames its towns' full names.
full_name_own = pgtrigger.Trigger(
    name="full_name_own",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        NEW.full_name := coalesce(
            (SELECT above.full_name || ' ' FROM gis_core_adminarea AS above WHERE above.id = NEW.parent_id), ''
        ) || NEW.name;
        RETURN NEW;
    """,
)
full_name_below = pgtrigger.Trigger(
    name="full_name_below",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("name", "parent_id", "full_name"),
    condition=pgtrigger.Condition("OLD.full_name IS DISTINCT FROM NEW.full_name"),
    func="""
        UPDATE gis_core_adminarea SET full_name = NEW.full_name || ' ' || name WHERE parent_id = NEW.id;
        RETURN NULL;
    """,
)


@track
class AdminArea(Record):
    """A sido, sigungu or eupmyeondong. Records attach to this row, which outlives its codes and boundaries."""

    level = models.CharField(_("level"), max_length=12, choices=AreaLevel)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    full_name = models.CharField(_("full name"), max_length=200, editable=False)
    mois_code = models.CharField(_("administrative code"), max_length=10, db_index=True)
    kostat_code = models.CharField(_("statistics code"), max_length=8, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    geometry = geometry_field(models.MultiPolygonField, _("boundary"))
    km2 = models.DecimalField(_("area (km²)"), max_digits=12, decimal_places=4, editable=False)
    boundary = models.CharField(_("kind of boundary"), max_length=10, choices=Boundary, default=Boundary.IMPORTED)

    objects: ClassVar = AdminAreaQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        triggers: ClassVar = [*Record.Meta.triggers, full_name_own, full_name_below]
        constraints = [
            models.UniqueConstraint(
                fields=["mois_code"],
                condition=Q(valid_to__isnull=True, retired_at__isnull=True),
                name="one_area_per_code",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class AreaCode(models.Model):
    """A code an area has or had. Codes change and are reused, so they point to areas and never identify them."""

    area = models.ForeignKey(AdminArea, models.CASCADE, related_name="codes", verbose_name=_("area"))
    system = models.CharField(_("code system"), max_length=6, choices=CodeSystem)
    code = models.CharField(_("code"), max_length=10, db_index=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("area code")
        verbose_name_plural = _("area codes")
        constraints = [models.UniqueConstraint(fields=["area", "system", "code"], name="one_row_per_area_code")]

    def __str__(self) -> str:
        return self.code


class AreaEdition(models.Model):
    """One dated state of an area's name and boundary, as a source gave it."""

    area = models.ForeignKey(AdminArea, models.CASCADE, related_name="editions", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=60)
    geometry = geometry_field(models.MultiPolygonField, _("boundary"))
    km2 = models.DecimalField(_("area (km²)"), max_digits=12, decimal_places=4)
    source = models.CharField(_("source"), max_length=200)
    boundary = models.CharField(_("kind of boundary"), max_length=10, choices=Boundary)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("boundary edition")
        verbose_name_plural = _("boundary editions")
        ordering = ["-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from or ''}–{self.valid_to or ''}"
