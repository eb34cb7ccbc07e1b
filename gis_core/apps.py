from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GisCoreConfig(AppConfig):
    name = "gis_core"
    verbose_name = _("Dongne core")

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .layers.registry import discover

        discover()
