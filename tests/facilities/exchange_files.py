"""IMDF archives to tamper with: unpacked, changed and packed again."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from facilities.exchange import imdf
from facilities.exchange import imdf_terms as terms
from tests.facilities.exchange_documents import META, rich

Files = dict[str, Any]


def archive() -> Files:
    """Our own archive of the rich plan, as values by file name."""
    return unpacked(imdf.write(rich(), META))


def unpacked(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: json.loads(packed.read(name)) for name in packed.namelist()}


def packed(files: Files) -> bytes:
    """A zip of these files; bytes go in as they are."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        for name, value in files.items():
            target.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return data.getvalue()


def features(files: Files, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = files[f"{kind}.geojson"]["features"]
    return found


def foreign(files: Files | None = None) -> Files:
    """As another program would write the same building: without our extension."""
    files = files or archive()
    files["manifest.json"]["extensions"] = None
    for kind in terms.FEATURE_TYPES:
        for feature in features(files, kind):
            feature["properties"].pop("dongne", None)
    return files


def changed(change: Callable[[Files], Any], files: Files | None = None) -> bytes:
    """An archive after a change."""
    files = files or archive()
    change(files)
    return packed(files)
