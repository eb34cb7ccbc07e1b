"""Who may see and change what, and where. Pages, API, tiles, exports and files all ask here.

A role is held in an area and everything below it, or everywhere. A layer names the roles that see it, the roles that
edit it and the roles that need its personal data. A user without a role sees public layers only.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gis_core.models import AdminArea, PersonalDataAccess, Role

if TYPE_CHECKING:
    from gis_core.layers.layer import Layer

ALL_ROLES = frozenset(Role.values)


def _grants(user: Any) -> list[tuple[str, int | None]]:
    """The user's (role, area id) pairs, read once per request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_grants"):
        user._grants = list(user.role_grants.values_list("role", "area_id"))
        if user.is_superuser:
            user._grants.append((Role.ADMINISTRATOR.value, None))
    grants: list[tuple[str, int | None]] = user._grants
    return grants


def roles_of(user: Any) -> frozenset[str]:
    return frozenset(role for role, _area in _grants(user))


def is_administrator(user: Any) -> bool:
    return Role.ADMINISTRATOR in roles_of(user)


def area_scope(user: Any, roles: Iterable[str]) -> frozenset[int] | None:
    """The areas in which the user holds one of these roles, with all below them; None means everywhere."""
    wanted = {*roles, Role.ADMINISTRATOR}
    held = frozenset(area for role, area in _grants(user) if role in wanted)
    if None in held:
        return None
    if not held:
        return frozenset()
    cache: dict[frozenset[int | None], frozenset[int]] = user.__dict__.setdefault("_area_scopes", {})
    if held not in cache:
        cache[held] = AdminArea.objects.descendant_ids(area for area in held if area is not None)
    return cache[held]


def can_view(user: Any, layer: "Layer") -> bool:
    return layer.access.public or bool(roles_of(user) & {*layer.access.view, Role.ADMINISTRATOR})


def can_add(user: Any, layer: "Layer") -> bool:
    return not layer.access.read_only and bool(roles_of(user) & {*layer.access.edit, Role.ADMINISTRATOR})


def can_change(user: Any, layer: "Layer", record: Any) -> bool:
    """Whether the user may change this record where it lies now."""
    return can_add(user, layer) and covers(area_scope(user, layer.access.edit), layer.area_ids_of(record))


def covers(scope: frozenset[int] | None, area_ids: Iterable[int | None]) -> bool:
    """Whether a scope holds at least one of the areas; a record in no area belongs to those who act everywhere."""
    return scope is None or any(area_id in scope for area_id in area_ids)


def sees_personal(user: Any, layer: "Layer", record: Any = None) -> bool:
    """Whether the user sees the personal data of this record; without a record, of any of the layer."""
    if record is not None:
        return covers(area_scope(user, layer.access.personal), layer.area_ids_of(record))
    return bool(roles_of(user) & {*layer.access.personal, Role.ADMINISTRATOR})


def personal_scope(user: Any, layer: "Layer") -> frozenset[int] | None:
    """The areas in which the user sees the layer's personal data; None means wherever they see the layer at all."""
    scope = area_scope(user, layer.access.personal)
    seen = None if layer.access.public else area_scope(user, layer.access.view)
    return None if scope is not None and seen is not None and seen <= scope else scope


def log_personal(
    user: Any, layer: "Layer", action: str, *, record_id: int | None = None, count: int = 1, detail: str = ""
) -> None:
    """Note a look at personal data. Call it only when personal properties were really given out."""
    if count and layer.has_personal:
        PersonalDataAccess.objects.create(
            user=user, layer=layer.id, action=action, record_id=record_id, count=count, detail=detail[:500]
        )
