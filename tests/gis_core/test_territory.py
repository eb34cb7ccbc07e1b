"""Areas as identities: names, codes, and what hangs below."""

import pytest

from gis_core.crs import STORAGE_SRID
from gis_core.editing import save
from gis_core.editing.shapes import to_shapely
from gis_core.geometry import polygons
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaEdition, Boundary, User
from tests.factories import Territory, make_house, make_zone


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


def test_redrawing_a_boundary_moves_the_records_the_zones_and_the_city_with_it(
    territory: Territory, administrator: User
) -> None:
    suji, jucheon = territory.suji, territory.jucheon
    house = make_house(to_shapely(suji.geometry).centroid)
    zone = make_zone(jucheon)
    AdminArea.objects.filter(pk=territory.namwon.pk).update(boundary=Boundary.DERIVED)
    both = polygons(to_shapely(suji.geometry).union(to_shapely(jucheon.geometry)))
    sliver = polygons(to_shapely(suji.geometry).boundary.buffer(1).intersection(to_shapely(suji.geometry)))
    areas = layers.get("areas")
    for area, shape in ((suji, sliver), (jucheon, both)):
        save(
            areas, administrator, {}, record=area, geometry=shape, srid=STORAGE_SRID, partial=True,
            expected_version=AdminArea.objects.get(pk=area.pk).version,
        )  # fmt: skip
    house.refresh_from_db()
    zone.refresh_from_db()
    assert house.area == jucheon
    assert to_shapely(zone.geometry).area == pytest.approx(both.area, rel=1e-6)
    assert jucheon.editions.filter(valid_to__isnull=True, boundary=Boundary.DRAWN).count() == 1
    assert AreaEdition.objects.filter(area=jucheon, valid_to__isnull=True).count() == 1
