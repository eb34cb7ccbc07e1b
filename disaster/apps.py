from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisasterConfig(AppConfig):
    name = "disaster"
    verbose_name = _("Disaster readiness")
