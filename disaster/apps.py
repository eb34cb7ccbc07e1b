from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisasterConfig(AppConfig):
    name = "disaster"
    verbose_name = _("Disaster readiness")

    def ready(self) -> None:
        from gis_core import daily
        from gis_core.offline import kinds

        from .services.inspections import INSPECTIONS

        kinds.register(INSPECTIONS)
        daily.register("keep_readiness", "send_reminders", "check_ledger")
