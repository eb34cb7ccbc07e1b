from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VacantHousesConfig(AppConfig):
    name = "vacanthouses"
    verbose_name = _("Vacant houses")

    def ready(self) -> None:
        from gis_core.offline import kinds

        from .services.visits import VISITS

        kinds.register(VISITS)
