"""What an administrator meets who brings real boundaries in."""

import json
from datetime import date
from decimal import Decimal

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.utils import translation
from shapely.affinity import translate

from gis_core.crs import reproject
from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.imports.areas import import_areas
from gis_core.imports.errors import ImportProblem
from gis_core.models import AdminArea, AreaCode, AreaEdition, Boundary, CooperationZone, Organisation
from tests.gis_core.imports_support import shapefile, shared, vector, zipped_folder

pytestmark = pytest.mark.django_db

# Two made-up towns side by side, each 4 km2, in EPSG:5179.
WEST, EAST = shapely.box(960000, 1700000, 962000, 1702000), shapely.box(962000, 1700000, 964000, 1702000)
TOWNS = {
    "adm_nm": ["전북특별자치도 남원시 가읍", "전북특별자치도 남원시 나면"],
    "adm_cd2": ["5219025000", "5219031000"],
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def demo_area(level, name, mois, shape, parent=None, boundary=Boundary.SCHEMATIC, aliases=(), since=None):
    area = AdminArea.objects.create(
        level=level, name=name, parent=parent, full_name=f"{parent or ''} {name}".strip(), mois_code=mois,
        geometry=to_geos(shapely.MultiPolygon([shape])), km2=Decimal(1), boundary=boundary, valid_from=since,
    )  # fmt: skip
    AreaCode.objects.create(area=area, system="mois", code=mois)
    for system, code in aliases:
        AreaCode.objects.create(
            area=area, system=system, code=code, valid_to=date(2024, 1, 17) if system == "mois" else None
        )
    AreaEdition.objects.create(area=area, name=name, geometry=area.geometry, km2=1, source="demo", boundary=boundary)
    return area


@pytest.fixture
def province():
    return demo_area("sido", "전북특별자치도", "5200000000", shapely.union(WEST, EAST).envelope)


@pytest.fixture
def namwon(province):
    return demo_area(
        "sigungu",
        "남원시",
        "5219000000",
        shapely.union(WEST, EAST).envelope,
        province,
        aliases=[("mois", "4519000000")],
    )


def towns_file(folder, shapes=(WEST, EAST), columns=TOWNS, crs="EPSG:5186", name="s"):
    moved = [reproject(shape, 5179, int(crs[5:])) for shape in shapes]
    return shapefile(folder / name, moved, columns, crs=crs)


def facts(report, *names):
    return tuple(report.facts[name] for name in names)


def organisation(name, x, y, area=None):
    place = to_geos(shapely.Point(x, y)) if x else None
    return Organisation.objects.create(name=name, kind="other", area=area, location=place)


# The official files


@pytest.mark.parametrize(("name", "areas", "km2"), [("namwon", 23, 749.03), ("dangjin", 14, 708.60)])
def test_the_official_file_comes_in_whole_and_a_second_run_changes_nothing(name, areas, km2, capsys):
    path = str(shared(f"areas/{name}.geojson"))
    call_command("import_areas", path, "--json")
    first = json.loads(capsys.readouterr().out)
    assert (first["areas"], first["created"], first["invalid"], first["parents_created"]) == (areas, areas, 0, 2)
    assert first["km2"] == pytest.approx(km2, abs=0.01)
    versions = list(AdminArea.objects.order_by("pk").values_list("pk", "version"))
    call_command("import_areas", path, "--json")
    second = json.loads(capsys.readouterr().out)
    assert (second["created"], second["changed"], second["unchanged"], second["parents_created"]) == (0, 0, areas, 0)
    assert versions == list(AdminArea.objects.order_by("pk").values_list("pk", "version"))
    assert AreaEdition.objects.filter(boundary=Boundary.IMPORTED).count() == areas


def test_the_official_file_finds_demo_areas_across_the_change_from_45_to_52(namwon):
    """Their schematic boundaries are replaced in place; codes, names and identities stay."""
    path = shared("areas/namwon.geojson")
    centre = reproject(shapely.Point(127.53536, 35.43059), 4326, 5179)
    woonbong = demo_area(
        "eupmyeondong", "운봉읍", "5219025000", centre.buffer(900), namwon, aliases=[("mois", "4519025000")]
    )
    report = import_areas(path)
    assert facts(report, "created", "changed", "parents_created", "editions_closed") == (22, 1, 0, 0)
    woonbong.refresh_from_db()
    assert (woonbong.mois_code, woonbong.name, woonbong.parent_id) == ("5219025000", "운봉읍", namwon.pk)
    assert (woonbong.boundary, float(woonbong.km2)) == (Boundary.IMPORTED, pytest.approx(69.16, abs=0.01))
    assert [(edition.boundary, edition.valid_to) for edition in woonbong.editions.all()] == [(Boundary.IMPORTED, None)]
    assert AdminArea.objects.by_code("3505011") == woonbong
    namwon.refresh_from_db()
    assert (namwon.boundary, namwon.name) == (Boundary.DERIVED, "남원시")
    assert float(namwon.km2) == pytest.approx(749.03, abs=0.01)
    assert AdminArea.objects.by_code("4519059000").mois_code == "5219059000"


# What is in the file


@pytest.mark.parametrize("crs", ["EPSG:5174", "EPSG:5186", "EPSG:5179", "EPSG:2097"])
def test_an_old_shapefile_lands_where_the_new_one_does(tmp_path, crs):
    path = zipped_folder(tmp_path / "a.zip", towns_file(tmp_path, crs=crs).parent)
    report = import_areas(path, name="a.zip")
    assert facts(report, "encoding", "created", "parents_created") == ("cp949", 2, 2)
    assert report.facts["crs"].startswith(crs)
    west = AdminArea.objects.by_code("5219025000")
    assert west.full_name == "전북특별자치도 남원시 가읍"
    assert shapely.hausdorff_distance(to_shapely(west.geometry), WEST) < 0.01
    assert any("old Korean datum" in note for note in report.notes) == (crs in ("EPSG:5174", "EPSG:2097"))


def test_a_second_file_in_another_reference_system_is_recognised_as_the_same(tmp_path):
    import_areas(towns_file(tmp_path, crs="EPSG:5186", name="a"))
    report = import_areas(towns_file(tmp_path, crs="EPSG:5174", name="b"))
    assert facts(report, "created", "changed", "unchanged") == (0, 0, 2)


def test_a_file_read_with_the_wrong_datum_is_noticed(tmp_path):
    shapes = [WEST, EAST, translate(EAST, 2000), translate(EAST, 4000)]
    columns = {"adm_nm": ["가", "나", "다", "라"], "adm_cd2": ["5219025000", "5219031000", "5219032000", "5219033000"],
               "sggnm": ["남원시"] * 4, "sidonm": ["전북"] * 4}  # fmt: skip
    path = towns_file(tmp_path, shapes, columns, crs="EPSG:5174")
    import_areas(path)
    report = import_areas(path, crs="5181", dry_run=True)
    assert any("right CRS" in note for note in report.notes)


def test_columns_can_be_named_by_hand(tmp_path):
    path = towns_file(
        tmp_path, columns={"n": ["가읍", "나면"], "c": ["52190250", "52190310"], "g": ["남원시"] * 2, "s": ["전북"] * 2}
    )
    with pytest.raises(ImportProblem, match="No column with an area code"):
        import_areas(path)
    with pytest.raises(ImportProblem, match="no column"):
        import_areas(path, fields="mois=x")
    with pytest.raises(ImportProblem, match="none of"):
        import_areas(path, fields="code=c")
    report = import_areas(path, fields="mois=c, name=n, sigungu_name=g, sido_name=s")
    assert facts(report, "created", "parents_created") == (2, 2)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    path = towns_file(tmp_path)
    dry = import_areas(path, dry_run=True)
    assert not AdminArea.objects.exists()
    assert not AreaCode.objects.exists()
    wet = import_areas(path)
    assert dry.rows == wet.rows
    assert {**dry.facts, "dry_run": False, "applied": True} == wet.facts


def test_the_preview_shows_where_the_file_lands(tmp_path):
    report = import_areas(towns_file(tmp_path, crs="EPSG:5174"), dry_run=True)
    first = shapely.geometry.shape(report.preview["features"][0]["geometry"])
    assert first.centroid.distance(reproject(WEST.centroid, 5179, 4326)) < 1e-4


BOWTIE = shapely.Polygon([(964000, 1700000), (966000, 1702000), (966000, 1700000), (964000, 1702000)])


def test_an_invalid_boundary_is_named_with_its_reason_and_place_and_nothing_is_written(tmp_path, capsys):
    path = towns_file(tmp_path, (WEST, BOWTIE))
    report = import_areas(path)
    assert facts(report, "invalid", "repaired", "applied") == (1, 0, False)
    refused = report.rows[1]
    assert (refused.number, refused.name, refused.outcome.value) == (2, "전북특별자치도 남원시 나면", "refused")
    lon, lat = reproject(shapely.Point(965000, 1701000), 5179, 4326).coords[0]
    assert refused.messages[0].startswith(f"The outline crosses itself at {lon:.4f}")
    assert f"{lat:.4f}" in refused.messages[0]
    assert not AdminArea.objects.exists()
    with pytest.raises(CommandError, match="Rows refused: 1"):
        call_command("import_areas", str(path))


def test_a_repair_tells_the_change_of_the_area(tmp_path):
    path = towns_file(tmp_path, (WEST, BOWTIE))
    report = import_areas(path, repair=True)
    assert facts(report, "invalid", "repaired", "created", "applied") == (1, 1, 2, True)
    assert report.rows[1].outcome.value == "repaired"
    assert "0.0000 km² before, 2.0" in report.rows[1].messages[0]
    assert facts(import_areas(path, repair=True), "unchanged", "changed") == (2, 0)


def test_every_bad_row_is_told_and_none_is_written(tmp_path):
    codes = ["5219025000", "52190310x", "5219010100", "5219025000", "", "5219032000", "5219033021", "5219034000"]
    shapes = [translate(WEST, 2000 * n) for n in range(7)]
    moved = [*[reproject(shape, 5179, 5186) for shape in shapes], None]
    path = shapefile(
        tmp_path / "s", moved, {"adm_nm": ["전북 남원시 가"] * 5 + ["가"] + ["전북 남원시 가"] * 2, "adm_cd2": codes}
    )
    report = import_areas(path)
    refused = {row.number: " ".join(row.messages) for row in report.rows if row.outcome.value == "refused"}
    assert set(refused) == {2, 3, 4, 5, 7, 8}
    for row, said in {
        2: "not a number",
        3: "legal dong",
        4: "stands in row 1",
        5: "no area code",
        7: "a ri",
        8: "no boundary",
    }.items():
        assert said in refused[row]
    assert not AdminArea.objects.exists()


def test_a_code_that_does_not_lie_in_the_county_of_its_row_is_refused(tmp_path):
    columns = {**TOWNS, "sgg": ["45190", "52180"], "sido": ["52", "52"]}
    report = import_areas(towns_file(tmp_path, columns=columns))
    assert [row.number for row in report.rows if row.outcome.value == "refused"] == [2]
    assert "does not lie in 52180" in report.rows[1].messages[0]


def test_a_new_area_whose_county_nobody_names_is_refused(tmp_path):
    report = import_areas(towns_file(tmp_path, columns={"adm_nm": ["가읍", "나면"], "adm_cd2": TOWNS["adm_cd2"]}))
    assert "5219000000" in report.rows[0].messages[0]
    assert report.refused


def test_statistics_codes_alone_find_areas_but_make_none(tmp_path, namwon):
    town = demo_area("eupmyeondong", "가읍", "5219025000", WEST, namwon, aliases=[("kostat", "3505011")])
    columns = {"ADM_NM": ["가읍", "나면"], "ADM_CD": ["35050110", "35050310"], "BASE_DATE": ["20240630", "20240630"]}
    report = import_areas(towns_file(tmp_path, columns=columns))
    assert "needs its MOIS code" in report.rows[1].messages[0]
    report = import_areas(
        towns_file(tmp_path, (WEST,), {name: values[:1] for name, values in columns.items()}, name="t")
    )
    town.refresh_from_db()
    assert (town.kostat_code, town.boundary) == ("35050110", Boundary.IMPORTED)
    assert town.editions.get().valid_from == date(2024, 6, 30)


def test_codes_that_name_two_areas_are_refused(tmp_path, namwon):
    demo_area("eupmyeondong", "가읍", "5219025000", WEST, namwon)
    demo_area("eupmyeondong", "나면", "5219031000", EAST, namwon, aliases=[("kostat", "3505011")])
    report = import_areas(
        towns_file(tmp_path, (WEST,), {"adm_nm": ["가읍"], "adm_cd2": ["5219025000"], "adm_cd": ["3505011"]})
    )
    assert "different areas" in report.rows[0].messages[0]


def test_a_name_alone_never_finds_an_area(tmp_path, namwon):
    """고성군 exists in two provinces: the other one's town is another town."""
    town = demo_area("eupmyeondong", "가읍", "5219025000", WEST, namwon)
    columns = {"adm_nm": ["강원특별자치도 고성군 가읍"], "adm_cd2": ["5182025000"]}
    assert facts(import_areas(towns_file(tmp_path, (EAST,), columns)), "created", "changed") == (1, 0)
    town.refresh_from_db()
    assert town.boundary == Boundary.SCHEMATIC


def test_counties_and_provinces_can_be_imported_too(tmp_path):
    both = [reproject(shapely.union(WEST, EAST), 5179, 5186)]
    path = vector(
        tmp_path / "a.gpkg",
        both,
        {"CTPRVN_CD": ["52"], "CTP_KOR_NM": ["전북특별자치도"]},
        crs="EPSG:5186",
        driver="GPKG",
    )
    assert facts(import_areas(path), "created", "parents_created") == (1, 0)
    path = vector(
        tmp_path / "b.gpkg", both, {"SIG_CD": ["52190"], "SIG_KOR_NM": ["남원시"]}, crs="EPSG:5186", driver="GPKG"
    )
    assert facts(import_areas(path), "created", "parents_created") == (1, 0)
    assert facts(import_areas(towns_file(tmp_path)), "created", "parents_created") == (2, 0)
    county = AdminArea.objects.by_code("52190" + "00000")
    assert (county.boundary, county.full_name) == (Boundary.IMPORTED, "전북특별자치도 남원시")


# Editions


MOVED = [shapely.box(960000, 1700000, 961500, 1702000), shapely.box(961500, 1700000, 964000, 1702000)]


def test_a_newer_edition_closes_the_old_one_and_records_stay_with_their_area(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    west, east = AdminArea.objects.by_code("5219025000"), AdminArea.objects.by_code("5219031000")
    stays, moves, placeless = (
        organisation("가", 960500, 1701000, west),
        organisation("나", 961800, 1701000, west),
        organisation("다", None, None, west),
    )
    report = import_areas(towns_file(tmp_path, MOVED, name="b"), valid_from=date(2026, 1, 1))
    assert facts(report, "created", "changed", "editions_closed", "records_reassigned", "areas_closed") == (
        0,
        2,
        2,
        1,
        0,
    )
    ends = [(edition.valid_from, edition.valid_to) for edition in west.editions.all()]
    assert ends == [(date(2026, 1, 1), None), (date(2024, 7, 1), date(2025, 12, 31))]
    assert [(each.refresh_from_db(), each.area_id)[1] for each in (stays, moves, placeless)] == [
        west.pk,
        east.pk,
        west.pk,
    ]
    assert facts(
        import_areas(towns_file(tmp_path, MOVED, name="b"), valid_from=date(2026, 1, 1)), "changed", "unchanged"
    ) == (0, 2)


def test_an_older_file_never_takes_the_place_of_a_newer_one(tmp_path):
    import_areas(towns_file(tmp_path, MOVED, name="new"), valid_from=date(2026, 1, 1))
    old = {"adm_nm": ["전라북도 남원시 가읍", "전라북도 남원시 나면"], "adm_cd2": ["4519025000", "4519031000"]}
    path = towns_file(tmp_path, columns=old, name="old")
    report = import_areas(path, valid_from=date(2021, 4, 1))
    assert facts(report, "created", "changed", "editions_closed", "areas_closed") == (0, 2, 0, 0)
    west = AdminArea.objects.by_code("4519025000")
    assert west.mois_code == "5219025000"
    assert to_shapely(west.geometry).area == pytest.approx(MOVED[0].area, rel=1e-6)
    assert [(each.valid_from, each.valid_to) for each in west.editions.all()] == [
        (date(2026, 1, 1), None), (date(2021, 4, 1), date(2025, 12, 31)),
    ]  # fmt: skip
    assert facts(import_areas(path, valid_from=date(2021, 4, 1)), "changed", "unchanged") == (0, 2)


def test_a_file_with_former_codes_and_no_day_is_older_than_one_with_the_codes_in_force(tmp_path):
    import_areas(towns_file(tmp_path, MOVED, name="new"))
    old = {"adm_nm": ["전라북도 남원시 가읍", "전라북도 남원시 나면"], "adm_cd2": ["4519025000", "4519031000"]}
    import_areas(towns_file(tmp_path, columns=old, name="old"))
    west = AdminArea.objects.by_code("5219025000")
    assert to_shapely(west.geometry).area == pytest.approx(MOVED[0].area, rel=1e-6)
    assert west.parent.parent.name == "전북특별자치도"


def test_a_file_with_the_codes_in_force_follows_one_with_former_codes(tmp_path):
    old = {"adm_nm": ["전라북도 남원시 가읍", "전라북도 남원시 나면"], "adm_cd2": ["4519025000", "4519031000"]}
    import_areas(towns_file(tmp_path, columns=old, name="old"))
    west = AdminArea.objects.by_code("4519025000")
    assert west.mois_code == "5219025000"
    report = import_areas(towns_file(tmp_path, MOVED, name="new"))
    assert facts(report, "created", "changed", "parents_created", "editions_closed") == (0, 2, 0, 2)
    assert west.editions.get(valid_to__isnull=True).valid_from == date(2024, 1, 18)


def test_a_correction_of_the_same_edition_makes_no_new_one(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    report = import_areas(towns_file(tmp_path, MOVED, name="b"), valid_from=date(2024, 7, 1))
    assert facts(report, "changed", "editions_closed") == (2, 0)
    assert AreaEdition.objects.filter(boundary=Boundary.IMPORTED).count() == 2


def test_a_changed_file_without_a_day_counts_from_today_and_says_so(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    report = import_areas(towns_file(tmp_path, MOVED, name="b"))
    assert report.facts["editions_closed"] == 2
    assert "states no day" in report.rows[0].messages[0]
    again = import_areas(towns_file(tmp_path, name="c"))
    assert facts(again, "changed", "editions_closed") == (2, 0)


def test_towns_that_were_merged_are_closed_and_their_records_move(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    east = AdminArea.objects.by_code("5219031000")
    moves, placeless = organisation("가", 963000, 1701000, east), organisation("나", None, None, east)
    columns = {name: values[:1] for name, values in TOWNS.items()}
    report = import_areas(
        towns_file(tmp_path, (shapely.union(WEST, EAST),), columns, name="b"), valid_from=date(2026, 1, 1)
    )
    assert facts(report, "areas_closed", "records_reassigned") == (1, 1)
    east.refresh_from_db()
    assert (east.valid_to, east.retired_at) == (date(2025, 12, 31), None)
    assert [(each.refresh_from_db(), each.area.mois_code)[1] for each in (moves, placeless)] == [
        "5219025000",
        "5219031000",
    ]
    assert any("1 records still belong" in note for note in report.notes)
    assert (report.rows[-1].name, report.rows[-1].number) == ("나면", None)


def test_a_file_of_a_part_closes_nothing(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    columns = {name: values[:1] for name, values in TOWNS.items()}
    report = import_areas(towns_file(tmp_path, MOVED[:1], columns, name="b"), valid_from=date(2026, 1, 1))
    assert report.facts["areas_closed"] == 0
    assert any("나면" in note for note in report.notes)
    assert AdminArea.objects.by_code("5219031000").valid_to is None


def test_a_new_name_and_a_new_code_come_with_the_new_edition(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    town = AdminArea.objects.by_code("5219025000")
    AreaCode.objects.create(area=town, system="mois", code="5219026000")
    columns = {"adm_nm": ["전북특별자치도 남원시 새읍"], "adm_cd2": ["5219026000"]}
    report = import_areas(towns_file(tmp_path, (WEST,), columns, name="b"), valid_from=date(2026, 1, 1))
    town.refresh_from_db()
    assert (town.name, town.full_name, town.mois_code) == ("새읍", "전북특별자치도 남원시 새읍", "5219026000")
    assert town.codes.get(code="5219025000").valid_to == date(2025, 12, 31)
    assert len(report.rows[0].messages) == 2
    assert AdminArea.objects.by_code("5219025000") == town


def test_parents_and_zones_are_joined_anew(tmp_path, django_user_model):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    west = AdminArea.objects.by_code("5219025000")
    zone = CooperationZone.objects.create(name="협력권", geometry=west.geometry)
    zone.member_areas.add(west)
    wider = [shapely.box(959000, 1700000, 962000, 1702000), EAST]
    report = import_areas(towns_file(tmp_path, wider, name="b"), valid_from=date(2026, 1, 1))
    assert report.facts["zones_redrawn"] == 1
    zone.refresh_from_db()
    assert to_shapely(zone.geometry).area == pytest.approx(6e6, rel=1e-6)
    for level in ("sigungu", "sido"):
        above = AdminArea.objects.get(level=level)
        assert (above.boundary, float(above.km2)) == (Boundary.DERIVED, pytest.approx(10, abs=1e-3))


def test_a_house_drawn_boundary_is_kept_as_an_edition_when_a_file_replaces_it(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    town = AdminArea.objects.by_code("5219025000")
    town.editions.all().delete()
    AdminArea.objects.filter(pk=town.pk).update(boundary=Boundary.DRAWN)
    report = import_areas(towns_file(tmp_path, MOVED, name="b"), valid_from=date(2026, 1, 1))
    assert report.facts["editions_closed"] == 2
    assert [edition.boundary for edition in town.editions.order_by("pk")] == [Boundary.DRAWN, Boundary.IMPORTED]


def test_a_record_on_ground_that_no_area_has_keeps_its_area_and_is_told(tmp_path):
    import_areas(towns_file(tmp_path, name="a"), valid_from=date(2024, 7, 1))
    west = AdminArea.objects.by_code("5219025000")
    outside = organisation("가", 960100, 1701000, west)
    narrower = [shapely.box(960500, 1700000, 962000, 1702000), EAST]
    report = import_areas(towns_file(tmp_path, narrower, name="b"), valid_from=date(2026, 1, 1))
    outside.refresh_from_db()
    assert outside.area == west
    assert any("1 records lie outside every area" in note for note in report.notes)


def test_the_history_says_which_file_a_boundary_came_from(tmp_path):
    import_areas(towns_file(tmp_path))
    event = AdminArea.objects.by_code("5219025000").events.order_by("pgh_id").first()
    assert event.pgh_context.metadata == {"import_file": "areas.shp"}


def test_the_command_says_what_went_wrong_in_one_sentence(tmp_path, capsys):
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_areas", str(tmp_path / "x.geojson"))
    with pytest.raises(CommandError):
        call_command("import_areas", str(tmp_path / "x.geojson"), "--json")
    assert "no such file" in json.loads(capsys.readouterr().out)["error"]


def test_the_command_tells_people_what_it_did(tmp_path, capsys):
    call_command("import_areas", str(towns_file(tmp_path, crs="EPSG:5174")), "--valid-from", "2024-07-01")
    told = capsys.readouterr().out
    assert "EPSG:5174" in told
    assert "cp949" in told
    assert "created: 2" in told
