"""Owners of vacant houses: encrypted, and only for those who plan in the house's area (빈집 특례법 §24, §26, §28)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gis_core import permissions
from gis_core.editing import writing
from gis_core.layers.registry import layers
from vacanthouses.models import Owner, VacantHouse
from vacanthouses.querysets_planning import owners, refuse_outside


def look(house: VacantHouse, user: Any, action: str = "owners") -> list[Owner]:
    """The house's current owners with all that is known of them; the look is logged. Raises NotAllowed."""
    refuse_outside(user, house.area_id)
    found = list(owners(house).select_related("updated_by"))
    permissions.log_personal(
        user, layers.get("vacant-houses"), action, record_id=house.pk, count=max(len(found), 1), detail="owners"
    )
    return found


@transaction.atomic
def add(house: VacantHouse, user: Any, values: Mapping[str, Any], token: uuid.UUID | None = None) -> Owner:
    """A further owner; the same form sent twice adds one. Raises NotAllowed, Invalid."""
    held = _held(house, user)
    made: Owner = writing.make(Owner, user, {**values, "house": held}, token)
    return made


@transaction.atomic
def change(owner: Owner, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed; the fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    _held(owner.house, user)
    current = writing.locked(owner)
    return writing.change(current, user, base, values)


@transaction.atomic
def retire(owner: Owner, user: Any, reason: str, version: int) -> None:
    """They own it no longer. Raises NotAllowed, Invalid."""
    _held(owner.house, user)
    current = writing.locked(owner)
    writing.retire(current, user, reason, version)


def _held(house: VacantHouse, user: Any) -> VacantHouse:
    """The house, locked: what its owners agreed to stays so while a measure is decided by it. Raises NotAllowed."""
    found: VacantHouse = writing.locked(house)
    refuse_outside(user, found.area_id)
    return found
