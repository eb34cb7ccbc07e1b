"""What the members of a zone have agreed to, and what they do together."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .areas import AdminArea
from .files import Attachment
from .organisations import Organisation
from .record import DomainRecord, Record, RecordQuerySet, geometry_field, track
from .zones import CooperationZone


class ZoneAgreementQuerySet(RecordQuerySet):
    def in_force(self, day: date) -> "ZoneAgreementQuerySet":
        """Agreements that count on a day; an expired one stops counting by itself."""
        return self.live().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


@track
class ZoneAgreement(DomainRecord):
    zone = models.ForeignKey(
        CooperationZone, models.PROTECT, related_name="agreements", verbose_name=_("cooperation zone")
    )
    title = models.CharField(_("title"), max_length=120)
    parties = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("parties"))
    signed_on = models.DateField(_("signed on"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    terms = models.TextField(_("what was agreed"), blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    # A file attached to the zone.
    document = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    objects: ClassVar[Any] = ZoneAgreementQuerySet.as_manager()

    class Meta(DomainRecord.Meta):
        verbose_name = _("agreement of a zone")
        verbose_name_plural = _("agreements of zones")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="zone_agreement_begins_first",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ProjectStage(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("project", "Proposed")
    AGREED = "agreed", pgettext_lazy("project", "Agreed")
    UNDERWAY = "underway", _("Under way")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


@track
class ZoneProject(DomainRecord):
    """What a zone does together, at a place, along a line or in an area."""

    zone = models.ForeignKey(
        CooperationZone, models.PROTECT, related_name="projects", verbose_name=_("cooperation zone")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("what it is about"), blank=True)
    stage = models.CharField(_("stage"), max_length=8, choices=ProjectStage, default=ProjectStage.PROPOSED)
    agreement = models.ForeignKey(
        ZoneAgreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("agreement it rests on"),
    )
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead organisation")
    )
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("partners"))
    starts_on = models.DateField(_("period from"), null=True, blank=True)
    ends_on = models.DateField(_("period to"), null=True, blank=True)
    geometry = geometry_field(models.GeometryField, _("place"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("zone project")
        verbose_name_plural = _("zone projects")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="zone_project_begins_first",
            )
        ]

    def __str__(self) -> str:
        return self.name


class BudgetSource(models.TextChoices):
    NATIONAL = "national", pgettext_lazy("budget", "State")
    PROVINCE = "province", pgettext_lazy("budget", "Province")
    CITY = "city", pgettext_lazy("budget", "City or county")
    RESIDENTS = "residents", pgettext_lazy("budget", "Residents")
    PARTNER = "partner", _("Partner organisation")
    OTHER = "other", _("Other")


def _krw(title: Any, **options: Any) -> models.BigIntegerField:
    return models.BigIntegerField(title, validators=[MinValueValidator(0), MaxValueValidator(10**14)], **options)


@track
class ProjectBudget(Record):
    """Money of one source in one year: what was planned, and what was spent; not spent yet is unknown, not zero."""

    project = models.ForeignKey(ZoneProject, models.CASCADE, related_name="budgets", verbose_name=_("zone project"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    source = models.CharField(_("source of the money"), max_length=9, choices=BudgetSource, default=BudgetSource.CITY)
    planned_krw = _krw(_("budget (KRW)"))
    executed_krw = _krw(_("spent (KRW)"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("budget of a zone project")
        verbose_name_plural = _("budgets of zone projects")
        ordering = ["year", "source", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "source"],
                condition=Q(retired_at__isnull=True),
                name="budget_once_per_year_and_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_source_display()}"


@track
class ProjectEvent(Record):
    """A meeting, festival or working day of a project."""

    project = models.ForeignKey(ZoneProject, models.CASCADE, related_name="dates", verbose_name=_("zone project"))
    held_on = models.DateField(_("held on"))
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120, blank=True)
    attendance = models.PositiveIntegerField(_("attendance"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("event of a zone project")
        verbose_name_plural = _("events of zone projects")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.held_on:%Y-%m-%d})"


@track
class ProjectOutput(Record):
    """Something a project brought: so many boxes, metres, members."""

    project = models.ForeignKey(ZoneProject, models.CASCADE, related_name="outputs", verbose_name=_("zone project"))
    title = models.CharField(_("title"), max_length=120)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    made_on = models.DateField(_("date"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("output of a zone project")
        verbose_name_plural = _("outputs of zone projects")
        ordering = ["made_on", "pk"]

    def __str__(self) -> str:
        return self.title


class LinkKind(models.TextChoices):
    MOVEMENTS = "movements", _("Movements (people)")
    MINUTES = "minutes", _("Travel time (minutes)")


class AreaLink(models.Model):
    """One cell of a loaded table from town to town: people who move, or minutes of travel, in a period."""

    kind = models.CharField(_("kind"), max_length=9, choices=LinkKind)
    from_area = models.ForeignKey(AdminArea, models.CASCADE, related_name="+", verbose_name=_("from"))
    to_area = models.ForeignKey(AdminArea, models.CASCADE, related_name="+", verbose_name=_("to"))
    period = models.CharField(_("period"), max_length=10, blank=True)
    value = models.FloatField(_("value"), validators=[MinValueValidator(0)])
    source = models.CharField(_("source"), max_length=200)
    is_example = models.BooleanField(_("example data"), default=False, editable=False)

    class Meta:
        verbose_name = _("link between towns")
        verbose_name_plural = _("links between towns")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "from_area", "to_area", "period"], name="area_link_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="area_link_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_area_id} {self.to_area_id}"
