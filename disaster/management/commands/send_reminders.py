"""Mails to people who look after depots. Called by a timer once a day; called again it sends nothing twice."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from disaster.services import reminders


class Command(BaseCommand):
    help = "Sends each disaster officer one mail a day with what is overdue or due within 7 days, if there is anything."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REMINDERS:
            self.stdout.write("reminders are turned off (REMINDERS)")
            return
        sent, wrong = reminders.send_all()
        self.stdout.write(f"{sent} reminders sent")
        if wrong:
            raise CommandError("; ".join(wrong))
