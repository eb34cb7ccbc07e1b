"""The demo data: what is loaded, that it is sound, and that loading it twice or in production does no harm."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from disaster.models import Balance, Depot, Entry, Item, Loan, Movement, StandardQuantity
from disaster.querysets import depot_standards
from disaster.querysets_ledger_check import faulty_balances
from facilities.models import Centre
from gis_core.demo import fixtures
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version
from gis_core.models import AdminArea, AreaEdition, CellCount, CooperationZone, Organisation, OrganisationKind, User
from gis_core.models.areas import Boundary
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ZoneAgreement, ZoneProject
from gis_core.permissions import can_change
from vacanthouses import demo as houses_demo
from vacanthouses import pnu
from vacanthouses.demo import assignments, many, planning, visits
from vacanthouses.models import (
    BlindPair,
    CostLine,
    DayRoute,
    Grading,
    ImprovementPlan,
    Measure,
    Owner,
    Regime,
    VacantHouse,
    Visit,
    WorkArea,
)
from vacanthouses.querysets_reviews import queue
from vacanthouses.services import plan_figures, review_facts
from vacanthouses.services.packs import pack_of

pytestmark = pytest.mark.django_db

NAMWON, DANGJIN, GOSEONG = "5219000000", "4427000000", "4882000000"


def load(*arguments: str) -> str:
    said = io.StringIO()
    call_command("load_demo", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module", autouse=True)
def loaded(undone_later: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo data, loaded once for all tests of it: that takes half a minute."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("demo")):
        load()
        # Else they would be checked again after each test.
        connection.check_constraints()
        yield


def shapes_of(city: str) -> list[Any]:
    towns = AdminArea.objects.towns().filter(parent__mois_code=city)
    return [to_shapely(town.geometry) for town in towns]


def everything() -> dict[str, int]:
    models = [layer.model for layer in layers.all()] + [
        Item, Balance, Movement, Entry, Loan, StandardQuantity, User, AreaEdition,
    ]  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models}


def test_the_demo_data_is_what_the_readme_promises() -> None:
    assert AdminArea.objects.towns().count() == 51
    assert {each: len(shapes_of(each)) for each in (NAMWON, DANGJIN, GOSEONG)} == {NAMWON: 23, DANGJIN: 14, GOSEONG: 14}
    assert Centre.objects.count() == 23
    assert Depot.objects.count() == 46
    assert VacantHouse.objects.count() == 600
    assert CooperationZone.objects.count() == 4
    assert set(User.objects.values_list("username", flat=True)) == {
        "admin", "planner", "officer", "manager", "surveyor", "surveyor2", "coordinator", "viewer",
    }  # fmt: skip


def test_loading_twice_changes_nothing() -> None:
    before = everything()
    assert "everything is there already" in load()
    assert everything() == before


def test_a_database_with_something_in_it_is_left_alone_when_asked() -> None:
    assert "not empty" in load("--if-empty")


def test_production_refuses_demo_data(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        load()


def test_a_load_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()
    for model in (ZoneProject, ZoneAgreement, CooperationZone):
        model.objects.all().delete()

    def broken(_options: Any) -> dict[str, int]:
        raise RuntimeError("no more houses")

    monkeypatch.setattr(houses_demo, "load", broken)
    with pytest.raises(RuntimeError):
        load()
    assert CooperationZone.objects.count() == 0
    assert before["CooperationZone"] == 4


def test_towns_tile_their_city_without_gaps_or_overlaps() -> None:
    for city in (NAMWON, DANGJIN, GOSEONG):
        shapes = shapes_of(city)
        assert shapely.coverage_is_valid(shapes, gap_width=1)
        above = to_shapely(AdminArea.objects.get(mois_code=city).geometry)
        assert above is not None
        assert above.is_valid
        assert above.area == pytest.approx(sum(shape.area for shape in shapes))


def test_every_town_holds_its_centre_and_has_about_its_true_size() -> None:
    errors = []
    for row in fixtures.rows("areas"):
        if row["level"] != "eupmyeondong":
            continue
        town = AdminArea.objects.get(mois_code=row["code"])
        point = fixtures.place(row)
        assert town.geometry.contains(point), town
        assert town.boundary == Boundary.SCHEMATIC
        errors.append(abs(float(town.km2) / float(row["km2"]) - 1))
    assert sorted(errors)[len(errors) // 2] < 0.03
    assert sum(1 for error in errors if error > 0.25) <= 3


def test_areas_are_found_by_codes_of_both_systems_former_and_present() -> None:
    unbong = AdminArea.objects.get(mois_code="5219025000")
    for code in ("5219025000", "4519025000", "35050110", "3505011"):
        assert AdminArea.objects.by_code(code) == unbong
    assert unbong.full_name == "전북특별자치도 남원시 운봉읍"
    former = unbong.codes.get(code="4519025000")
    assert former.valid_to is not None
    assert former.valid_to.isoformat() == "2024-01-17"
    assert unbong.codes.get(code="5219025000").valid_from.isoformat() == "2024-01-18"  # type: ignore[union-attr]


def test_the_province_is_known_under_its_former_name_too() -> None:
    province = AdminArea.objects.get(mois_code="5200000000")
    names = dict(province.editions.values_list("name", "valid_to"))
    assert names["전북특별자치도"] is None
    assert names["전라북도"].isoformat() == "2024-01-17"


def test_everything_invented_says_so_and_lies_in_its_town() -> None:
    for layer in layers.all():
        if layer.id == "areas" or layer.access.read_only:
            continue
        assert not layer.records().filter(is_example=False).exists()
        if layer.area_path == "area_id":
            for record in layer.records().exclude(**{layer.geometry: None}).exclude(area=None).select_related("area"):
                shape = getattr(record, layer.geometry)
                # A road leads from town to town.
                lies_there = shape.intersects if shape.geom_type == "LineString" else shape.within
                assert lies_there(record.area.geometry), record


def test_contacts_are_nobodys() -> None:
    contacts = Organisation.objects.exclude(contact_phone="").values_list("contact_phone", flat=True)
    assert all(phone.startswith("010-0000-") for phone in contacts)


def test_there_are_organisations_of_every_kind() -> None:
    assert set(Organisation.objects.values_list("kind", flat=True)) == set(OrganisationKind.values)


def test_every_house_has_a_sound_parcel_number_of_its_town() -> None:
    for house in VacantHouse.objects.select_related("area"):
        assert house.area is not None
        assert pnu.problems(house.pnu) == []
        known = 8 if house.regime == Regime.RURAL else 5
        assert house.pnu[:known] == house.area.mois_code[:known]
        assert house.address.startswith(house.area.full_name)
    assert VacantHouse.objects.values("pnu").distinct().count() == 600
    assert VacantHouse.objects.values("area").distinct().count() == 51
    assert VacantHouse.objects.filter(parcel__isnull=False).count() > 100


def test_houses_have_a_history_from_the_start() -> None:
    house = VacantHouse.objects.latest("pk")
    assert house.events.count() == 1  # type: ignore[attr-defined]


def test_a_footprint_has_a_courtyard() -> None:
    footprint = Centre.objects.get(name="운봉읍 행정복지센터").footprint
    assert footprint is not None
    assert len(footprint) == 2


def test_some_depots_are_short_of_something() -> None:
    standards = depot_standards(timezone.localdate())
    shortages = Counter(each.held is not None and each.held < each.quantity for each in standards)
    assert shortages[True] > 30
    assert shortages[False] > 30


def test_two_years_of_the_ledger_end_at_what_the_table_of_stock_says() -> None:
    assert faulty_balances() == []
    assert Movement.objects.filter(kind="issue").count() > 300
    assert Loan.objects.filter(returned=0, due_on__lt=timezone.localdate()).count() == 1
    expired = Balance.objects.filter(quantity__gt=0, lot__expires_on__lt=timezone.localdate())
    assert expired.count() > 3
    first = Movement.objects.order_by("occurred_on").values_list("occurred_on", flat=True)[0]
    assert (timezone.localdate() - first).days >= 730


def test_dangjins_four_projects_come_to_forty_million_won_and_lie_in_their_zones() -> None:
    projects = ZoneProject.objects.filter(is_example=True).select_related("zone")
    assert projects.count() == 4
    assert ProjectBudget.objects.aggregate(total=Sum("planned_krw"))["total"] == 40_000_000
    # Neither the split by year nor what was spent was reported.
    assert set(ProjectBudget.objects.values_list("year", "planned_krw", "executed_krw")) == {(2019, 10_000_000, None)}
    assert ProjectEvent.objects.get().attendance == 300
    for project in projects:
        assert project.zone.member_areas.filter(pk=project.area_id).exists(), project
        assert project.zone.budget_krw == 10_000_000
    assert {project.geometry.geom_type for project in projects} == {"Point", "LineString", "Polygon"}


def test_the_cooperation_zones_cover_their_towns() -> None:
    zone = CooperationZone.objects.get(name__startswith="합덕읍")
    assert sorted(zone.member_areas.values_list("name", flat=True)) == ["면천면", "순성면", "합덕읍"]
    assert zone.budget_krw == 10_000_000
    total = zone.member_areas.aggregate(total=Sum("km2"))["total"]
    assert zone.geometry.area / 1e6 == pytest.approx(float(total), abs=0.01)


@pytest.mark.parametrize("username", ["planner", "manager"])
def test_those_who_see_houses_see_all_of_them(username: str) -> None:
    houses = layers.get("vacant-houses")
    assert houses.queryset(User.objects.get(username=username)).count() == 600


def test_the_surveyor_works_in_one_town() -> None:
    houses, surveyor = layers.get("vacant-houses"), User.objects.get(username="surveyor")
    names = set(houses.queryset(surveyor).values_list("area__name", flat=True))
    assert names == {"운봉읍"}
    elsewhere = VacantHouse.objects.exclude(area__name="운봉읍").first()
    assert not can_change(surveyor, houses, elsewhere)


def test_the_demo_accounts_have_the_demo_password_and_are_marked() -> None:
    assert all(user.is_demo for user in User.objects.all())
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        assert check_password("demo", User.objects.get(username="planner").password)


@pytest.mark.parametrize("rebuild_from", [1, 1_000_000])
def test_many_houses_are_made_exactly_with_counts_and_version(
    rebuild_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "REBUILD_INDEXES_FROM", rebuild_from)
    layer = layers.get("vacant-houses")
    version, indexes, triggers = data_version(layer), structure("indexes"), structure("triggers")
    load("--houses", "3000")
    assert VacantHouse.objects.count() == 3600
    assert data_version(layer) != version
    for zoom in (5, 14):
        total = CellCount.objects.filter(layer=layer.id, zoom=zoom).aggregate(total=Sum("count"))["total"]
        assert total == 3600
    assert structure("indexes") == indexes
    assert structure("triggers") == triggers
    made = VacantHouse.objects.order_by("-pk").select_related("area")[:3000]
    assert {house.area_id for house in made} == set(AdminArea.objects.towns().values_list("pk", flat=True))
    for house in made[::37]:
        assert house.area is not None
        assert house.area.geometry.contains(house.location)
        assert pnu.problems(house.pnu) == []
        house.full_clean()


def structure(kind: str) -> list[tuple[Any, ...]]:
    table = VacantHouse._meta.db_table
    statements = {
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s",
        "triggers": "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass",
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[kind], [table])
        return sorted(cursor.fetchall())


def test_real_boundaries_take_the_place_of_schematic_ones_and_records_stay(tmp_path: Any) -> None:
    """As ``import_areas`` does with a file of the codes before 2024."""
    town = AdminArea.objects.get(mois_code="5219025000")
    west, south, east, north = town.geometry.transform(4326, clone=True).extent
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "properties": {"adm_nm": "전라북도 남원시 운봉읍", "adm_cd2": "4519025000", "adm_cd": "3505011"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "town.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    held = Depot.objects.filter(area=town).count()
    call_command("import_areas", str(path), stdout=io.StringIO())
    town.refresh_from_db()
    assert town.boundary == Boundary.IMPORTED
    assert town.mois_code == "5219025000"
    assert town.full_name == "전북특별자치도 남원시 운봉읍"
    assert Depot.objects.filter(area=town).count() >= held


def test_demo_visits_are_there_once_with_gradings_pairs_and_flags() -> None:
    number = Visit.objects.count()
    assert number > 40
    assert visits.load() == {"visits": 0}
    assert Visit.objects.filter(is_example=True).count() == number
    assert set(Visit.objects.values_list("state", flat=True)) == {"submitted", "accepted", "returned"}
    assert Grading.objects.filter(is_current=True).exists()
    assert BlindPair.objects.filter(second__isnull=False).exists()
    manager = User.objects.get(username="manager")
    told = {
        flag.code
        for visit in queue(manager).select_related("house")
        for flag in review_facts.flags_of(visit, review_facts.photos_of(visit, manager))
    }
    assert told & {"photo_far", "photo_reused", "very_short"}


def test_the_demos_round_is_split_given_to_crews_and_has_a_route_for_today_once() -> None:
    areas = WorkArea.objects.live()
    assert areas.count() >= 12
    assert areas.filter(crew__isnull=False).count() >= 2
    assert all(area.is_example for area in areas)
    (route,) = DayRoute.objects.live()
    surveyor = User.objects.get(username="surveyor")
    assert route.day == timezone.localdate()
    assert surveyor in route.crew.members.all()
    found = {each["assignment"]: each["order"] for each in pack_of(surveyor).body["houses"]}
    assert [found[pk] for pk in route.stops] == list(range(1, len(route.stops) + 1)), "all of it is on the phone"
    assert assignments.load() == {"assignments": 0, "work areas": 0, "day routes": 0}


def test_demo_plans_are_there_once_with_measures_costs_and_outcomes() -> None:
    kept = {model: model.objects.count() for model in (Owner, Measure, CostLine, ImprovementPlan)}
    assert planning.load() == {"improvement plans": 0, "measures": 0, "owners": 0}
    assert {model: model.objects.count() for model in kept} == kept
    assert all("예시" in owner.note for owner in Owner.objects.filter(house__is_example=True, note__isnull=False))
    assert ImprovementPlan.objects.filter(is_example=True).count() == 3
    for plan in ImprovementPlan.objects.filter(is_example=True):
        sums = plan_figures.of_plan(plan)
        assert sums.total.measures >= 10
        assert sums.total.done == 2
        assert sums.total.subsidy_percent
    assert Measure.objects.filter(kind="reuse", match__standing__in=["matched", "open"]).count() >= 6
    assert VacantHouse.objects.filter(measures__state="done", status="demolished").count() == 3
    agreed = {day is not None for day in Owner.objects.values_list("reuse_consent_on", flat=True)}
    assert agreed == {True, False}
