"""Areas as identities: names, codes, and what hangs below."""

from gis_core.editing import save
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, User
from tests.factories import Territory


def test_renaming_a_province_renames_everything_below_it(territory: Territory, administrator: User) -> None:
    save(
        layers.get("areas"), administrator, {"name": "전북도"},
        record=territory.province, expected_version=territory.province.version,
    )  # fmt: skip
    territory.unbong.refresh_from_db()
    assert territory.unbong.full_name == "전북도 남원시 운봉읍"


def test_a_town_that_moves_to_another_county_takes_its_name(territory: Territory) -> None:
    AdminArea.objects.filter(pk=territory.unbong.pk).update(parent=territory.sunchang)
    territory.unbong.refresh_from_db()
    assert territory.unbong.full_name == "전북특별자치도 순창군 운봉읍"


def test_a_former_code_finds_the_area_and_a_current_one_wins(territory: Territory) -> None:
    assert AdminArea.objects.by_code("4519000000") == territory.namwon
    territory.suji.codes.create(system="mois", code=territory.jucheon.mois_code, valid_to="2020-01-01")
    assert AdminArea.objects.by_code(territory.jucheon.mois_code) == territory.jucheon
