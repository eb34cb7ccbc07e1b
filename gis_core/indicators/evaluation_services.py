"""Evaluation sheets: editions, scores, and closing, after which the scores stay as they are."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import EvaluationSheet

from . import evaluation, evaluation_reading
from .evaluation import TownScore
from .querysets import evaluation_values, towns_of
from .services import refuse_elsewhere


def scores_of(sheet: EvaluationSheet) -> list[TownScore]:
    """Every town's score, the best first: as kept where it is closed, else as the values stand now.

    Raises BadSheet.
    """
    if sheet.scores is not None:
        return evaluation.recalled(sheet.scores)
    read = evaluation_reading.read(sheet.body)
    towns = list(towns_of(sheet.area).values_list("pk", flat=True))
    return evaluation.evaluate(read, evaluation_values(read.needs, towns), towns)


@transaction.atomic
def add(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> EvaluationSheet:
    """A further edition; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, values["area"].pk)
    made: EvaluationSheet = writing.make(EvaluationSheet, user, values, token)
    return made


@transaction.atomic
def change(sheet: EvaluationSheet, user: Any, version: int, values: Mapping[str, Any]) -> None:
    """Change an open sheet. Raises NotAllowed, Invalid: also where somebody changed it since ``version``."""
    current = _open(sheet, user)
    writing.refuse_stale(current, version)
    writing.write(current, user, **values)


@transaction.atomic
def close(sheet: EvaluationSheet, user: Any, version: int) -> None:
    """Keep the scores as they are today. Raises NotAllowed, Invalid."""
    current = _open(sheet, user)
    writing.refuse_stale(current, version)
    try:
        scores = evaluation.kept(scores_of(current))
    except evaluation_reading.BadSheet as fault:
        raise Invalid({"__all__": [_("The sheet cannot be read; correct it first.")]}) from fault
    writing.write(current, user, closed_on=timezone.localdate(), scores=scores)


@transaction.atomic
def retire(sheet: EvaluationSheet, user: Any, reason: str, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    current = writing.locked(sheet)
    refuse_elsewhere(user, current.area_id)
    writing.retire(current, user, reason, version)


def _open(sheet: EvaluationSheet, user: Any) -> EvaluationSheet:
    current: EvaluationSheet = writing.locked(sheet)
    refuse_elsewhere(user, current.area_id)
    if current.closed_on is not None:
        raise Invalid({"__all__": [_("It is closed: its scores stay as they are.")]})
    return current
