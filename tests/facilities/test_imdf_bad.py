"""IMDF archives that are wrong: what the standard forbids is named, and what could do harm is refused."""

import copy
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from facilities.exchange import archive as zips
from facilities.exchange import imdf
from facilities.exchange.report import ImportRefused
from tests.facilities.exchange_documents import META, codes, rich
from tests.facilities.exchange_files import Files, archive, changed, features, foreign, packed


def first(files: Files, kind: str) -> dict[str, Any]:
    return features(files, kind)[0]


def told(files: Files, kind: str) -> dict[str, Any]:
    properties: dict[str, Any] = first(files, kind)["properties"]
    return properties


def broken(change: Callable[[Files], Any]) -> set[tuple[str, str, str]]:
    """What the validator says of an archive after a change: code, file and value."""
    return {
        (finding.code, str(finding.params.get("file", "")), str(finding.params.get("what", "")))
        for finding in imdf.validate(changed(change))
    }


def of(kind: str, **values: Any) -> Callable[[Files], Any]:
    """Set properties of the first feature of a kind."""
    return lambda files: told(files, kind).update(values)


def manifest(**values: Any) -> Callable[[Files], Any]:
    return lambda files: files["manifest.json"].update(values)


def unit(**values: Any) -> Callable[[Files], Any]:
    """Set members of the first unit."""
    return lambda files: first(files, "unit").update(values)


@pytest.mark.parametrize(
    ("change", "code", "file", "what"),
    [
        (lambda files: files.pop("manifest.json"), "missing", "manifest.json", ""),
        (lambda files: files.pop("address.geojson"), "missing", "address.geojson", ""),
        (manifest(version="1.1"), "manifest", "", "version"),
        (manifest(created="2026-03-02"), "manifest", "", "created"),
        (manifest(language="한국어"), "manifest", "", "language"),
        (manifest(extensions=["dongne"]), "manifest", "", "extensions"),
        (lambda files: files.update({"rooms.geojson": {}}), "unknown_file", "rooms.geojson", ""),
        (lambda files: files.update({"unit.geojson": b"{"}), "no_json", "unit", None),
        (unit(feature_type="room"), "no_feature", "unit", ""),
        (unit(id="101"), "bad_id", "unit", ""),
        (unit(id=None), "bad_id", "unit", ""),
        (unit(id="6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "bad_id", "unit", ""),
        (lambda files: features(files, "unit").append(first(files, "unit")), "same_id", "unit", ""),
        (unit(geometry=None), "geometry_type", "unit", "None"),
        (lambda files: told(files, "unit").pop("restriction"), "no_property", "unit", "restriction"),
        (of("unit", category="corridor"), "bad_property", "unit", "category"),
        (of("unit", restriction="none"), "bad_property", "unit", "restriction"),
        (of("unit", name={}), "bad_property", "unit", "name"),
        (of("unit", name="회의실"), "bad_property", "unit", "name"),
        (of("unit", level_id="gone"), "bad_property", "unit", "level_id"),
        (of("level", ordinal="1"), "bad_property", "level", "ordinal"),
        (of("level", name=None), "bad_property", "level", "name"),
        (of("level", building_ids=["x"]), "bad_property", "level", "building_ids"),
        (of("opening", category="door"), "bad_property", "opening", "category"),
        (of("opening", door={"type": "hinged"}), "bad_property", "opening", "door"),
        (of("opening", access_control="guard"), "bad_property", "opening", "access_control"),
        (of("amenity", category="copier"), "bad_property", "amenity", "category"),
        (of("amenity", unit_ids=None), "bad_property", "amenity", "unit_ids"),
        (of("fixture", category="counter"), "bad_property", "fixture", "category"),
        (of("venue", category="unspecified"), "bad_property", "venue", "category"),
        (of("venue", address_id=None), "bad_property", "venue", "address_id"),
        (of("address", country="대한민국"), "bad_property", "address", "country"),
        (of("occupant", anchor_id="gone"), "bad_property", "occupant", "anchor_id"),
        (of("relationship", origin={"id": "x"}), "bad_property", "relationship", "origin"),
        (lambda files: features(files, "venue").clear(), "count", "venue", ""),
        (lambda files: features(files, "footprint").clear(), "count", "footprint", ""),
        (of("unit", display_point={"type": "Point", "coordinates": [126.0, 36.0]}), "spot_outside", "unit", ""),
    ],
)
def test_the_validator_names_what_the_standard_forbids(
    change: Callable[[Files], Any], code: str, file: str, what: str | None
) -> None:
    found = broken(change)
    assert any(each[:2] == (f"imdf.{code}", file) and what in (None, each[2]) for each in found), found


def shifted(coordinates: Any, by: float) -> Any:
    if isinstance(coordinates[0], float):
        return [coordinates[0] + by, coordinates[1]]
    return [shifted(item, by) for item in coordinates]


def move(files: Files, kind: str, by: float) -> None:
    geometry = first(files, kind)["geometry"]
    geometry["coordinates"] = shifted(geometry["coordinates"], by)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda files: move(files, "unit", 0.001), "imdf.outside_level"),
        (lambda files: move(files, "level", 0.01), "imdf.level_outside_venue"),
        (lambda files: move(files, "opening", 0.00001), "imdf.opening_off_wall"),
        (lambda files: move(files, "anchor", 0.001), "imdf.anchor_outside"),
        (lambda files: first(files, "unit")["geometry"]["coordinates"][0].reverse(), "imdf.winding"),
        (lambda files: first(files, "unit")["geometry"].update(coordinates=[[[0, 0], [1, 1]]]), "imdf.bad_shape"),
        (
            lambda files: features(files, "unit")[1].update(geometry=copy.deepcopy(first(files, "unit")["geometry"])),
            "imdf.units_overlap",
        ),
    ],
)
def test_the_validator_looks_at_where_things_are(change: Callable[[Files], Any], code: str) -> None:
    assert code in {each[0] for each in broken(change)}


def refused(data: bytes | Path) -> ImportRefused:
    with pytest.raises(ImportRefused) as found:
        imdf.read(data)
    return found.value


def test_a_file_that_is_no_archive_is_refused() -> None:
    assert refused(b"").code == "empty"
    assert refused(b"not a zip").code == "not_this_format"
    assert refused(b"PK\x03\x04 cut off").code == "broken"
    assert refused(packed({"readme.txt": b"hello"})).code == "not_this_format"
    whole = imdf.write(rich(), META)
    assert refused(whole[: len(whole) // 2]).code == "broken"


@pytest.mark.parametrize(
    "name", ["../level.geojson", "/etc/level.geojson", "C:\\level.geojson", "a/../../unit.geojson"]
)
def test_an_archive_with_a_path_that_leaves_its_folder_is_refused(name: str) -> None:
    found = refused(changed(lambda files: files.update({name: {"type": "FeatureCollection", "features": []}})))
    assert found.code == "archive.escapes"


def test_an_archive_with_a_link_in_it_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        link = zipfile.ZipInfo("unit.geojson")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    assert refused(data.getvalue()).code == "archive.escapes"


def test_an_archive_that_would_burst_is_refused() -> None:
    assert (
        refused(changed(lambda files: files.update({"detail.geojson": b" " * (20 * 1024 * 1024)}))).code
        == "archive.bomb"
    )
    many = {f"{number}.geojson": b"{}" for number in range(zips.MEMBERS_MAX + 1)}
    assert refused(packed(many)).code == "too_many"


def test_what_a_header_says_about_sizes_is_not_believed() -> None:
    data = bytearray(packed({**foreign(), "unit.geojson": b" " * (20 * 1024 * 1024)}))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"unit.geojson"))
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert refused(bytes(data)).code in {"archive.bomb", "broken", "too_large"}


def test_an_archive_with_a_password_is_refused() -> None:
    data = bytearray(packed(foreign()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    assert refused(bytes(data)).code == "archive.locked"


@pytest.mark.parametrize("name", ["level.geojson", "unit.geojson"])
def test_an_archive_without_levels_or_rooms_is_refused_by_the_missing_files_name(name: str) -> None:
    found = refused(changed(lambda files: files.pop(name)))
    assert (found.code, found.params) == ("imdf.file_missing", {"file": name})


@pytest.mark.parametrize("name", ["manifest.json", "venue.geojson", "address.geojson"])
def test_an_archive_without_other_files_is_read_and_told(name: str) -> None:
    imported = imdf.read(changed(lambda files: files.pop(name), foreign()))
    assert codes(imported)["imdf.file_missing"] == 1
    assert len(imported.document.units) == len(rich().units)


NO_COLLECTIONS = [b"{", b"[]", b'{"type": "FeatureCollection"}', b"\xff\xfe{}", b'{"a": NaN}', b"[" * 100_000]


@pytest.mark.parametrize("text", [*NO_COLLECTIONS, b'{"n": ' + b"9" * 5000 + b"}"])
def test_a_file_that_is_no_feature_collection_is_refused_by_name(text: bytes) -> None:
    found = refused(changed(lambda files: files.update({"unit.geojson": text})))
    assert (found.code, found.params["file"]) == ("broken", "unit.geojson")


def test_an_archive_without_a_single_room_is_refused() -> None:
    assert refused(changed(lambda files: features(files, "unit").clear(), foreign())).code == "nothing_found"


def test_what_cannot_be_read_is_left_out_and_counted() -> None:
    def change(files: Files) -> None:
        units = features(files, "unit")
        units[0]["geometry"] = {"type": "Point", "coordinates": [126.6, 36.9]}
        units[1]["geometry"]["coordinates"][0][1] = units[1]["geometry"]["coordinates"][0][3]
        units[2]["properties"]["level_id"] = "gone"
        units[3]["properties"]["category"] = ["office"]
        units[4]["id"] = units[5]["id"]
        units[6]["id"] = 7
        units[7]["properties"]["name"] = {"ko": "가" * 200}
        features(files, "opening")[0]["geometry"] = None
        features(files, "opening")[1]["properties"]["access_control"] = ["retinascanner"]
        features(files, "amenity")[0]["properties"]["unit_ids"] = ["gone"]

    imported = imdf.read(changed(change, foreign()))
    found = codes(imported)
    assert found["invalid_shape"] >= 2
    assert found["level_missing"] == 1
    assert found["unknown_category"] >= 1
    assert found["duplicate_key"] == 1
    assert found["new_key"] >= 1
    assert found["text_cut"] == 1
    assert found["unknown_value"] >= 1
    assert found["reference_missing"] >= 1


def test_hostile_values_in_our_own_extension_are_put_right() -> None:
    def change(files: Files) -> None:
        ours = told(files, "unit")["dongne"]
        ours |= {
            "desks": "many",
            "teams": 5,
            "shaft": "s" * 99,
            "idle": "yes",
            "note": "\x00\ud800",
            "turned": "x",
            "key": 3,
        }
        told(files, "building")["dongne"] |= {"teams": [{"key": "x"}, 3], "frame": {"anchor_x": "far"}}
        told(files, "level")["dongne"] |= {"height_m": 1e9, "ordinal": "a"}
        told(files, "fixture")["dongne"] |= {"line": [[1, 2, 3], "x"]}

    document = imdf.read(changed(change)).document
    unit = next(unit for unit in document.units if len(unit.shaft) == 20)
    assert (unit.desks, unit.teams, unit.idle, unit.note) == (0, (), False, "")


VALUES: list[Any] = [None, True, -1, 10**30, 1e308, "", "x", [], {}, [[]], {"type": "Polygon", "coordinates": []}]


def tampered(value: Any, random_: random.Random) -> Any:
    """The value with something in it exchanged for what does not belong there."""
    if not isinstance(value, dict | list) or not value or random_.random() < 0.15:
        return random_.choice(VALUES)
    value = copy.copy(value)
    place = random_.choice(list(value)) if isinstance(value, dict) else random_.randrange(len(value))
    value[place] = tampered(value[place], random_)
    return value


@pytest.mark.parametrize("seed", range(8))
def test_no_archive_makes_the_reader_or_the_validator_fail(seed: int) -> None:
    random_ = random.Random(seed)
    whole = archive() if seed % 2 else foreign()
    for _ in range(25):
        files = dict(whole)
        for name in random_.choices(list(files), k=4):
            files[name] = tampered(files[name], random_)
        data = packed({name: json.dumps(value).encode() for name, value in files.items()})
        for read in (imdf.read, imdf.validate):
            try:
                read(data)
            except ImportRefused as error:
                assert error.code
