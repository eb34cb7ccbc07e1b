"""Checklists: their editions, and the samples that are shipped."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from disaster import checklists
from disaster.models import Checklist, ItemClass
from gis_core.editing import writing

SAMPLES = settings.BASE_DIR / "fixtures" / "checklists.yaml"


@transaction.atomic
def load_samples(path: Path = SAMPLES) -> int:
    """Make the shipped checklists of depots and known classes that have none yet. How many.

    Raises BadChecklist where a sample cannot be read.
    """
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    classes = {each.code: each for each in ItemClass.objects.live()}
    made = 0
    for sample in told["checklists"]:
        checklists.read(sample["body"])
        code = sample["item_class"]
        if code is not None and code not in classes:
            continue
        item_class = classes[code] if code else None
        if Checklist.objects.filter(item_class=item_class).exists():
            continue
        effective_from: date = told["effective_from"]
        Checklist.objects.create(
            title=sample["title"], item_class=item_class, effective_from=effective_from, source=told["source"],
            is_sample=True, body=sample["body"],
        )  # fmt: skip
        made += 1
    return made


@transaction.atomic
def add_edition(user: Any, former: Checklist, values: dict[str, Any], token: uuid.UUID | None) -> Checklist:
    """A new edition of the checklist of the same class; inspections made before keep pointing to theirs. The same form
    sent twice makes one. Raises Invalid."""
    made: Checklist = writing.make(Checklist, user, {**values, "item_class": former.item_class}, token)
    return made
