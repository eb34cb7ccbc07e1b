"""Plans: scenarios of a building. A plan is one document; its parts are rows, written only by services.plans."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.plan import document
from facilities.querysets import PlanQuerySet
from gis_core.crs import LOCAL_SRID
from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .buildings import Building, Level


class PlanStatus(models.TextChoices):
    AS_IS = "as_is", _("As-is")
    OPTION = "option", _("Option")
    AGREED = "agreed", _("Agreed")
    AS_BUILT = "as_built", _("As built")


@track
class Plan(DomainRecord):
    """``version`` counts the document as a whole. A plan with ``frozen_at`` is no longer edited.

    ``is_shown`` marks the one plan of its building that the world map shows.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="plans", verbose_name=_("building"))
    name = models.CharField(_("name"), max_length=80)
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus, default=PlanStatus.AS_IS)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="options", verbose_name=_("based on")
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)
    is_shown = models.BooleanField(_("shown on the map"), default=False, editable=False)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta(DomainRecord.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["building", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "name"], condition=models.Q(retired_at__isnull=True), name="plan_name_once"
            ),
            models.UniqueConstraint(fields=["building"], condition=models.Q(is_shown=True), name="one_plan_shown"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class PlanPart(Record):
    """What every part of a plan has; the other columns are the attributes of ``facilities.plan.document``."""

    key = models.UUIDField(default=uuid.uuid4)

    class Meta(Record.Meta):
        abstract = True


def _once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["plan", "key"], name=name)


@track
class Unit(PlanPart):
    """A room. ``place`` is its polygon in the world (EPSG:5179), derived from ``geometry`` and the building's frame."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="units", verbose_name=_("plan"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="units", verbose_name=_("level"))
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    geometry = models.PolygonField(_("geometry"), srid=LOCAL_SRID, spatial_index=False)
    place = geometry_field(models.PolygonField, _("place"))
    category = models.CharField(
        _("category"), max_length=40, choices=_choices(document.UNIT_CATEGORIES), default="unspecified"
    )
    restriction = models.CharField(
        _("restriction"), max_length=13, choices=_choices(document.RESTRICTIONS), blank=True, default=""
    )
    name_ko = models.CharField(_("name (Korean)"), max_length=60, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    number = models.CharField(_("room number"), max_length=12, blank=True)
    teams = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("teams"))
    desks = models.PositiveSmallIntegerField(_("desks"), default=0)
    after_hours = models.BooleanField(_("used after hours"), default=False)
    idle = models.BooleanField(_("idle"), default=False)
    shaft = models.CharField(_("shaft"), max_length=20, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["pk"]
        constraints = [_once("unit_once_per_plan")]

    def __str__(self) -> str:
        return self.name_ko or self.name_en or self.number or "—"


@track
class Opening(PlanPart):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="openings", verbose_name=_("plan"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="openings", verbose_name=_("level"))
    geometry = models.LineStringField(_("geometry"), srid=LOCAL_SRID, spatial_index=False)
    kind = models.CharField(_("kind"), max_length=4, choices=_choices(document.OPENING_KINDS), default=document.DOOR)
    restriction = models.CharField(
        _("restriction"), max_length=13, choices=_choices(document.RESTRICTIONS), blank=True, default=""
    )
    access_control = models.CharField(
        _("access control"), max_length=17, choices=_choices(document.ACCESS_CONTROLS), blank=True, default=""
    )
    after_hours = models.CharField(
        _("after hours"), max_length=6, choices=_choices(document.AFTER_HOURS), blank=True, default=""
    )
    entrance = models.BooleanField(_("entrance"), default=False)
    step_free = models.BooleanField(_("step-free"), default=True)
    automatic = models.BooleanField(_("automatic"), default=False)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["pk"]
        constraints = [_once("opening_once_per_plan")]

    def __str__(self) -> str:
        return self.name or str(self.key)


@track
class Fixture(PlanPart):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="fixtures", verbose_name=_("plan"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="fixtures", verbose_name=_("level"))
    geometry = models.GeometryField(_("geometry"), srid=LOCAL_SRID, spatial_index=False)
    category = models.CharField(
        _("category"), max_length=20, choices=_choices(document.FIXTURE_CATEGORIES), default="furniture"
    )
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = _("fixture")
        verbose_name_plural = _("fixtures")
        ordering = ["pk"]
        constraints = [_once("fixture_once_per_plan")]

    def __str__(self) -> str:
        return self.name or self.category


@track
class Amenity(PlanPart):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="amenities", verbose_name=_("plan"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="amenities", verbose_name=_("level"))
    geometry = models.PointField(_("geometry"), srid=LOCAL_SRID, spatial_index=False)
    category = models.CharField(
        _("category"), max_length=20, choices=_choices(document.AMENITY_CATEGORIES), default="unspecified"
    )
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = _("amenity")
        verbose_name_plural = _("amenities")
        ordering = ["pk"]
        constraints = [_once("amenity_once_per_plan")]

    def __str__(self) -> str:
        return self.name or self.category


PART_MODELS: dict[document.Kind, type[Any]] = {
    "units": Unit,
    "openings": Opening,
    "fixtures": Fixture,
    "amenities": Amenity,
}


class PlanEdit(models.Model):
    """One edit of a plan: what it did to which parts, kept so that it can be told, undone and sent to others.

    ``number`` is the plan's version after it; ``changes`` is a list of {kind, key, before, after}. An undo or redo is
    an edit too; ``undoes`` names the edit it takes back.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="edits", verbose_name=_("plan"))
    number = models.PositiveIntegerField(_("number"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    operation = models.CharField(_("operation"), max_length=40)
    changes = models.JSONField(default=list)
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undone_by")

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="edit_number_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"
