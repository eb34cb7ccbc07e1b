"""Rule tables: loading the shipped samples, and finding the one in force."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gis_core import yaml_files
from vacanthouses import clocks, concentration, grading, reuse, screening
from vacanthouses.models import RuleKind, RuleTable
from vacanthouses.survey import forms

# What reads and checks a kind's body (raises rule_reading.BadRule).
READERS: dict[str, Callable[[Any], Any]] = {
    "clocks": clocks.read,
    RuleKind.CONCENTRATION: concentration.read,
    RuleKind.FORM: forms.read,
    RuleKind.GRADING: grading.read,
    RuleKind.REUSE: reuse.read,
    RuleKind.SCREENING: screening.read,
}

SAMPLES = settings.BASE_DIR / "fixtures" / "rules"
_FACTS = ("title", "regime", "effective_to", "source", "is_sample", "is_active", "body")


def in_force(kind: RuleKind, regime: str, day: date | None = None, *, key: str = "") -> RuleTable | None:
    """The table to use for a regime on a day (today, unless told); of one ``key``, where given."""
    found = RuleTable.objects.in_force(kind, regime, day or timezone.localdate())
    return (found.filter(key=key) if key else found).first()


@transaction.atomic
def load_samples(folder: Path = SAMPLES) -> int:
    """Make the shipped tables that are not there yet; one that is there, even changed, is left alone. How many."""
    made = 0
    for path in sorted(folder.glob("*.yaml")):
        table = yaml_files.read(path)
        check(table["kind"], table["body"])
        identity = {name: table[name] for name in ("kind", "key", "effective_from")}
        facts = {name: table[name] for name in _FACTS if name in table}
        _row, new = RuleTable.objects.get_or_create(**identity, regime=facts.pop("regime", ""), defaults=facts)
        made += new
    return made


def check(kind: str, body: Any) -> None:
    """Raises BadRule when the body is not what its kind needs."""
    if reader := READERS.get(kind):
        reader(body)
