"""What towns do on their own ground: policies that others could take over, and outreach to households."""

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .areas import AdminArea
from .organisations import Organisation
from .record import DomainRecord, geometry_field, track


@track
class LocalPolicy(DomainRecord):
    """A local policy worth telling others of (우수시책)."""

    title = models.CharField(_("title"), max_length=120)
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    summary = models.TextField(_("what is done"), blank=True)
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("partners"))
    satisfaction = models.DecimalField(
        _("satisfaction (of 100)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    respondents = models.PositiveIntegerField(_("people asked"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("local policy")
        verbose_name_plural = _("local policies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


@track
class OutreachVisit(DomainRecord):
    """Visits to the households of a village in a period, as counts: who was visited is nobody's business here."""

    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town"))
    village = models.CharField(_("village"), max_length=60)
    from_on = models.DateField(_("visited from"))
    until_on = models.DateField(_("visited until"))
    households = models.PositiveIntegerField(_("households of the village"), null=True, blank=True)
    visited = models.PositiveIntegerField(_("households visited"))
    follow_ups = models.PositiveIntegerField(_("follow-ups needed"), default=0)
    follow_ups_done = models.PositiveIntegerField(_("follow-ups done"), default=0)
    subjects = models.TextField(_("what was raised"), blank=True)
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("outreach visit")
        verbose_name_plural = _("outreach visits")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="outreach_begins_first"),
            models.CheckConstraint(condition=Q(follow_ups_done__lte=F("follow_ups")), name="outreach_done_of_needed"),
            models.CheckConstraint(
                condition=Q(households__isnull=True) | Q(visited__lte=F("households")), name="outreach_visited_of_all"
            ),
        ]

    def __str__(self) -> str:
        return self.village
