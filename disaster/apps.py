from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisasterConfig(AppConfig):
    name = "disaster"
    verbose_name = _("Disaster readiness")

    def ready(self) -> None:
        from gis_core import daily, open_tasks
        from gis_core.offline import kinds

        from . import scorecard_figures
        from .area_tasks import stockpile_tasks
        from .services.inspections import INSPECTIONS

        kinds.register(INSPECTIONS)
        scorecard_figures.register()
        open_tasks.register(stockpile_tasks)
        daily.register("keep_readiness", "send_reminders", "check_ledger")
