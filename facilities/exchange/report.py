"""What reading a file of another format gives: a document, and an honest account of what was done to it.

Every finding is a ``facilities.plan.findings.Finding``: a code and parameters, worded in ``facilities.words.exchange``.
Codes that several formats share are constants here; a format's own codes begin with its name ("dxf.", "imdf.", ...).

Parameters of the shared codes: ``count`` (how many), ``what`` (the name in the file: an entity type, a property, a
category), ``level`` is the level's key where one is concerned, ``keys`` the parts concerned, ``geometry`` the place.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from facilities.plan.document import Document
from facilities.plan.findings import Finding
from gis_core.crs import LocalFrame

# Why a file is refused as a whole. Params: see each.
NOT_THIS_FORMAT: Final = "not_this_format"  # expected: "DXF", "IMDF", ...
UNKNOWN_FORMAT: Final = "unknown_format"  # no reader takes the content
BROKEN: Final = "broken"  # detail: what the reader said, or ""
EMPTY: Final = "empty"  # the file holds nothing
TOO_LARGE: Final = "too_large"  # limit_mb
TOO_MANY: Final = "too_many"  # what, count, limit
TOO_SLOW: Final = "too_slow"  # seconds
NOTHING_FOUND: Final = "nothing_found"  # there is content, but no room in it
BAD_OPTIONS: Final = "bad_options"  # what: the option that cannot be

# What was done, or could not be.
DROPPED: Final = "dropped"  # what, count: content that a plan has no place for
INVALID_SHAPE: Final = "invalid_shape"  # count: a shape that cannot be read and was left out
REPAIRED_SHAPE: Final = "repaired_shape"  # count: a self-crossing ring, mended; keys
SPLIT_SHAPE: Final = "split_shape"  # count: one thing of several parts became several rooms; keys
DUPLICATES: Final = "duplicates"  # count: the same shape twice, taken once
DUPLICATE_KEY: Final = "duplicate_key"  # count: an id used twice; the later got a new one
NEW_KEY: Final = "new_key"  # count: parts without a usable UUID got one
UNKNOWN_CATEGORY: Final = "unknown_category"  # what, count: became "unspecified"
GUESSED_CATEGORY: Final = "guessed_category"  # category, count, keys: from the name
UNKNOWN_VALUE: Final = "unknown_value"  # what, value, count: an attribute's value became the default
UNNAMED: Final = "unnamed"  # count, keys
LEVEL_MISSING: Final = "level_missing"  # count: parts on a level that the file does not have
REFERENCE_MISSING: Final = "reference_missing"  # what, count: parts that point to what is not there
MOVED: Final = "moved"  # x, y: the file's place (metres) that became 0, 0; turned: degrees
OPENING_JOINS_NOTHING: Final = "opening_joins_nothing"  # count, keys
OPENING_JOINS_ONE: Final = "opening_joins_one"  # count, keys


@dataclass(frozen=True)
class Imported:
    """``document`` is in local metres.

    ``origin`` is the place in the file (its own CRS or drawing, metres or degrees) that became (0, 0), ``crs`` its
    EPSG code where the file says one; ``rotation`` turns the file's axes to the building's, anticlockwise degrees.
    ``frame`` is where the local metres lie in the world, for files that say so.
    """

    document: Document
    findings: tuple[Finding, ...] = ()
    origin: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    crs: int | None = None
    frame: LocalFrame | None = None


@dataclass
class ImportRefused(Exception):
    """The file cannot be taken; nothing was read. ``code`` is one of the above or a format's own."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.code
