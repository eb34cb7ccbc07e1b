"""Whether an archive is valid IMDF 1.0.0: the rules of OGC 20-094 that a machine can check.

Params of the findings: ``file`` (the feature type), ``what`` (the property, or the value concerned) and ``count``;
``keys`` are the ids of the features.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from facilities.plan.findings import Finding

from . import archive, jsontext
from . import imdf_terms as terms
from .imdf_rules import GEOMETRIES, RULES, Ids
from .imdf_shapes import check_shapes
from .meta import as_uuid
from .notes import Notes
from .report import NOT_THIS_FORMAT, ImportRefused

MANIFEST: Final = "imdf.manifest"  # what: the member that is missing or wrong
MISSING: Final = "imdf.missing"  # file: a file that every archive needs
UNKNOWN_FILE: Final = "imdf.unknown_file"  # file
NO_JSON: Final = "imdf.no_json"  # file, what: not a FeatureCollection
NO_FEATURE: Final = "imdf.no_feature"  # file: not a Feature, or of another feature_type
BAD_ID: Final = "imdf.bad_id"  # file: the id is no UUID of version 4
SAME_ID: Final = "imdf.same_id"  # file: the id was used before
GEOMETRY_TYPE: Final = "imdf.geometry_type"  # file, what: the type found
NO_PROPERTY: Final = "imdf.no_property"  # file, what
BAD_PROPERTY: Final = "imdf.bad_property"  # file, what
COUNT: Final = "imdf.count"  # file: there must be exactly one, or at least one

_EXTENSION: Final = re.compile(r"imdf:extension(:[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?){2}#[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Feature = dict[str, Any]


def validate(source: Path | str | bytes) -> list[Finding]:
    """What in the archive is not as the standard has it; nothing when it is valid. Raises ImportRefused for no zip."""
    data = archive.content(source)
    if not data.startswith(b"PK"):
        raise ImportRefused(NOT_THIS_FORMAT, {"expected": "IMDF"})
    files = archive.unpack(data, ("",))
    notes = Notes()
    for name in terms.REQUIRED_FILES:
        if name not in files:
            notes.add(MISSING, "error", file=name)
    _manifest(files.get("manifest.json"), notes)
    features = _features(files, notes)
    ids = _ids(features, notes)
    for kind, found in features.items():
        for feature in found:
            _properties(kind, feature, ids, notes)
    _counts(features, notes)
    check_shapes(features, notes)
    return list(notes.findings())


def _manifest(data: bytes | None, notes: Notes) -> None:
    if data is None:
        return
    try:
        manifest = jsontext.parse(data)
    except ImportRefused:
        manifest = None
    if not isinstance(manifest, dict):
        notes.add(MANIFEST, "error", what="manifest.json")
        return
    extensions = manifest.get("extensions")
    listed = extensions if isinstance(extensions, list) else [] if extensions is None else [None]
    right = {
        "version": manifest.get("version") == terms.VERSION,
        "created": _is_moment(manifest.get("created")),
        "generated_by": isinstance(manifest.get("generated_by"), str | None),
        "language": _matches(_LANGUAGE, manifest.get("language")),
        "extensions": all(_matches(_EXTENSION, each) for each in listed),
    }
    for member, is_right in right.items():
        if not is_right:
            notes.add(MANIFEST, "error", what=member)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_moment(value: object) -> bool:
    """An ISO 8601 date and time with its offset from UTC."""
    try:
        return isinstance(value, str) and "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _features(files: dict[str, bytes], notes: Notes) -> dict[str, list[Feature]]:
    found: dict[str, list[Feature]] = {kind: [] for kind in terms.FEATURE_TYPES}
    for name, data in files.items():
        kind = name.removesuffix(".geojson")
        if name == "manifest.json":
            continue
        if kind == name or kind not in found:
            notes.add(UNKNOWN_FILE, file=name[:60])
            continue
        try:
            features = jsontext.features(data)
        except ImportRefused as error:
            notes.add(NO_JSON, "error", file=kind, what=str(error.params.get("detail", "")))
            continue
        found[kind] = [feature for feature in features if _is_feature(kind, feature, notes)]
    return found


def _is_feature(kind: str, feature: Feature, notes: Notes) -> bool:
    if feature.get("type") == "Feature" and feature.get("feature_type") == kind:
        return True
    notes.add(NO_FEATURE, "error", key=str(feature.get("id")), file=kind)
    return False


def _ids(features: dict[str, list[Feature]], notes: Notes) -> Ids:
    """The feature type of every id."""
    found: Ids = {}
    for kind, listed in features.items():
        for feature in listed:
            id_ = feature.get("id")
            key = str(id_)
            if as_uuid(id_) != key or UUID(key).version != 4:
                notes.add(BAD_ID, "error", key=key, file=kind)
            if key in found:
                notes.add(SAME_ID, "error", key=key, file=kind)
            found[key] = kind
    return found


def _properties(kind: str, feature: Feature, ids: Ids, notes: Notes) -> None:
    key = str(feature.get("id"))
    geometry = feature.get("geometry", "")
    type_ = geometry.get("type") if isinstance(geometry, dict) else geometry
    if type_ not in list(GEOMETRIES[kind]):
        notes.add(GEOMETRY_TYPE, "error", key=key, file=kind, what=str(type_)[:40])
    properties = jsontext.properties(feature)
    for name, is_right in RULES[kind].items():
        if name not in properties:
            notes.add(NO_PROPERTY, "error", key=key, file=kind, what=name)
        elif not is_right(properties[name], ids):
            notes.add(BAD_PROPERTY, "error", key=key, file=kind, what=name)


def _counts(features: dict[str, list[Feature]], notes: Notes) -> None:
    if len(features["venue"]) != 1:
        notes.add(COUNT, "error", file="venue")
    ground: set[str] = set()
    for footprint in features["footprint"]:
        told = jsontext.properties(footprint)
        buildings = told.get("building_ids")
        if told.get("category") == "ground" and isinstance(buildings, list):
            ground.update(map(str, buildings))
    for building in features["building"]:
        if str(building.get("id")) not in ground:
            notes.add(COUNT, "error", key=str(building.get("id")), file="footprint")
