"""Loads the shipped rule tables: samples, which say so."""

from typing import Any

from django.core.management.base import BaseCommand

from vacanthouses.services import rules


class Command(BaseCommand):
    help = "Loads the sample rule tables of fixtures/rules that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rules.load_samples()} rule tables loaded")
