"""Who was asked, what they asked for, what was answered, and whether they were content."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gis_core.models.record import Record, track

from .plans import Plan
from .projects import AtCentre, RedesignProject


class MeetingKind(models.TextChoices):
    RESIDENTS = "residents", _("Residents' meeting")
    HEARING = "hearing", _("Hearing")
    STAFF = "staff", _("Staff meeting")
    EXPERTS = "experts", _("Expert consultation")
    BRIEFING = "briefing", _("Briefing")
    PLANNERS = "planners", _("Master planners' exchange")
    OTHER = "other", _("Other")


class Group(models.TextChoices):
    """Who takes part: groups only, never names."""

    RESIDENTS = "residents", _("Residents")
    STAFF = "staff", _("Dong staff")
    ARCHITECTS = "architects", _("Architects")
    MASTER_PLANNERS = "master_planners", _("Master planners")
    OTHERS = "others", _("Others")


class Answer(models.TextChoices):
    OPEN = "open", _("Unanswered")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")


class Moment(models.TextChoices):
    BEFORE = "before", _("Before the redesign")
    AFTER = "after", _("After the redesign")


def _attendance(title: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(title, null=True, blank=True, validators=[MaxValueValidator(100_000)])


@track
class Meeting(AtCentre):
    """A meeting about a project. Attendance is a number by group; the columns are called as ``Group``."""

    project = models.ForeignKey(RedesignProject, models.PROTECT, related_name="meetings", verbose_name=_("project"))
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=MeetingKind, default=MeetingKind.RESIDENTS)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("venue"), max_length=100, blank=True)
    residents = _attendance(_("residents attending"))
    staff = _attendance(_("dong staff attending"))
    architects = _attendance(_("architects attending"))
    master_planners = _attendance(_("master planners attending"))
    others = _attendance(_("others attending"))
    minutes = models.TextField(_("minutes"), blank=True)

    class Meta(AtCentre.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def attendance(self) -> dict[Group, int]:
        """The groups that were counted, with their numbers."""
        counted = {group: getattr(self, group.value) for group in Group}
        return {group: number for group, number in counted.items() if number is not None}

    @property
    def attended(self) -> int | None:
        """Everybody; None when nobody counted."""
        return sum(self.attendance.values()) if self.attendance else None


@track
class Request(AtCentre):
    """What a group asked of a project, and the answer. ``unit_keys`` are the rooms it is about, in any plan."""

    project = models.ForeignKey(RedesignProject, models.PROTECT, related_name="requests", verbose_name=_("project"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("meeting")
    )
    asked = models.CharField(_("what was asked"), max_length=300)
    group = models.CharField(_("asked by"), max_length=16, choices=Group, default=Group.RESIDENTS)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.OPEN)
    reason = models.TextField(_("what was answered, and why"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    unit_keys = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("rooms"))
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("plan that answers it")
    )

    class Meta(AtCentre.Meta):
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(answer="rejected") | ~models.Q(reason=""), name="rejection_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.asked if len(self.asked) <= 60 else f"{self.asked[:59]}…"


@track
class SatisfactionSurvey(AtCentre):
    """A survey before or after a redesign; mean scores per question are its ``scores``."""

    project = models.ForeignKey(RedesignProject, models.PROTECT, related_name="surveys", verbose_name=_("project"))
    name = models.CharField(_("name"), max_length=100)
    moment = models.CharField(_("before or after"), max_length=6, choices=Moment)
    held_on = models.DateField(_("held on"))
    respondents = models.PositiveIntegerField(
        _("respondents"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    note = models.TextField(_("note"), blank=True)

    class Meta(AtCentre.Meta):
        verbose_name = _("satisfaction survey")
        verbose_name_plural = _("satisfaction surveys")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return self.name


@track
class SurveyScore(Record):
    """The mean answer to one question, 1 (poor) to 5 (good). Questions are compared by their wording."""

    survey = models.ForeignKey(SatisfactionSurvey, models.CASCADE, related_name="scores", verbose_name=_("survey"))
    question = models.CharField(_("question"), max_length=120)
    mean = models.DecimalField(
        _("mean score (1–5)"), max_digits=3, decimal_places=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    respondents = models.PositiveIntegerField(
        _("respondents"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )

    class Meta(Record.Meta):
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "question"], condition=models.Q(retired_at__isnull=True), name="question_once"
            ),
            models.CheckConstraint(condition=models.Q(mean__gte=1, mean__lte=5), name="score_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return self.question
