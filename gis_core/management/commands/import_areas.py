"""Import administrative areas from a file, as the page under /imports/areas/ does."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_core.imports.areas import import_areas
from gis_core.imports.errors import ImportProblem
from gis_core.imports.report import Outcome, Report


class Command(BaseCommand):
    help = (
        "Import administrative areas (GeoJSON, TopoJSON, Shapefile, GeoPackage, FlatGeobuf, KML, zipped too). "
        "All or nothing; running it twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--layer", default="", help="layer of a file that has several")
        parser.add_argument(
            "--crs", default="", help="EPSG number, when the file does not say or is wrong (5174, 5186, ...)"
        )
        parser.add_argument(
            "--encoding", default="", help="text encoding, when the file does not say or is wrong (cp949)"
        )
        parser.add_argument(
            "--fields", default="", help="columns: name=ADM_NM,mois=adm_cd2,kostat=ADM_CD,date=BASE_DATE"
        )
        parser.add_argument("--valid-from", type=date.fromisoformat, help="day from which the boundaries are in force")
        parser.add_argument("--repair", action="store_true", help="repair invalid boundaries, and tell what changed")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_areas(
                options["file"],
                layer=options["layer"],
                crs=options["crs"],
                encoding=options["encoding"],
                fields=options["fields"],
                valid_from=options["valid_from"],
                repair=options["repair"],
                dry_run=options["dry_run"],
            )
        except ImportProblem as problem:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(problem)}, ensure_ascii=False))
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
        else:
            self._tell(report)
        if report.refused:
            refused = report.count(Outcome.REFUSED)
            raise CommandError(_("Rows refused: %(count)s; nothing was written.") % {"count": refused})

    def _tell(self, report: Report) -> None:
        self.stdout.write(report.title)
        for name, value in report.facts.items():
            self.stdout.write(f"  {name}: {value}")
        for note in report.notes:
            self.stdout.write(self.style.WARNING(f"  {note}"))
        for row in report.rows:
            if row.messages or row.outcome is Outcome.REFUSED:
                place = "" if row.number is None else f"{row.number} "
                said = " ".join(row.messages)
                self.stdout.write(f"  {place}{row.key} {row.name} [{row.outcome.label}] {said}")
