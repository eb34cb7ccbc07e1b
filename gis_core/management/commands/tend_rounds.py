"""What is done of proposal rounds once a day: answers that did not go out, contacts that are to be forgotten."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gis_core.participation.services import answers, forgetting, verification


class Command(BaseCommand):
    help = "Sends answers again that could not be sent; forgets codes, and the contacts of rounds that ended long ago."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, failed = answers.send_all()
        codes = verification.forget_codes()
        people = forgetting.forget_contacts()
        self.stdout.write(f"{sent} answers sent, {codes} codes and the contacts of {people} people forgotten")
        if failed:
            raise CommandError(f"{failed} answers could not be sent")
