from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Facilities")

    def ready(self) -> None:
        from gis_core import open_tasks
        from gis_core.files.services import add_referrer
        from gis_core.zones import scorecard_registry

        from .area_tasks import planning_tasks
        from .underlays.services import refers

        add_referrer(refers)
        scorecard_registry.asset("centres", by_category=False)
        open_tasks.register(planning_tasks)
