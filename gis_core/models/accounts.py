"""People, the roles they hold in areas, and the log of looks at personal data."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from .areas import AdminArea
from .organisations import Organisation


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    FACILITY_PLANNER = "facility_planner", _("Facility planner")
    DISASTER_OFFICER = "disaster_officer", _("Disaster officer")
    SURVEY_MANAGER = "survey_manager", _("Survey manager")
    SURVEYOR = "surveyor", _("Surveyor")
    ZONE_COORDINATOR = "zone_coordinator", _("Zone coordinator")
    VIEWER = "viewer", _("Viewer")


class User(AbstractUser):
    name = models.CharField(_("name"), max_length=50, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="ko")
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username


class RoleGrant(models.Model):
    """A role held in an area and everything below it; without an area, everywhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    area = models.ForeignKey(
        AdminArea, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Leave empty for everywhere."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "area"], nulls_distinct=False, name="role_once_per_area")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.area or _('everywhere')}"


class PersonalDataAccess(models.Model):
    """One look at personal data: who, when, at what, and how much of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    layer = models.CharField(_("layer"), max_length=40)
    action = models.CharField(_("action"), max_length=20)
    record_id = models.BigIntegerField(_("record"), null=True)
    count = models.PositiveIntegerField(_("records"), default=1)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.layer}"
