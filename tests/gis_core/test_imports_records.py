"""What somebody meets who imports rows of a spreadsheet into a layer."""

import json
from datetime import date

import pytest
import shapely
from django.utils import translation
from openpyxl import load_workbook

from facilities.models import Centre
from gis_core.crs import reproject
from gis_core.imports.mapping import guess, targets
from gis_core.imports.records import SKIP, Options, import_records
from gis_core.imports.template_file import template_file
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, Organisation, Role
from tests.factories import make_centre, make_depot, make_house, make_organisation, make_user, place, pnu
from tests.gis_core.imports_support import sheet, vector
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db

HEAD = ["필지고유번호(PNU)", "주소", "법 구분", "상태", "등급", "발견일", "경도", "위도"]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def degrees(east, north):
    return [round(each, 7) for each in reproject(place(east, north), 5179, 4326).coords[0]]


def house(number, east=500, north=500, **change):
    row = {
        "pnu": pnu(number),
        "address": f"운봉읍 {number}",
        "regime": "rural",
        "status": "candidate",
        "grade": "Grade 2",
        "found_on": "2024. 5. 1.",
    }
    return {**row, **dict(zip(("lon", "lat"), degrees(east, north), strict=True)), **change}


def houses(folder, *rows, name="houses.csv"):
    path = folder / name
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines), encoding="cp949")
    return path


def run(layer, path, user, dry_run=False, columns=None, **options):
    from gis_core.imports.reader import read

    layer = layers.get(layer)
    columns = columns if columns is not None else guess(layer, user, read(path, layer=options.get("layer", "")).fields)
    return import_records(layer, path, Options(columns=columns, **options), user=user, dry_run=dry_run)


def counts(report):
    return {name: count for name, count in report.counts().items() if count}


def test_a_survey_manager_imports_houses_and_a_second_time_nothing_changes(tmp_path, territory, manager):
    path = houses(tmp_path, house(1), house(2, 2500, 500))
    assert counts(run("vacant-houses", path, manager, dry_run=True)) == {"created": 2}
    assert not VacantHouse.objects.exists()
    report = run("vacant-houses", path, manager)
    assert counts(report) == {"created": 2}
    assert (report.facts["encoding"], report.facts["crs"]) == ("cp949", "EPSG:4326 WGS 84")
    first, second = VacantHouse.objects.order_by("pnu")
    assert (first.area, second.area) == (territory.unbong, territory.jucheon)
    assert (first.grade, first.found_on, first.created_by) == ("2", date(2024, 5, 1), manager)
    assert counts(run("vacant-houses", path, manager)) == {"unchanged": 2}


def test_every_bad_row_is_told_with_its_number_and_field_and_none_is_written(tmp_path, territory, manager):
    bad = [
        house(1),
        house(2, pnu="521902502110001000"),
        house(3, regime="산"),
        house(4, found_on="작년"),
        house(5, lon="동쪽"),
        house(6, lat=""),
        house(1),
        house(8, lon=degrees(0, 0)[1], lat=degrees(0, 0)[0]),
        house(9, lon="", lat=""),
    ]
    report = run("vacant-houses", houses(tmp_path, *bad), manager)
    said = {row.number: " ".join(row.messages) for row in report.rows if row.outcome.value == "refused"}
    assert set(said) == {3, 4, 5, 6, 7, 8, 9, 10}
    expected = {
        3: "pnu: ",
        4: "regime: ",
        5: "found_on: ",
        6: "lon: “동쪽”",
        7: "One of the two coordinates",
        8: "Row 2 has the same key",
        9: "exchanged",
        10: "Place: ",
    }
    for number, text in expected.items():
        assert text in said[number], (number, said[number])
    assert not VacantHouse.objects.exists()
    assert report.facts["applied"] is False


def test_good_rows_can_be_kept_beside_bad_ones(tmp_path, territory, manager):
    report = run("vacant-houses", houses(tmp_path, house(1), house(2, pnu="1")), manager, partly=True)
    assert counts(report) == {"created": 1, "refused": 1}
    assert VacantHouse.objects.count() == 1


def test_a_house_that_is_there_is_found_by_its_parcel_number_and_changed_or_skipped(tmp_path, territory, manager):
    there = make_house(place(600, 600), pnu=pnu(1), grade="none", note="손으로 쓴 메모")
    path = houses(tmp_path, {"pnu": pnu(1), "grade": "1", "note": ""})
    assert counts(run("vacant-houses", path, manager, existing=SKIP)) == {"skipped": 1}
    assert counts(run("vacant-houses", path, manager)) == {"changed": 1}
    there.refresh_from_db()
    # An empty cell wipes nothing, and a file without coordinates moves nothing.
    assert (there.grade, there.note, there.location.coords) == ("1", "손으로 쓴 메모", place(600, 600).coords[0])


def test_two_records_with_the_key_of_a_row_are_left_to_people(tmp_path, territory, manager):
    make_house(pnu=pnu(1))
    make_house(pnu=pnu(1))
    report = run("vacant-houses", houses(tmp_path, house(1)), manager)
    assert "Several records" in report.rows[0].messages[0]


def test_a_surveyor_of_one_town_cannot_import_into_another(tmp_path, territory, surveyor):
    report = run("vacant-houses", houses(tmp_path, house(1), house(2, 2500, 500)), surveyor)
    refused = [row.number for row in report.rows if row.outcome.value == "refused"]
    if layers.get("vacant-houses").access.edit & {Role.SURVEYOR}:
        assert refused == [3]
    assert not VacantHouse.objects.exists()


def test_a_centre_is_found_by_its_name_within_its_area(tmp_path, territory, planner):
    """동구, 중구: the same name elsewhere is another record."""
    here, there = make_centre(place(500, 500), name="주민센터"), make_centre(place(2500, 500), name="주민센터")
    lon, lat = degrees(700, 700)
    path = sheet(tmp_path / "a.xlsx", [["이름", "직원 수", "경도", "위도"], ["주민센터", 25, lon, lat]])
    columns = {"name": "이름", "staff": "직원 수", "x": "경도", "y": "위도"}
    assert counts(run("centres", path, planner, columns=columns)) == {"changed": 1}
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.staff, there.staff) == (25, 12)


def test_the_number_of_an_export_finds_a_record_whose_name_changes(tmp_path, territory, planner):
    centre = make_centre(name="옛 이름")
    path = sheet(tmp_path / "a.xlsx", [["record number", "name"], [centre.pk, "새 이름"]])
    assert counts(run("centres", path, planner)) == {"changed": 1}
    assert Centre.objects.get().name == "새 이름"
    path = sheet(tmp_path / "b.xlsx", [["record number", "name"], [centre.pk + 1, "새 이름"], ["x", "y"]])
    assert counts(run("centres", path, planner)) == {"refused": 2}


def test_coordinates_may_be_in_metres_of_an_old_reference_system(tmp_path, territory, planner):
    from pyproj import Transformer

    x, y = Transformer.from_crs(5179, 5174, always_xy=True).transform(*place(500, 500).coords[0])
    path = sheet(tmp_path / "a.xlsx", [["name", "category", "X좌표", "Y좌표"], ["가", "communitycenter", x, y]])
    assert counts(run("centres", path, planner, crs="5174")) == {"created": 1}
    assert shapely.Point(Centre.objects.get().location.coords).distance(place(500, 500)) < 0.01


def test_parcels_of_a_shapefile_become_outlines(tmp_path, territory, manager):
    parcel = reproject(shapely.box(*place(100, 100).coords[0], *place(130, 120).coords[0]), 5179, 5186)
    row = {name: [value] for name, value in house(1).items() if name not in ("lon", "lat")}
    path = vector(tmp_path / "a.gpkg", [parcel], row, crs="EPSG:5186", driver="GPKG")
    report = run("vacant-houses", path, manager)
    assert counts(report) == {"created": 1}, report.rows
    made = VacantHouse.objects.get()
    assert made.parcel.area == pytest.approx(600, abs=0.01)
    assert made.parcel.contains(made.location)


def test_other_records_are_named_by_name_or_code(tmp_path, territory, officer, coordinator):
    keeper = make_organisation("운봉읍사무소")
    lon, lat = degrees(500, 500)
    path = sheet(
        tmp_path / "a.xlsx", [["name", "kind", "keeper", "lon", "lat"], ["창고", "flood", "운봉읍사무소", lon, lat]]
    )
    report = run(
        "depots", path, officer, columns={"name": "name", "kind": "kind", "keeper": "keeper", "x": "lon", "y": "lat"}
    )
    assert counts(report) == {"created": 1}, report.rows
    assert keeper.depots.get().name == "창고"
    rows = [["name", "kind", "areas", "lead"], ["협력권", "cooperation", "4519025000; 주천면", "운봉읍사무소"]]
    columns = {"name": "name", "kind": "kind", "member_areas": "areas", "lead": "lead"}
    report = run("zones", sheet(tmp_path / "b.xlsx", rows), coordinator, columns=columns)
    assert "no “주천면”" in report.rows[0].messages[0]
    rows[1][2] = "4519025000; 전북특별자치도 남원시 주천면"
    assert counts(run("zones", sheet(tmp_path / "c.xlsx", rows), coordinator, columns=columns)) == {"created": 1}
    assert set(CooperationZone.objects.get().member_areas.all()) == {territory.unbong, territory.jucheon}


def test_two_organisations_of_one_name_are_not_guessed_between(tmp_path, territory, officer):
    make_organisation("새마을회")
    make_organisation("새마을회")
    rows = [["name", "kind", "keeper", "lon", "lat"], ["창고", "flood", "새마을회", *degrees(500, 500)]]
    report = run("depots", sheet(tmp_path / "a.xlsx", rows), officer)
    assert "several" in " ".join(report.rows[0].messages)


def test_people_who_may_not_see_contacts_cannot_fill_them(territory):
    layer = layers.get("organisations")
    names = {target.name for target in targets(layer, make_user("x", (Role.VIEWER, None)))}
    assert "contact_phone" not in names
    assert "contact_phone" in {target.name for target in targets(layer, make_user("y", (Role.ADMINISTRATOR, None)))}


def test_records_without_a_place_keep_the_area_they_name(tmp_path, territory, coordinator):
    rows = [["name", "kind", "area"], ["이장협의회", "village_heads", "4519031000"]]
    report = run("organisations", sheet(tmp_path / "a.xlsx", rows), coordinator)
    assert counts(report) == {"created": 1}, report.rows
    assert Organisation.objects.get().area == territory.jucheon


def test_an_update_needs_no_version_and_still_makes_history(tmp_path, territory, manager):
    there = make_house(pnu=pnu(1))
    run("vacant-houses", houses(tmp_path, {"pnu": pnu(1), "grade": "3"}), manager)
    event = there.events.order_by("pgh_id").last()
    assert (event.grade, event.pgh_context.metadata["import_file"]) == ("3", "houses.csv")


@pytest.mark.parametrize("layer", ["vacant-houses", "centres", "depots", "organisations", "zones"])
def test_the_template_is_recognised_column_by_column(tmp_path, layer, territory, administrator):
    found = layers.get(layer)
    path = tmp_path / "t.xlsx"
    path.write_bytes(template_file(found, administrator))
    headings = [cell.value for cell in load_workbook(path).active[1]]
    guessed = guess(found, administrator, headings)
    expected = {target.name for target in targets(found, administrator)} - {"record_number"}
    assert set(guessed) == expected


def test_the_report_shows_where_the_rows_land(tmp_path, territory, manager):
    report = run("vacant-houses", houses(tmp_path, house(1)), manager, dry_run=True)
    assert report.preview["features"][0]["geometry"]["coordinates"] == pytest.approx(degrees(500, 500), abs=1e-5)
    assert json.dumps(report.for_job())


def test_an_import_costs_about_the_same_for_every_row(tmp_path, territory, manager, django_assert_max_num_queries):
    path = houses(tmp_path, *(house(number) for number in range(1, 21)))
    with django_assert_max_num_queries(20 * 12 + 20):
        run("vacant-houses", path, manager)


def test_a_depot_that_was_retired_is_not_changed_by_an_import(tmp_path, territory, officer):
    from django.utils import timezone

    old = make_depot(place(500, 500), name="창고")
    type(old).objects.filter(pk=old.pk).update(retired_at=timezone.now(), retired_reason="x")
    rows = [["name", "kind", "lon", "lat"], ["창고", "flood", *degrees(500, 500)]]
    assert counts(run("depots", sheet(tmp_path / "a.xlsx", rows), officer)) == {"created": 1}


def test_headings_and_choices_may_be_written_shorter_than_ours(tmp_path, territory, manager):
    layer = layers.get("vacant-houses")
    assert guess(layer, manager, ["PNU", "Parcel number"])["pnu"] in ("PNU", "Parcel number")
    report = run("vacant-houses", houses(tmp_path, house(1, status="Confirmed", grade="grade 3")), manager)
    assert counts(report) == {"created": 1}, report.rows
    assert (VacantHouse.objects.get().status, VacantHouse.objects.get().grade) == ("confirmed", "3")
    # What two choices begin with is neither.
    report = run("vacant-houses", houses(tmp_path, house(2, grade="grade")), manager)
    assert counts(report) == {"refused": 1}
