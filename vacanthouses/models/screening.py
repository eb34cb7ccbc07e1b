"""The screening of a survey round: each candidate with its score and the reasons for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.models import Job
from gis_core.models.record import Record, track

from .campaigns import Campaign
from .houses import VacantHouse
from .rules import RuleTable


class ScreeningRun(Record):
    """One screening by one table. ``counts`` tells what went in and what came out, and why the rest did not."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="screenings", verbose_name=_("survey round"))
    table = models.ForeignKey(RuleTable, models.PROTECT, related_name="+", verbose_name=_("rule table"))
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    is_current = models.BooleanField(_("current"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign"], condition=Q(is_current=True), name="one_current_screening")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.created_at:%Y-%m-%d %H:%M}"


class CandidateState(models.TextChoices):
    OPEN = "open", _("To be decided")
    KEPT = "kept", _("To be surveyed")
    DISMISSED = "dismissed", _("Set aside")


@track
class Candidate(Record):
    """A house that the screening found. ``reasons`` is what ``screening.explain`` gave (codes, values, points)."""

    run = models.ForeignKey(ScreeningRun, models.CASCADE, related_name="candidates", verbose_name=_("screening"))
    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="candidacies", verbose_name=_("house"))
    score = models.FloatField(_("score"))
    rank = models.PositiveIntegerField(_("rank"))
    reasons = models.JSONField(_("reasons"), default=list)
    # Codes about which nothing is known: they neither add nor take away.
    unknown = models.JSONField(_("unknown"), default=list)
    state = models.CharField(_("state"), max_length=9, choices=CandidateState, default=CandidateState.OPEN)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["run", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "house"], name="candidate_once")]
        indexes = [models.Index(fields=["run", "rank"], name="candidate_rank")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.house}"
