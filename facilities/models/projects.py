"""Redesign projects of centres, their stages and budgets, and the figures reported of whole programmes."""

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from facilities.querysets import ProjectQuerySet
from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .centres import Centre
from .plans import Plan

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Stage(models.TextChoices):
    """The steps of a redesign, in their order (공간개선 사업 단계)."""

    SURVEY = "survey", _("Site survey")
    AGREEMENT = "agreement", _("Agreement ceremony")
    DESIGN_REPORT = "design_report", _("Design report meeting")
    DETAILED_DESIGN = "detailed_design", _("Detailed design")
    CONSTRUCTION = "construction", _("Tender and construction")
    COMPLETION = "completion", _("Completion")

    @property
    def position(self) -> int:
        return list(Stage).index(self)


class ProjectKind(models.TextChoices):
    WHOLE = "whole", _("Whole")
    PILOT = "pilot", _("Pilot")


def _year_field(**options: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)], **options
    )


def _won_field(title: Any, **options: Any) -> models.BigIntegerField:
    return models.BigIntegerField(title, validators=[MinValueValidator(0), MaxValueValidator(10**15)], **options)


class AtCentre(DomainRecord):
    """A record that lies where its centre lies. ``services.projects`` keeps ``location`` and ``area`` so."""

    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        abstract = True


@track
class RedesignProject(AtCentre):
    """The redesign of one centre in one programme year.

    ``stage`` is the step it stands in now. The dates of the steps are told by ``ProjectStage``; where both differ the
    pages say so and do not forbid it.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="projects", verbose_name=_("centre"))
    name = models.CharField(_("name"), max_length=100)
    year = _year_field(help_text=_("The programme year."))
    kind = models.CharField(_("kind"), max_length=5, choices=ProjectKind, default=ProjectKind.WHOLE)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.SURVEY)
    master_planner = models.CharField(_("master planner"), max_length=80, blank=True)
    architect = models.CharField(_("architect"), max_length=80, blank=True)
    agreed_plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("agreed plan")
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[Any] = ProjectQuerySet.as_manager()

    class Meta(AtCentre.Meta):
        verbose_name = _("redesign project")
        verbose_name_plural = _("redesign projects")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "year"], condition=models.Q(retired_at__isnull=True), name="project_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return self.name


@track
class ProjectStage(Record):
    """When a project was to reach a stage, and when it did: the day it began or, for a meeting, was held."""

    project = models.ForeignKey(RedesignProject, models.CASCADE, related_name="stages", verbose_name=_("project"))
    stage = models.CharField(_("stage"), max_length=16, choices=Stage)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "stage"], name="stage_once_per_project")]

    def __str__(self) -> str:
        return f"{self.project} · {self.get_stage_display()}"


@track
class ProjectBudget(Record):
    """A project's money in one year, in whole KRW. No execution means that none is reported yet."""

    project = models.ForeignKey(RedesignProject, models.CASCADE, related_name="budgets", verbose_name=_("project"))
    year = _year_field()
    budget_krw = _won_field(_("budget (KRW)"))
    executed_krw = _won_field(_("executed (KRW)"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"], condition=models.Q(retired_at__isnull=True), name="budget_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.year}"


@track
class Programme(DomainRecord):
    """A programme as somebody reported it, with figures that need no project in the system."""

    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    area_name = models.CharField(_("area as reported"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=200)
    note = models.TextField(_("note"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


def _count_field(title: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(title, null=True, blank=True)


@track
class ProgrammeFigure(Record):
    """What was reported of a programme for a year and an area. Without a year it is of the whole time, without an
    area of the whole programme. Nothing means not reported, which is not zero."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="figures", verbose_name=_("programme"))
    year = _year_field(null=True, blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    area_name = models.CharField(_("area as reported"), max_length=60, blank=True)
    centres = _count_field(_("centres completed"))
    centres_planned = _count_field(_("centres planned"))
    districts_whole = _count_field(_("districts, whole"))
    districts_pilot = _count_field(_("districts, pilot"))
    budget_krw = _won_field(_("budget (KRW)"), null=True, blank=True)
    executed_krw = _won_field(_("executed (KRW)"), null=True, blank=True)
    meetings = _count_field(_("meetings"))
    planner_meetings = _count_field(_("master planners' exchange meetings"))
    expert_consultations = _count_field(_("expert consultations"))
    surveys = _count_field(_("satisfaction surveys"))
    press_reports = _count_field(_("press reports"))
    white_papers = _count_field(_("white papers"))
    source = models.CharField(_("source"), max_length=200)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("reported figures")
        verbose_name_plural = _("reported figures")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                # No year and no area are values too: no two rows speak of the same.
                Coalesce("year", 0, output_field=models.IntegerField()),
                Coalesce("area", 0, output_field=models.BigIntegerField()),
                "area_name",
                condition=models.Q(retired_at__isnull=True),
                name="figures_once_per_year_and_area",
            )
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.programme, self.year, self.area or self.area_name) if part)
