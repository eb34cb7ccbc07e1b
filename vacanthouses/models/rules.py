"""Rules that the law or the town may change: versioned tables with a regime, an effective date and a source."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.models.record import Record, RecordQuerySet, track

from .houses import Regime


class RuleKind(models.TextChoices):
    """Each kind's ``body`` is read by a pure module, which also says what is wrong with it."""

    SCREENING = "screening", _("Screening: thresholds and weights")
    FORM = "form", _("Survey form")
    GRADING = "grading", _("Grading")
    CLOCKS = "clocks", _("Legal clocks")
    CONCENTRATION = "concentration", _("Concentration zones")
    REUSE = "reuse", _("Reuse matching")


class RuleTableQuerySet(RecordQuerySet):
    def in_force(self, kind: str, regime: str, day: date) -> "RuleTableQuerySet":
        """The active tables of a kind for a regime on a day, the one to use first."""
        return (
            self.live()
            .filter(kind=kind, is_active=True, effective_from__lte=day)
            .filter(Q(regime=regime) | Q(regime=""))
            .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=day))
            .order_by(models.F("regime").desc(), "-effective_from", "-pk")
        )


@track
class RuleTable(Record):
    """One edition of a rule. What was decided by an edition keeps pointing to it; a change is a new edition."""

    kind = models.CharField(_("kind"), max_length=13, choices=RuleKind)
    # Names a rule across its editions; for forms it is the step (preliminary, field, grading, confirmation).
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    regime = models.CharField(_("regime"), max_length=5, choices=Regime, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    is_sample = models.BooleanField(_("sample, not official"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    body = models.JSONField(_("content"))

    objects: ClassVar = RuleTableQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("rule table")
        verbose_name_plural = _("rule tables")
        ordering = ["kind", "key", "-effective_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.effective_from:%Y-%m-%d})"
