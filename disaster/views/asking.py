"""Who may ask at all, and reading what was asked."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from disaster.access import is_officer
from gis_core import permissions
from gis_core.layers.registry import layers


def refuse_strangers(user: Any) -> None:
    """Raises PermissionDenied for roles that do not see depots."""
    if not permissions.can_view(user, layers.get("depots")):
        raise PermissionDenied(_("Your role does not see depots."))


def refuse_others_than_officers(user: Any) -> None:
    """Raises PermissionDenied."""
    if not is_officer(user):
        raise PermissionDenied(_("Only disaster officers may do this."))


def number_of(text: str) -> int | None:
    """A key or a version; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
