"""What becomes of vacant houses: concentration zones, improvement plans, measures, money and outcomes."""

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .houses import VacantHouse
from .rules import RuleTable


class ZoneState(models.TextChoices):
    CANDIDATE = "candidate", _("Proposed")
    DESIGNATED = "designated", _("Designated")
    REJECTED = "rejected", _("Not pursued")


@track
class ConcentrationZone(DomainRecord):
    """빈집밀집구역 (§5④). ``proof`` is what the test found on the day the zone was proposed or decided about: sizes,
    counts, shares, each with its threshold; empty for one that was drawn and not decided about.

    ``infrastructure`` is somebody's statement of what is badly lacking; empty where nobody made one.
    """

    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    state = models.CharField(_("state"), max_length=10, choices=ZoneState, default=ZoneState.CANDIDATE)
    table = models.ForeignKey(
        RuleTable, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rule table")
    )
    proof = models.JSONField(_("proof"), default=dict)
    infrastructure = models.TextField(_("infrastructure that is badly lacking"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    geometry = geometry_field(models.PolygonField, _("extent"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("concentration zone")
        verbose_name_plural = _("concentration zones")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


@track
class ImprovementPlan(DomainRecord):
    """빈집정비계획: measures for the houses of an area."""

    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    year = models.PositiveSmallIntegerField(_("year"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    noticed_on = models.DateField(_("notice given on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        ordering = ["-year", "-pk"]

    def __str__(self) -> str:
        return self.name


class MeasureKind(models.TextChoices):
    DEMOLITION = "demolition", _("Demolition")
    SAFETY = "safety", _("Safety measures")
    REUSE = "reuse", _("Reuse")


class ReuseKind(models.TextChoices):
    RETURNING_FARMERS = "returning_farmers", _("House for returning farmers")
    VILLAGE_REST = "village_rest", _("Village rest place")
    PARKING = "parking", _("Parking")
    GARDEN = "garden", _("Garden")
    ARTS = "arts", _("Arts and culture")


class MeasureState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


@track
class Measure(DomainRecord):
    """One measure for one house. ``location`` is the house's, so that it stands on the map."""

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="measures", verbose_name=_("plan"))
    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="measures", verbose_name=_("house"))
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind)
    reuse = models.CharField(_("reuse as"), max_length=20, choices=ReuseKind, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=MeasureState, default=MeasureState.PLANNED)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    # 생활인구: people who live in or regularly use the place because of the measure.
    living_population = models.PositiveIntegerField(_("living population"), null=True, blank=True)
    # How it was matched: gates passed and the score's parts (``reuse.match``).
    match = models.JSONField(default=dict, blank=True)
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "house", "kind"],
                condition=Q(retired_at__isnull=True),
                name="measure_once_per_house",
            ),
            models.CheckConstraint(condition=~Q(kind="reuse") | ~Q(reuse=""), name="reuse_says_as_what"),
        ]

    def __str__(self) -> str:
        return f"{self.house}: {self.get_kind_display()}"


@track
class CostLine(Record):
    """Money of a measure, in whole KRW: what it costs, and who pays how much of it."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="costs", verbose_name=_("measure"))
    title = models.CharField(_("for"), max_length=100)
    source = models.CharField(_("paid by"), max_length=100)
    is_subsidy = models.BooleanField(_("subsidy"), default=False)
    amount_krw = models.PositiveBigIntegerField(_("amount (KRW)"))

    class Meta(Record.Meta):
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.amount_krw:,}"
