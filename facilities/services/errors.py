"""Why a plan was not changed. Views turn these into answers in the user's language."""

from typing import Any


class Frozen(Exception):
    """The plan is agreed or archived and no longer edited."""


class Overtaken(Exception):
    """Somebody else changed parts that this edit touches. ``changes`` is what happened since the reader's version."""

    def __init__(self, version: int, changes: list[dict[str, Any]]) -> None:
        super().__init__(version)
        self.version = version
        self.changes = changes


class NothingToUndo(Exception):
    """The user has no edit on this plan that could be taken back or made again."""


class ChangedSince(Exception):
    """An edit cannot be taken back, for its parts were changed afterwards."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(keys)
        self.keys = keys
