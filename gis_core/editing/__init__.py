"""The one write path: every change of a layer's record goes through ``save``, ``retire`` or ``restore``."""

from .errors import Conflict, EditError, Invalid, NotAllowed, VersionRequired
from .history import restore
from .save import UNCHANGED, Saved, retire, save

__all__ = [
    "UNCHANGED",
    "Conflict",
    "EditError",
    "Invalid",
    "NotAllowed",
    "Saved",
    "VersionRequired",
    "restore",
    "retire",
    "save",
]
