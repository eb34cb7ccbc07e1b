"""Checks the circulation of a plan."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from facilities.models import Plan
from facilities.plan.circulation import Circulation, check
from facilities.plan.document import Document
from facilities.services.plans import load
from facilities.words.circulation import text
from facilities.words.findings import finding_json
from facilities.words.names import level_name


class Command(BaseCommand):
    help = "Checks the circulation of a plan; ends with 1 when there are errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", help="a plan's number, or its building and name: 'building/plan'")
        parser.add_argument("--json", action="store_true", help="everything that was found, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = _plan(options["plan"])
        document = load(plan)
        circulation = check(document)
        if options["json"]:
            self._write_json(plan, document, circulation)
        else:
            self._write_text(document, circulation)
        if circulation.has_errors:
            sys.exit(1)

    def _write_json(self, plan: Plan, document: Document, circulation: Circulation) -> None:
        told = {
            "plan": {"id": plan.pk, "building": plan.building.name, "name": plan.name, "status": plan.status},
            **circulation.to_json(),
            "findings": [finding_json(finding, document, text) for finding in circulation.findings],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))

    def _write_text(self, document: Document, circulation: Circulation) -> None:
        for finding in circulation.findings:
            told = finding_json(finding, document, text)
            level = document.level_of.get(finding.level)
            where = f"{level_name(level)}: " if level else ""
            self.stdout.write(f"[{_severities()[finding.severity]}] {where}{told['text']}")
            if told["suggestion"]:
                self.stdout.write(f"    → {told['suggestion']}")
        if not circulation.findings:
            self.stdout.write(_("Nothing was found."))


def _severities() -> dict[str, str]:
    return {
        "error": pgettext("severity", "Error"),
        "warning": pgettext("severity", "Warning"),
        "note": pgettext("severity", "Note"),
    }


def _plan(named: str) -> Plan:
    """Raises CommandError where no plan, or more than one, is so called."""
    plans = Plan.objects.live().select_related("building")
    if named.isdecimal():
        found = list(plans.filter(pk=int(named)))
    else:
        building, _slash, name = named.rpartition("/")
        found = list(plans.filter(building__name=building, name=name))
    if len(found) != 1:
        raise CommandError(f"{len(found)} plans are called {named!r}.")
    return found[0]
