"""Grades given to houses, each with the table that gave it and the effect of every item."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.models.record import Record, track

from .houses import Grade, VacantHouse
from .rules import RuleTable
from .visits import Visit


@track
class Grading(Record):
    """``computed`` is what the table says of the visit's answers; ``grade`` what counts, after an override."""

    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="gradings", verbose_name=_("house"))
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="gradings", verbose_name=_("visit"))
    table = models.ForeignKey(RuleTable, models.PROTECT, related_name="+", verbose_name=_("rule table"))
    computed = models.CharField(_("grade by the table"), max_length=8, choices=Grade)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    score = models.FloatField(_("score"), null=True)
    # What ``grading.explain`` gave: item, answer, points, share.
    items = models.JSONField(_("items"), default=list)
    override_reason = models.CharField(_("reason for another grade"), max_length=300, blank=True)
    is_current = models.BooleanField(_("current"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["house"], condition=Q(is_current=True), name="one_current_grading"),
            models.CheckConstraint(
                condition=Q(grade=models.F("computed")) | ~Q(override_reason=""), name="another_grade_needs_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.house}: {self.get_grade_display()}"
