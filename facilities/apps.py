from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Facilities")

    def ready(self) -> None:
        from gis_core.files.services import add_referrer

        from .underlays.services import refers

        add_referrer(refers)
