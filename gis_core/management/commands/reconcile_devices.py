"""The nightly look at phones: which hold back what they have not sent, and which have other records than the server."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gis_core.offline.standing import devices, standings


class Command(BaseCommand):
    help = "Tells of every phone what it and the server have; ends with 1 where one differs or has long been silent."

    def handle(self, *args: Any, **options: Any) -> None:
        worrying = 0
        for each in standings(devices(None)):
            device, compared = each.device, each.compared
            told = f"device {compared.device_count}, server {compared.server_count}" if compared else "never compared"
            seen = timezone.localtime(device.seen_at)
            self.stdout.write(
                f"{device}: {told}; unsent {device.unsent or 0}; last seen {seen:%Y-%m-%d %H:%M}"
                + (f"; {', '.join(each.worries)}" if each.worries else "")
            )
            worrying += bool({"silent", "differs"} & set(each.worries))
        if worrying:
            self.stderr.write(f"{worrying} devices need to be looked after")
            raise SystemExit(1)
