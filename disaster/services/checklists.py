"""Checklists: their editions, and the samples that are shipped."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from disaster import checklists
from disaster.models import Checklist, ItemClass
from gis_core import yaml_files
from gis_core.editing import writing
from gis_core.editing.errors import Invalid

SAMPLES = settings.BASE_DIR / "fixtures" / "checklists.yaml"


@transaction.atomic
def load_samples(path: Path = SAMPLES) -> int:
    """Make the shipped checklists of depots and known classes that have none yet. How many.

    Raises BadChecklist where a sample cannot be read.
    """
    told = yaml_files.read(path)
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
    if former.item_class is None:
        _refuse_blocking(values["body"])
    made: Checklist = writing.make(Checklist, user, {**values, "item_class": former.item_class}, token)
    return made


def _refuse_blocking(body: Any) -> None:
    """Raises Invalid where a question about a depot itself would make everything in it unusable."""
    for question in checklists.read(body).questions:
        if question.blocks:
            told = _("“%(key)s”: a question about the depot itself cannot block units. Ask it of a class of items.")
            raise Invalid({"text": [told % {"key": question.key}]})
