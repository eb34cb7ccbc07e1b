"""Who can be called, what they can do, and what they have agreed to."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_core.encryption import EncryptedTextField
from gis_core.models import AdminArea, Attachment, Organisation
from gis_core.models.record import DomainRecord, Record, RecordQuerySet, geometry_field, track

from .catalogue import Hazard, ItemClass


class Duty(models.TextChoices):
    """In the order in which the phone tree calls."""

    KEEPER = "keeper", _("Keeper of a depot")
    OFFICIAL = "official", _("Official in charge")
    HEAD = "head", _("Head of the organisation")
    VILLAGE_HEAD = "village_head", _("Village head")
    OPERATOR = "operator", _("Machine operator")
    VOLUNTEER = "volunteer", _("Volunteer")


@track
class Responder(DomainRecord):
    """A person who helps in a disaster: of an office, or of a partner organisation. Names and phones are encrypted."""

    name = EncryptedTextField(_("name"))
    phone = EncryptedTextField(_("phone"), blank=True)
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("town"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="responders", verbose_name=_("organisation")
    )
    duty = models.CharField(_("duty"), max_length=12, choices=Duty, default=Duty.VOLUNTEER)
    # Whom the phone tree has call this person.
    called_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("is called by")
    )
    is_available = models.BooleanField(_("can be called"), default=True)
    note = EncryptedTextField(_("note"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("responder")
        verbose_name_plural = _("responders")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class TrainingKind(models.TextChoices):
    USE = "use", _("Use training")
    EXERCISE = "exercise", _("Joint exercise")
    COURSE = "course", _("Course")


@track
class Training(DomainRecord):
    """A training or drill that was, or will be, held (사용교육)."""

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=TrainingKind, default=TrainingKind.USE)
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, null=True, blank=True, related_name="trainings", verbose_name=_("class of items")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    held_on = models.DateField(_("held on"))
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    place = models.CharField(_("place"), max_length=120, blank=True)
    instructor = models.CharField(_("instructor"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(DomainRecord.Meta):
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-held_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="training_lasts")]

    def __str__(self) -> str:
        return f"{self.title} ({self.held_on:%Y-%m-%d})"


class Attendance(models.Model):
    training = models.ForeignKey(Training, models.CASCADE, related_name="attendances", verbose_name=_("training"))
    responder = models.ForeignKey(Responder, models.PROTECT, related_name="attendances", verbose_name=_("responder"))
    was_present = models.BooleanField(_("was present"), default=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["training", "responder"], name="attends_once")]

    def __str__(self) -> str:
        return f"{self.training_id} {self.responder_id}"


class AgreementQuerySet(RecordQuerySet):
    def in_force(self, day: date) -> "AgreementQuerySet":
        """Agreements that count on a day; an expired one stops counting by itself."""
        return self.live().filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day, signed_on__lte=day
        )


@track
class Agreement(DomainRecord):
    """A mutual-aid or mobilisation agreement (업무협약, 재난관리자원법 §42②)."""

    title = models.CharField(_("title"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreements", verbose_name=_("partner organisation")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    signed_on = models.DateField(_("signed on"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    terms = models.TextField(_("what was agreed"), blank=True)
    our_contact = models.CharField(_("our contact"), max_length=60, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    # A file attached to the organisation.
    document = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta(DomainRecord.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="agreement_lasts",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MachineKind(models.TextChoices):
    EXCAVATOR = "excavator", _("Excavator")
    LOADER = "loader", _("Loader")
    DUMP_TRUCK = "dump_truck", _("Dump truck")
    WATER_TRUCK = "water_truck", _("Water truck")
    CRANE = "crane", _("Crane")
    SNOW_PLOUGH = "snow_plough", _("Snow plough")
    PUMP = "pump", _("Large pump")
    OTHER = "other", _("Other")


class Availability(models.TextChoices):
    READY = "ready", _("At once")
    ON_CALL = "on_call", _("On call")
    UNAVAILABLE = "unavailable", _("Not available")


@track
class Machine(DomainRecord):
    """A machine of a partner organisation (건설기계), and where it usually stands."""

    kind = models.CharField(_("kind"), max_length=11, choices=MachineKind)
    name = models.CharField(_("model and size"), max_length=80, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="machines", verbose_name=_("partner organisation")
    )
    number = models.PositiveSmallIntegerField(_("number of machines"), default=1)
    availability = models.CharField(
        _("availability"), max_length=11, choices=Availability, default=Availability.ON_CALL
    )
    operator = models.ForeignKey(
        Responder, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("operator")
    )
    area = models.ForeignKey(AdminArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    location = geometry_field(models.PointField, _("location"))

    class Meta(DomainRecord.Meta):
        verbose_name = _("machine")
        verbose_name_plural = _("machines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}".strip()


class CallTest(models.Model):
    """A test call: whether somebody was reached, and what they said they could bring."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="call_tests", verbose_name=_("partner organisation")
    )
    responder = models.ForeignKey(
        Responder, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responder")
    )
    called_at = models.DateTimeField(_("called at"), default=timezone.now)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("called by")
    )
    was_reached = models.BooleanField(_("was reached"))
    minutes = models.PositiveSmallIntegerField(_("could be there in (minutes)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("call test")
        verbose_name_plural = _("call tests")
        ordering = ["-called_at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.called_at:%Y-%m-%d}"


class HazardSeason(Record):
    """When a hazard is expected, by month and day. What the law says of it may change: a later edition counts then."""

    hazard = models.CharField(_("hazard"), max_length=10, choices=Hazard)
    begins_month = models.PositiveSmallIntegerField(_("begins in month"))
    begins_day = models.PositiveSmallIntegerField(_("begins on day"))
    ends_month = models.PositiveSmallIntegerField(_("ends in month"))
    ends_day = models.PositiveSmallIntegerField(_("ends on day"))
    effective_from = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)

    class Meta(Record.Meta):
        verbose_name = _("hazard season")
        verbose_name_plural = _("hazard seasons")
        ordering = ["hazard", "-effective_from"]

    def __str__(self) -> str:
        return f"{self.get_hazard_display()} {self.begins_month}.{self.begins_day}-{self.ends_month}.{self.ends_day}"
