"""Proves that the stock ledger agrees with itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disaster.querysets_ledger_check import faulty_balances


class Command(BaseCommand):
    help = "Says of which balances the entries do not add up, or are not numbered without gaps."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faulty_balances()
        for each in found:
            self.stderr.write(
                f"{each.depot} · {each.lot} ({each.condition}): holds {each.quantity}, entries add up to {each.total}; "
                f"{each.entries_number} entries numbered up to {each.last}, {each.sequence} expected"
            )
        if found:
            raise CommandError(f"{len(found)} balances do not agree with their entries.")
        self.stdout.write("Every balance is the sum of its entries.")
