"""IMDF archives: what we write is as OGC 20-094 has it, and other people's archives are read."""

import io
import uuid
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from shapely.geometry import shape

from facilities.exchange import imdf, shapes
from facilities.exchange import imdf_terms as terms
from facilities.exchange.meta import CannotExport, Meta
from facilities.exchange.report import ImportRefused
from facilities.plan.document import (
    AMENITY_CATEGORIES,
    FIXTURE_CATEGORIES,
    UNIT_CATEGORIES,
    Document,
    Level,
)
from gis_core.crs import LocalFrame
from tests.facilities.exchange_documents import FRAME, META, TEAM, codes, documents, metas, rich
from tests.facilities.exchange_files import Files, archive, changed, features, foreign, packed, unpacked
from tests.facilities.factories_plans import key, make_document


def named(files: Files, kind: str, name: str) -> dict[str, Any]:
    found = (each for each in features(files, kind) if name in str(each["properties"]["name"]))
    return next(found)


def test_an_archive_holds_a_manifest_and_a_file_for_each_feature_type() -> None:
    data = imdf.write(rich(), META)
    with zipfile.ZipFile(io.BytesIO(data)) as archive_:
        assert archive_.testzip() is None
        assert set(archive_.namelist()) == {"manifest.json", *(f"{kind}.geojson" for kind in terms.FEATURE_TYPES)}
    manifest = unpacked(data)["manifest.json"]
    assert manifest["version"] == "1.0.0"
    assert manifest["created"] == "2026-03-02T09:30:00+00:00"
    assert manifest["language"] == "ko"
    assert manifest["extensions"] == ["imdf:extension:dongne:plan#1.0.0"]


def test_what_we_write_is_valid() -> None:
    assert imdf.validate(imdf.write(rich(), META)) == []
    assert imdf.validate(imdf.write(make_document(3, 4, 3), META)) == []


@settings(max_examples=50, deadline=None)
@given(documents(), metas())
def test_what_we_write_breaks_no_rule_whatever_the_plan(document: Document, meta: Meta) -> None:
    findings = imdf.validate(imdf.write(document, meta))
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_every_category_of_ours_has_one_in_imdf() -> None:
    assert {terms.unit_out(category) for category in UNIT_CATEGORIES} <= terms.UNITS
    assert {terms.fixture_out(category) for category in FIXTURE_CATEGORIES} <= terms.FIXTURES | {"kiosk"}
    assert {terms.amenity_out(category) for category in AMENITY_CATEGORIES} <= terms.AMENITIES
    # Values that lists elsewhere add to the standard.
    assert not {"corridor", "staircase", "cafe", "bathroom", "laundryroom"} & terms.UNITS


def test_every_category_of_imdf_is_taken_for_one_of_ours() -> None:
    assert {terms.unit_in(category) for category in terms.UNITS} <= set(UNIT_CATEGORIES)
    assert {terms.fixture_in(category) for category in terms.FIXTURES} <= set(FIXTURE_CATEGORIES)


def test_a_room_is_a_unit_with_its_names_restriction_and_a_point_to_write_them_at() -> None:
    files = archive()
    office = named(files, "unit", "총무")
    assert office["geometry"]["type"] == "Polygon"
    properties = office["properties"]
    assert properties["category"] == "office"
    assert properties["restriction"] == "employeesonly"
    assert properties["name"]["ko"] == '"총무" <팀> & 😀'
    assert properties["name"]["en"].startswith("Office")
    assert shape(office["geometry"]).covers(shape(properties["display_point"]))
    level = next(each for each in features(files, "level") if each["id"] == properties["level_id"])
    assert level["properties"]["ordinal"] == 0
    assert named(files, "unit", "민원실")["properties"]["restriction"] is None


def test_rooms_lie_where_the_building_stands_in_the_world() -> None:
    hall = next(unit for unit in rich().units if unit.name_ko == "민원실")
    found = shape(named(archive(), "unit", "민원실")["geometry"])
    lon, lat = found.centroid.coords[0]
    assert 124 < lon < 132
    assert 33 < lat < 39
    back = imdf.read(packed(foreign()), imdf.Options(frame=FRAME)).document
    again = next(unit for unit in back.units if unit.name_ko == "민원실")
    assert again.geometry.equals_exact(hall.geometry, 1e-3)


def test_rings_turn_as_rfc_7946_has_them() -> None:
    for feature in features(archive(), "unit"):
        assert shape(feature["geometry"]).exterior.is_ccw


def test_a_door_says_how_it_opens_who_may_pass_and_whether_a_wheelchair_can() -> None:
    files = archive()
    back = named(files, "opening", "뒷문")["properties"]
    assert back["category"] == "pedestrian"
    assert back["access_control"] == ["keyaccess"]
    assert back["accessibility"] is None
    assert back["door"] == {"automatic": True}
    entrance = [each for each in features(files, "opening") if each["properties"]["category"] == "pedestrian.principal"]
    assert len(entrance) == 1
    gaps = [each for each in features(files, "opening") if each["properties"]["door"].get("type") == "open"]
    assert len(gaps) == 4


def test_our_own_furniture_and_amenities_become_the_nearest_of_imdf() -> None:
    files = archive()
    fixtures = {each["properties"]["dongne"]["category"]: each["properties"] for each in features(files, "fixture")}
    assert fixtures["counter"]["category"] == "furniture"
    assert fixtures["bench"]["category"] == "furniture"
    assert fixtures["shutter"]["category"] == "obstruction"
    assert len(features(files, "kiosk")) == 1
    amenities = {each["properties"]["dongne"]["category"]: each["properties"] for each in features(files, "amenity")}
    assert amenities["aed"]["category"] == "defibrillator"
    assert amenities["recyclingpoint"]["category"] == "unspecified"
    hall = named(files, "unit", "민원실")["id"]
    assert amenities["aed"]["unit_ids"] == [hall]


def test_a_team_is_an_occupant_anchored_in_its_room() -> None:
    files = archive()
    (occupant,) = features(files, "occupant")
    (anchor,) = features(files, "anchor")
    office = named(files, "unit", "총무")
    assert occupant["properties"]["name"] == {"ko": TEAM.name}
    assert occupant["properties"]["anchor_id"] == anchor["id"]
    assert anchor["properties"]["unit_id"] == office["id"]
    assert shape(office["geometry"]).covers(shape(anchor["geometry"]))


def test_stairs_and_lifts_are_joined_level_by_level_and_rooms_through_their_doors() -> None:
    files = archive()
    relationships = [each["properties"] for each in features(files, "relationship")]
    assert sorted(each["category"] for each in relationships if each["category"] != "traversal") == [
        "elevator",
        "stairs",
    ]
    # Every opening but the entrance joins two rooms.
    assert len(features(files, "opening")) - 1 == sum(each["category"] == "traversal" for each in relationships)


def test_a_level_without_an_outline_takes_up_what_its_rooms_do() -> None:
    document = rich()
    document = replace(document, levels=tuple(replace(level, outline=None) for level in document.levels))
    data = imdf.write(document, META)
    assert imdf.validate(data) == []
    assert all(level.outline is None for level in imdf.read(data).document.levels)


def test_a_plan_with_nothing_on_it_cannot_be_written() -> None:
    with pytest.raises(CannotExport, match="empty"):
        imdf.write(Document(levels=(Level(key("level"), 0),)), META)


# Archives of other programs


def test_another_programs_archive_is_read_with_everything_that_imdf_says() -> None:
    imported = imdf.read(packed(foreign()), imdf.Options(frame=FRAME))
    document, ours = imported.document, rich()
    assert {unit.key for unit in document.units} == {each["id"] for each in features(archive(), "unit")}
    hall = next(unit for unit in document.units if unit.name_ko == "민원실")
    assert (hall.category, hall.name_en) == ("lobby", "Hall")
    back = next(opening for opening in document.openings if opening.name == "뒷문")
    assert (back.access_control, back.automatic) == ("keyaccess", True)
    assert sum(opening.kind == "gap" for opening in document.openings) == 4
    assert sorted(unit.shaft for unit in document.units if unit.shaft) == ["E1", "E1", "S1", "S1"]
    assert sorted(fixture.category for fixture in document.fixtures) == [
        "furniture",
        "furniture",
        "kiosk",
        "obstruction",
    ]
    assert {amenity.category for amenity in document.amenities} == {"aed", "unspecified"}
    assert [level.ordinal for level in document.levels] == [level.ordinal for level in ours.levels]


def test_a_frame_is_fitted_to_an_archive_that_is_not_ours() -> None:
    imported = imdf.read(packed(foreign()))
    assert imported.frame is not None
    assert imported.frame.rotation == pytest.approx(FRAME.rotation, abs=1e-3)
    west, south, _, _ = shapes.hull_of([unit.geometry for unit in imported.document.units]).bounds
    assert -0.5 < west < 0.5
    assert -0.5 < south < 0.5
    area = sum(unit.geometry.area for unit in imported.document.units)
    assert area == pytest.approx(sum(unit.geometry.area for unit in rich().units), rel=1e-5)


def test_what_another_program_changed_wins_over_what_we_wrote() -> None:
    def change(files: Files) -> None:
        hall = named(files, "unit", "민원실")["properties"]
        hall["category"], hall["restriction"] = "library", "restricted"
        hall["name"] = {"ko": "작은도서관"}
        back = named(files, "opening", "뒷문")["properties"]
        back["access_control"], back["accessibility"] = ["badgereader"], ["wheelchair"]
        back["door"] = {"type": "open", "automatic": False, "material": None}

    document = imdf.read(changed(change)).document
    hall = next(unit for unit in document.units if unit.name_ko == "작은도서관")
    assert (hall.category, hall.restriction, hall.name_en, hall.after_hours) == ("library", "restricted", "", True)
    back = next(opening for opening in document.openings if opening.name == "뒷문")
    assert (back.access_control, back.step_free, back.kind) == ("badgereader", True, "gap")
    assert (back.restriction, back.after_hours) == ("restricted", "locked")


def test_categories_of_our_own_come_back_unless_another_was_chosen() -> None:
    document = rich()
    laundry = replace(document.units[4], category="laundryroom")
    document = replace(document, units=(laundry, *document.units[:4], *document.units[5:]))
    files = unpacked(imdf.write(document, META))
    room = next(each for each in features(files, "unit") if each["properties"]["dongne"]["category"] == "laundryroom")
    assert room["properties"]["category"] == "room"
    assert imdf.read(packed(files)).document.get("units", laundry.key).category == "laundryroom"
    room["properties"]["category"] = "storage"
    assert imdf.read(packed(files)).document.get("units", laundry.key).category == "storage"


def two_buildings(files: Files) -> str:
    """Add a second building with a level and a room of its own; its id."""
    other, level = str(uuid.uuid4()), str(uuid.uuid4())
    building = features(files, "building")[0]
    building["properties"]["name"] = {"ko": "본관"}
    features(files, "building").append(
        {**building, "id": other, "properties": {**building["properties"], "name": {"ko": "별관"}}}
    )
    ground = features(files, "level")[0]
    features(files, "level").append(
        {**ground, "id": level, "properties": {**ground["properties"], "building_ids": [other]}}
    )
    unit = features(files, "unit")[0]
    annex = {**unit["properties"], "level_id": level, "name": {"ko": "별관 회의실"}}
    features(files, "unit").append({**unit, "id": str(uuid.uuid4()), "properties": annex})
    return other


def test_of_several_buildings_one_has_to_be_chosen() -> None:
    files = foreign()
    other = two_buildings(files)
    with pytest.raises(ImportRefused) as refused:
        imdf.read(packed(files))
    assert refused.value.code == "imdf.choose_building"
    assert [each["name"] for each in refused.value.params["buildings"]] == ["본관", "별관"]
    document = imdf.read(packed(files), imdf.Options(building=other)).document
    assert [unit.name_ko for unit in document.units] == ["별관 회의실"]
    first = imdf.read(packed(files), imdf.Options(building=features(files, "building")[0]["id"])).document
    assert len(first.units) == len(rich().units)


def test_a_room_in_two_pieces_becomes_two_rooms() -> None:
    def change(files: Files) -> None:
        one, two = features(files, "unit")[:2]
        one["geometry"] = {
            "type": "MultiPolygon",
            "coordinates": [one["geometry"]["coordinates"], two["geometry"]["coordinates"]],
        }
        features(files, "unit").remove(two)

    imported = imdf.read(changed(change, foreign()))
    assert codes(imported)["split_shape"] == 1
    assert len(imported.document.units) == len(rich().units)


def test_two_level_features_of_one_storey_become_one_level() -> None:
    def change(files: Files) -> None:
        for level in features(files, "level"):
            level["properties"]["ordinal"] = 0

    imported = imdf.read(changed(change, foreign()))
    assert codes(imported)["imdf.levels_merged"] == 1
    assert len(imported.document.levels) == 1
    assert len(imported.document.units) == len(rich().units)


def test_what_a_plan_has_no_place_for_is_counted() -> None:
    def change(files: Files) -> None:
        unit = features(files, "unit")[0]
        for kind in ("section", "geofence", "detail"):
            features(files, kind).append({**unit, "id": str(uuid.uuid4()), "feature_type": kind})
        unit["properties"]["category"] = "corridor"
        features(files, "amenity")[0]["properties"]["category"] = "fireextinguisher"

    imported = imdf.read(changed(change, foreign()))
    found = {finding.params.get("what"): finding.code for finding in imported.findings}
    assert {found[kind] for kind in ("section", "geofence", "detail")} == {"dropped"}
    assert found["corridor"] == "unknown_category"
    assert "fireextinguisher" in {amenity.name for amenity in imported.document.amenities} or found["fireextinguisher"]


def test_an_unnamed_room_is_called_by_who_is_in_it() -> None:
    def change(files: Files) -> None:
        named(files, "unit", "총무")["properties"]["name"] = None

    imported = imdf.read(changed(change, foreign()))
    assert TEAM.name in {unit.name_ko for unit in imported.document.units}
    assert codes(imported)["imdf.named_by_occupant"] == 1


def test_a_door_to_the_outside_is_an_entrance_also_where_the_file_does_not_say_so() -> None:
    def change(files: Files) -> None:
        for opening in features(files, "opening"):
            opening["properties"]["category"] = "pedestrian"

    imported = imdf.read(changed(change, foreign()))
    assert sum(opening.entrance for opening in imported.document.openings) == 1
    assert codes(imported)["found_entrance"] == 1


def test_an_archive_from_abroad_is_read_without_a_place() -> None:
    def move(value: Any) -> Any:
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], float):
            return [value[0] - 250.0, value[1] + 1.0]
        return [move(item) for item in value] if isinstance(value, list) else value

    def change(files: Files) -> None:
        for kind in terms.FEATURE_TYPES:
            for feature in features(files, kind):
                if feature["geometry"]:
                    feature["geometry"]["coordinates"] = move(feature["geometry"]["coordinates"])

    imported = imdf.read(changed(change, foreign()))
    assert imported.frame is None
    assert codes(imported)["outside_korea"] == 1
    widths = [round(opening.width_m, 1) for opening in imported.document.openings]
    # Degrees of longitude are shorter there, so rooms are a little narrower; they are rooms in metres all the same.
    assert all(0.7 < width < 2.0 for width in widths)


def test_a_building_in_another_town_is_not_put_into_this_one() -> None:
    far = LocalFrame(FRAME.anchor_x + 60_000, FRAME.anchor_y, 0)
    with pytest.raises(ImportRefused) as refused:
        imdf.read(packed(foreign()), imdf.Options(frame=far))
    assert refused.value.code == "elsewhere"
    assert refused.value.params["km"] == 60


def test_a_building_a_little_way_off_is_read_and_told() -> None:
    near = replace(FRAME, anchor_x=FRAME.anchor_x - 300)
    imported = imdf.read(packed(foreign()), imdf.Options(frame=near))
    told = next(finding for finding in imported.findings if finding.code == "elsewhere")
    assert told.params["km"] == pytest.approx(0.3, abs=0.02)
    assert "elsewhere" not in codes(imdf.read(packed(foreign()), imdf.Options(frame=FRAME)))
