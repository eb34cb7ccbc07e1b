"""What crews found: visits, their review, and pairs of visits that did not know of one another."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea
from gis_core.models.record import DomainRecord, Record, geometry_field, track

from .campaigns import Assignment, Campaign, Crew, SurveyStep
from .houses import VacantHouse
from .rules import RuleTable


class VisitOutcome(models.TextChoices):
    SURVEYED = "surveyed", _("Surveyed")
    NOT_VACANT = "not_vacant", _("Not vacant")
    NO_ENTRY = "no_entry", _("Could not enter")
    GONE = "gone", _("No house there any more")


class VisitState(models.TextChoices):
    WAITING = "waiting", _("Photos still to come")
    SUBMITTED = "submitted", _("To be reviewed")
    RETURNED = "returned", _("Returned to the surveyor")
    ACCEPTED = "accepted", _("Accepted")
    # Of two visits to one house the manager chose the other; this one is kept.
    SET_ASIDE = "set_aside", _("Set aside")


@track
class Visit(DomainRecord):
    """One visit to a house, known by the uuid its phone gave it. Written by ``services.visits`` only."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(VacantHouse, models.PROTECT, related_name="visits", verbose_name=_("house"))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("survey round")
    )
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("assignment")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    surveyor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("surveyor")
    )
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("crew"))
    step = models.CharField(_("step"), max_length=12, choices=SurveyStep)
    state = models.CharField(_("state"), max_length=9, choices=VisitState, default=VisitState.WAITING)
    outcome = models.CharField(_("outcome"), max_length=10, choices=VisitOutcome)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    form = models.ForeignKey(RuleTable, models.PROTECT, null=True, related_name="+", verbose_name=_("form"))
    # By question id; what a question means is the form edition's.
    answers = models.JSONField(_("answers"), default=dict)
    note = models.TextField(_("note"), blank=True)
    found_new = models.BooleanField(_("found on the way"), default=False)
    # The phone's clock may be wrong: both times are kept, ``visited_at`` is the phone's put right by its skew.
    visited_at = models.DateTimeField(_("visited at"))
    device_time = models.DateTimeField(_("time of the device"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    location = geometry_field(models.PointField, _("location"))
    # Null where the phone had no fix and ``location`` is the house's own.
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-visited_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "area"], name="visit_queue"),
            models.Index(fields=["campaign", "step"], name="visit_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.house} {timezone.localtime(self.visited_at):%Y-%m-%d %H:%M}"


class Decision(models.TextChoices):
    ACCEPT = "accept", _("Accepted")
    RETURN = "return", _("Returned")
    EDIT = "edit", _("Corrected")
    SET_ASIDE = "set_aside", _("Set aside")


class Review(models.Model):
    """One decision about a visit. Never changed; the last one counts."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reviews", verbose_name=_("visit"))
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    decision = models.CharField(_("decision"), max_length=9, choices=Decision)
    comment = models.TextField(_("comment"), blank=True)
    # For a correction: by question, before and after.
    changes = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.visit} {self.get_decision_display()}"


class BlindPair(Record):
    """A house surveyed twice, the second time by somebody who saw nothing of the first visit."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="blind_pairs", verbose_name=_("survey round"))
    first = models.ForeignKey(Visit, models.PROTECT, related_name="+", verbose_name=_("first visit"))
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="blind_pair")
    second = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("second visit")
    )

    class Meta(Record.Meta):
        verbose_name = _("blind re-survey")
        verbose_name_plural = _("blind re-surveys")

    def __str__(self) -> str:
        return str(self.first)
