from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GisCoreConfig(AppConfig):
    name = "gis_core"
    verbose_name = _("Dongne core")

    def ready(self) -> None:
        from . import checks, daily, open_tasks  # noqa: F401
        from .layers.registry import discover

        discover()
        from .area_tasks import zone_tasks
        from .participation.todos import resident_tasks

        open_tasks.register(zone_tasks, resident_tasks)
        daily.register("tend_rounds")
