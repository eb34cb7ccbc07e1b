"""Writing what belongs to a project: its money, its events, what it brought; and its stage."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import save, writing
from gis_core.editing.errors import Conflict, Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models.cooperation import BudgetSource, ZoneProject


def may_change(user: Any, project: ZoneProject) -> bool:
    return permissions.can_change(user, layers.get("zone-projects"), project)


def _held(project: Any, user: Any) -> Any:
    """The live project, locked: whoever adds to it or changes what it has waits. Raises NotAllowed, Invalid."""
    current = writing.locked(project)
    if not may_change(user, current):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    return current


@contextmanager
def _once(values: Mapping[str, Any]) -> Iterator[None]:
    """Raises Invalid where the project has money of this source in this year already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "budget_once_per_year_and_source" not in str(error):
            raise
        told = _("There is a line for %(year)s and “%(source)s” already. Change that one.")
        source = BudgetSource(values["source"]).label
        raise Invalid({"source": [told % {"year": values["year"], "source": source}]}) from error


@transaction.atomic
def add(project: ZoneProject, user: Any, model: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Any:
    """A further line of money, event or output; the same form sent twice adds one. Raises NotAllowed, Invalid."""
    current = _held(project, user)
    with _once(values):
        return writing.make(model, user, {**values, "project": current}, token)


@transaction.atomic
def change(part: Any, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed; the fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    _held(part.project, user)
    current = writing.locked(part)
    with _once(values):
        return writing.change(current, user, base, values)


@transaction.atomic
def retire(part: Any, user: Any, reason: str, version: int) -> None:
    """Take a part out of use; sums leave it out from then on. Raises NotAllowed, Invalid."""
    _held(part.project, user)
    writing.retire(writing.locked(part), user, reason, version)


def set_stage(project: ZoneProject, user: Any, values: Mapping[str, Any], version: int) -> None:
    """The project's stage and period, by the layer's own form and rights. Raises NotAllowed, Invalid."""
    layer = layers.get("zone-projects")
    try:
        save(layer, user, values, record=project, expected_version=version, partial=True, merging=True)
    except Conflict as conflict:
        told = _("%(who)s changed this meanwhile. Look at it again.")
        raise Invalid({"__all__": [told % {"who": conflict.current.updated_by or _("the system")}]}) from conflict
