"""JSON that strangers wrote, and JSON for them."""

import json
from typing import Any

from .report import BROKEN, ImportRefused


def parse(data: bytes, file: str = "") -> Any:
    """The value of a JSON text in UTF-8. Raises ImportRefused (BROKEN: detail, file)."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not a number in JSON")

    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except json.JSONDecodeError as error:
        detail = f"{error.msg} ({error.lineno}:{error.colno})"
        raise ImportRefused(BROKEN, {"detail": detail, "file": file}) from error
    except (ValueError, RecursionError) as error:
        raise ImportRefused(BROKEN, {"detail": str(error)[:200], "file": file}) from error


def dump(value: Any) -> bytes:
    """Compact JSON in UTF-8; halves of characters, which no file can hold, become question marks."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def features(data: bytes, file: str = "") -> list[dict[str, Any]]:
    """The features of a FeatureCollection. Raises ImportRefused when it is none."""
    root = parse(data, file)
    found = root.get("features") if isinstance(root, dict) else None
    if not isinstance(found, list) or root.get("type") != "FeatureCollection":
        raise ImportRefused(BROKEN, {"detail": "not a FeatureCollection", "file": file})
    return [feature for feature in found if isinstance(feature, dict)]


def properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}
