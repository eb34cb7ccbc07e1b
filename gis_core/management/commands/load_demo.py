"""Fills a database with the demo data of ``fixtures/``."""

from argparse import ArgumentParser
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from gis_core.models import AdminArea, User


def demo_modules() -> list[ModuleType]:
    """The ``demo`` modules of the apps, in the order of INSTALLED_APPS: gis_core's comes first."""
    return [
        import_module(f"{app.name}.demo")
        for app in apps.get_app_configs()
        if app.module is not None and module_has_submodule(app.module, "demo")
    ]


class Command(BaseCommand):
    help = "Loads the demo data: all of it or nothing. What is there already is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are areas or accounts already"
        )
        for module in demo_modules():
            if hasattr(module, "add_arguments"):
                module.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data, with its well-known passwords, is not for production.")
        if options["if_empty"] and (AdminArea.objects.exists() or User.objects.exists()):
            self.stdout.write("The database is not empty: no demo data loaded.")
            return
        made: dict[str, int] = {}
        with transaction.atomic():
            for module in demo_modules():
                made |= module.load(options)
            for module in demo_modules():
                if hasattr(module, "load_last"):
                    made |= module.load_last(options)
        told = ", ".join(f"{count} {name}" for name, count in made.items() if count)
        self.stdout.write(f"Demo data: {told or 'everything is there already'}")
