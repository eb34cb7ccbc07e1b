"""Residents who propose and vote, on public pages and without accounts."""

import secrets
import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.encryption import EncryptedTextField

from .areas import AdminArea
from .record import DomainRecord, Record, geometry_field, track


def new_slug() -> str:
    """An address of a round that nobody guesses before it is public."""
    return secrets.token_urlsafe(6).replace("_", "a").replace("-", "b")


@track
class ProposalRound(DomainRecord):
    """A time in which residents propose, and vote on, what is done with a project, a redesign, a zone, a house.

    What it is about is a record of any layer. Days are days in Korea, the last one included. Without voting days there
    is no vote.
    """

    slug = models.SlugField(_("address"), max_length=20, unique=True, default=new_slug, editable=False)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    text = models.TextField(_("what residents are asked"))
    text_en = models.TextField(_("what residents are asked, in English"), blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("whose residents are asked"))
    subject_layer = models.CharField(_("list"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("record"), null=True, blank=True)
    opens_on = models.DateField(_("proposals from"))
    closes_on = models.DateField(_("proposals until"))
    vote_opens_on = models.DateField(_("vote from"), null=True, blank=True)
    vote_closes_on = models.DateField(_("vote until"), null=True, blank=True)
    votes_per_person = models.PositiveSmallIntegerField(
        _("proposals a person may choose"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    eligible = models.PositiveIntegerField(_("people who may vote"), null=True, blank=True)
    office = models.CharField(_("office in charge"), max_length=100)
    office_phone = models.CharField(_("phone of the office"), max_length=30, blank=True)
    published_at = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)

    class Meta(DomainRecord.Meta):
        verbose_name = _("proposal round")
        verbose_name_plural = _("proposal rounds")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_begins_first"),
            models.CheckConstraint(
                condition=Q(vote_opens_on__isnull=True, vote_closes_on__isnull=True)
                | Q(vote_opens_on__isnull=False, vote_closes_on__gte=F("vote_opens_on")),
                name="round_vote_begins_first",
            ),
            models.CheckConstraint(
                condition=Q(subject_layer="", subject_id__isnull=True)
                | (~Q(subject_layer="") & Q(subject_id__isnull=False)),
                name="round_subject_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    ON_SITE = "on_site", _("On site")


class Participant(models.Model):
    """A person whose contact was verified in a round. ``contact_hash`` (keyed, per round) finds them again; the
    contact itself is kept, encrypted, only for answers. Whom they voted for is kept nowhere."""

    round = models.ForeignKey(ProposalRound, models.CASCADE, related_name="participants", verbose_name=_("round"))
    contact_hash = models.CharField(max_length=64)
    contact = EncryptedTextField(_("contact"), blank=True)
    channel = models.CharField(_("verified by"), max_length=7, choices=Channel)
    verified_at = models.DateTimeField(_("verified at"), default=timezone.now)
    voted_at = models.DateTimeField(_("voted at"), null=True)
    voted_on_site = models.BooleanField(_("voted on site"), default=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "contact_hash"], name="participant_once_per_round")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.pk}"


class ContactCode(models.Model):
    """A code sent to a contact. The code is kept as a hash, the contact not at all."""

    round = models.ForeignKey(ProposalRound, models.CASCADE, related_name="+")
    contact_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=7, choices=Channel)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("contact code")
        verbose_name_plural = _("contact codes")
        ordering = ["pk"]
        indexes = [models.Index(fields=["round", "contact_hash", "-sent_at"], name="code_of_contact")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.pk}"


class Moderation(models.TextChoices):
    PENDING = "pending", _("Waiting")
    PUBLISHED = "published", _("Published")
    MERGED = "merged", _("Joined with another")
    REFUSED = "refused", _("Not published")


class Decision(models.TextChoices):
    ADOPTED = "adopted", _("Taken up")
    PARTLY = "partly", _("Taken up in part")
    LATER = "later", _("To be looked at later")
    DECLINED = "declined", _("Not taken up")


@track
class Proposal(DomainRecord):
    round = models.ForeignKey(ProposalRound, models.PROTECT, related_name="proposals", verbose_name=_("round"))
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("proposal"), max_length=2000)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("proposed by")
    )
    moderation = models.CharField(
        _("moderation"), max_length=9, choices=Moderation, default=Moderation.PENDING, editable=False
    )
    moderation_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="joined", verbose_name=_("joined with")
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, blank=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    location = geometry_field(models.PointField, _("location"), null=True, blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Vote(models.Model):
    """A choice of somebody, nobody knows of whom; that a person votes once is held by ``Participant.voted_at``."""

    # In an order that tells nothing of who came when.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="votes", verbose_name=_("proposal"))
    on_site = models.BooleanField(_("voted on site"), default=False)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id}"


@track
class RoundMeeting(Record):
    """A residents' meeting of a round (주민총회)."""

    round = models.ForeignKey(ProposalRound, models.PROTECT, related_name="meetings", verbose_name=_("round"))
    held_on = models.DateField(_("held on"))
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120, blank=True)
    attendance = models.PositiveIntegerField(_("attendance"), null=True, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("residents' meeting")
        verbose_name_plural = _("residents' meetings")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.held_on:%Y-%m-%d})"
