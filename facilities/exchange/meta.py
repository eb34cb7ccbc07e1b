"""What an export says besides the plan: whose building it is, where it stands and what it is called."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from gis_core.crs import LocalFrame

GENERATOR = "Dongne"


@dataclass(frozen=True)
class Meta:
    """``venue`` is the centre. Keys are UUID text; ``frame`` is where the building's metres lie in the world.

    ``category`` is IMDF's for venues; ``locality`` the city or county, ``province`` ISO 3166-2 ("KR-45").
    Without ``created`` the moment of writing is stated.
    """

    frame: LocalFrame
    venue_key: str
    venue_name: str
    building_key: str
    building_name: str
    venue_name_en: str = ""
    building_name_en: str = ""
    plan_name: str = ""
    category: str = "governmentfacility"
    address: str = ""
    locality: str = ""
    province: str = ""
    postal_code: str = ""
    created: datetime | None = None


class CannotExport(ValueError):
    """The plan cannot be written in this format; ``args[0]`` is a code."""


def stable_key(*words: object) -> str:
    """The same UUID (in version 4's form, which IMDF asks for) for the same words, whoever reads the file when."""
    digest = hashlib.sha256("\x1f".join(map(str, words)).encode("utf-8", "replace")).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def as_uuid(text: object) -> str | None:
    """The UUID in its usual writing, or None where the value is none."""
    try:
        return str(uuid.UUID(text)) if isinstance(text, str) and len(text) <= 45 else None
    except ValueError:
        return None


def feature_id(key: str) -> str:
    """A UUID of version 4 for a part's key: the key itself where it is one already."""
    found = as_uuid(key)
    return found if found == key and uuid.UUID(found).version == 4 else stable_key("key", key)
