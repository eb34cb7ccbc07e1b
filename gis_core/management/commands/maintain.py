"""Daily upkeep, called by a timer: the system's own, and what the domains registered."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gis_core import basemaps, daily
from gis_core.files import services as files
from gis_core.layers import counts, versions
from gis_core.models import Submission
from gis_core.offline import uploads


class Command(BaseCommand):
    help = (
        "Adds up map counts, shortens the list of changes, clears old sessions, form tokens, tasks and strays; "
        "then does what the domains have done once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        fewer = counts.compact()
        versions.compact()
        tokens, _by_model = Submission.objects.filter(at__lt=timezone.now() - timedelta(days=7)).delete()
        files.sweep(timedelta(days=1))
        basemaps.sweep(timedelta(days=1))
        uploads.sweep()
        call_command("clearsessions")
        call_command("prune_db_task_results", verbosity=0)
        self.stdout.write(f"{fewer} count entries added up, {tokens} form tokens forgotten")
        self._domains()

    def _domains(self) -> None:
        """What the domains have done once a day. One that fails does not keep the others from theirs.

        Raises CommandError with what went wrong.
        """
        wrong = []
        for name in daily.commands():
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
            except CommandError as error:
                wrong.append(f"{name}: {error}")
        if wrong:
            raise CommandError("; ".join(wrong))
