"""Keeps every town's readiness of today, for the trend. Called by a timer once a day; called again it does no harm."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from disaster.services import readiness


class Command(BaseCommand):
    help = "Keeps the readiness of every town for every hazard as it is today (or was on --day, as of the ledger)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", metavar="YYYY-MM-DD", help="a past day, as of the ledger (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            day = date.fromisoformat(options["day"]) if options["day"] else today
        except ValueError as error:
            raise CommandError(f"{options['day']} is no day: write it as 2026-05-15") from error
        if day > today:
            raise CommandError(f"{day} has not come yet")
        self.stdout.write(f"{readiness.keep(day)} scores kept for {day}")
