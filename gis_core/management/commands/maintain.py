"""Daily upkeep, called by a timer: nothing it does is seen by users."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from gis_core import basemaps
from gis_core.files import services as files
from gis_core.layers import counts, versions
from gis_core.models import Submission
from gis_core.offline import uploads


class Command(BaseCommand):
    help = "Adds up map counts, shortens the list of changes, clears old sessions, form tokens, tasks and strays."

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
