"""Why a change is refused."""

from typing import Any, TypedDict


class EditError(Exception):
    """Base of the refusals of the write path. Nothing has been written when one is raised."""


class NotAllowed(EditError):
    """The user's roles do not reach this record; the text says why, in the user's language."""


class VersionRequired(EditError):
    """A change of an existing record did not say which version it was made from."""


class Invalid(EditError):
    """``errors`` maps fields (or ``__all__``) to messages in the user's language."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class FieldDifference(TypedDict):
    """A field in three states: before both, now, and as the refused change would have it."""

    base: Any
    current: Any
    yours: Any


class Conflict(EditError):
    """Somebody else changed the record meanwhile. ``current`` is it now; ``difference`` the fields that clash.

    ``others`` names the fields only the other one changed. Geometry values are GeoJSON dicts in lon/lat.
    """

    def __init__(self, current: Any, difference: dict[str, FieldDifference], others: list[str]) -> None:
        super().__init__(f"{current.pk} is at version {current.version}")
        self.current = current
        self.difference = difference
        self.others = others
