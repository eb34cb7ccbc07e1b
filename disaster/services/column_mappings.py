"""Which column means what, told once and remembered by the headings."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from disaster.models import ColumnMapping


def headings_hash(fields: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(fields), ensure_ascii=False).encode()).hexdigest()


def recall(purpose: str, fields: Sequence[str]) -> dict[str, Any]:
    """What was told of a table with these headings; empty where nothing was."""
    found = ColumnMapping.objects.filter(purpose=purpose, headings_sha256=headings_hash(fields)).first()
    return dict(found.columns) if found else {}


def remember(user: Any, purpose: str, fields: Sequence[str], columns: dict[str, Any]) -> None:
    ColumnMapping.objects.update_or_create(
        purpose=purpose, headings_sha256=headings_hash(fields),
        defaults={"columns": columns, "updated_at": timezone.now(), "updated_by": user},
    )  # fmt: skip
