"""Screens the area of a survey round, and explains each candidate."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gis_core.jobs import JobError
from vacanthouses import screening
from vacanthouses.models import Campaign, RuleKind, ScreeningRun
from vacanthouses.services import rules
from vacanthouses.services.screening import screen
from vacanthouses.words.screening import reason_text, unknown_text


class Command(BaseCommand):
    help = "Screens the area of a survey round by the table in force, and explains each candidate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", type=int, required=True, metavar="N", help="the number of the survey round")
        parser.add_argument("--table", default="", metavar="KEY", help="the key of the rule table, where several exist")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.live().filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"there is no survey round {options['campaign']}")
        table = rules.in_force(RuleKind.SCREENING, campaign.regime, key=options["table"])
        if table is None:
            raise CommandError("no screening table is in force; load the samples with load_rules")
        try:
            run = screen(campaign, table)
        except JobError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_report(run), ensure_ascii=False, indent=2) if options["json"] else _text(run))


def _report(run: ScreeningRun) -> dict[str, Any]:
    table = screening.read(run.table.body)
    candidates = run.candidates.select_related("house").order_by("rank")
    return {
        "campaign": run.campaign_id,
        "table": {"key": run.table.key, "effective_from": str(run.table.effective_from), "source": run.table.source},
        "counts": run.counts,
        "candidates": [
            {
                "rank": row.rank, "house": row.house_id, "pnu": row.house.pnu, "score": row.score, "state": row.state,
                "reasons": [{**found, "text": reason_text(table, found)} for found in row.reasons],
                "unknown": row.unknown,
            }
            for row in candidates
        ],
    }  # fmt: skip


def _text(run: ScreeningRun) -> str:
    table = screening.read(run.table.body)
    lines = [f"{name}: {count}" for name, count in run.counts.items()]
    for row in run.candidates.select_related("house").order_by("rank"):
        lines.append(f"{row.rank}. {row.house.pnu} {row.score:g}")
        lines += [f"   + {reason_text(table, found)}" for found in row.reasons]
        if row.unknown:
            lines.append(f"   ? {unknown_text(table, row.unknown)}")
    return "\n".join(lines)
