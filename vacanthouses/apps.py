from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VacantHousesConfig(AppConfig):
    name = "vacanthouses"
    verbose_name = _("Vacant houses")

    def ready(self) -> None:
        from gis_core import open_tasks
        from gis_core.offline import kinds

        from .area_tasks import survey_tasks
        from .services.visits import VISITS

        kinds.register(VISITS)
        open_tasks.register(survey_tasks)
