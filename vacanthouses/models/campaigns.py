"""Survey rounds: who goes where, when, and what the law's clocks say."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .houses import Regime, VacantHouse


class SurveyStep(models.TextChoices):
    """처리지침 §3, and the confirmation inspection of §18-19."""

    PRELIMINARY = "preliminary", _("Preliminary survey")
    FIELD = "field", _("Field survey")
    GRADING = "grading", _("Grading survey")
    CONFIRMATION = "confirmation", _("Confirmation inspection")


class CampaignStage(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Closed")


@track
class Campaign(DomainRecord):
    """A round of surveys in one area under one regime."""

    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    regime = models.CharField(_("regime"), max_length=5, choices=Regime)
    step = models.CharField(_("step"), max_length=12, choices=SurveyStep, default=SurveyStep.FIELD)
    stage = models.CharField(_("state"), max_length=7, choices=CampaignStage, default=CampaignStage.PLANNED)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    note = models.TextField(_("note"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="campaign_lasts")]

    def __str__(self) -> str:
        return self.name


@track
class Crew(DomainRecord):
    """People who survey together. ``start`` is where their day begins: the town office."""

    name = models.CharField(_("name"), max_length=60)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="survey_crews", blank=True, verbose_name=_("members")
    )
    start = geometry_field(models.PointField, _("starting place"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("crew")
        verbose_name_plural = _("crews")
        ordering = ["area", "name"]

    def __str__(self) -> str:
        return self.name


@track
class WorkArea(DomainRecord):
    """A part of a survey round that one crew does."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="work_areas", verbose_name=_("survey round"))
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=60)
    crew = models.ForeignKey(
        Crew, models.SET_NULL, null=True, blank=True, related_name="work_areas", verbose_name=_("crew")
    )
    minutes = models.FloatField(_("expected work (min)"), default=0, editable=False)
    geometry = geometry_field(models.MultiPolygonField, _("extent"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("work area")
        verbose_name_plural = _("work areas")
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], condition=Q(retired_at__isnull=True), name="work_area_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


@track
class Assignment(Record):
    """One house to be visited in a survey round; ``is_blind`` for a second visit by somebody who knows no answers."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assignments", verbose_name=_("survey round"))
    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="assignments", verbose_name=_("house"))
    step = models.CharField(_("step"), max_length=12, choices=SurveyStep)
    work_area = models.ForeignKey(
        WorkArea, models.SET_NULL, null=True, blank=True, related_name="assignments", verbose_name=_("work area")
    )
    crew = models.ForeignKey(
        Crew, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("crew")
    )
    is_blind = models.BooleanField(_("blind re-survey"), default=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "house", "step", "is_blind"],
                condition=Q(retired_at__isnull=True),
                name="assignment_once",
            )
        ]
        indexes = [models.Index(fields=["campaign", "crew", "done_at"], name="assignment_progress")]

    def __str__(self) -> str:
        return f"{self.house} · {self.get_step_display()}"


@track
class DayRoute(Record):
    """The order in which a crew visits houses on a day. ``stops`` are assignment ids."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="routes", verbose_name=_("survey round"))
    crew = models.ForeignKey(Crew, models.PROTECT, related_name="routes", verbose_name=_("crew"))
    day = models.DateField(_("day"))
    is_closed = models.BooleanField(_("returns to the start"), default=True)
    start = geometry_field(models.PointField, _("starting place"))
    stops = models.JSONField(_("stops"), default=list)
    length_m = models.FloatField(_("length (m)"))
    minutes = models.FloatField(_("expected work (min)"))

    class Meta(Record.Meta):
        verbose_name = _("day route")
        verbose_name_plural = _("day routes")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "crew", "day"], condition=Q(retired_at__isnull=True), name="one_route_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.crew} {self.day:%Y-%m-%d}"


@track
class ClockEvent(Record):
    """Something that starts or stops a legal clock. ``code`` is one of the clock table's events.

    It concerns a survey round, a house, or an improvement plan.
    """

    code = models.SlugField(_("event"), max_length=40)
    on = models.DateField(_("on"), default=timezone.localdate)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="clock_events", verbose_name=_("survey round")
    )
    house = models.ForeignKey(
        VacantHouse, models.PROTECT, null=True, blank=True, related_name="clock_events", verbose_name=_("house")
    )
    plan = models.ForeignKey(
        "ImprovementPlan", models.PROTECT, null=True, blank=True, related_name="clock_events",
        verbose_name=_("improvement plan"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign__isnull=False) | Q(house__isnull=False) | Q(plan__isnull=False),
                name="clock_event_concerns_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.on:%Y-%m-%d}"
