"""What a coordinator is told of members while choosing them, with and without the map."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely import MultiPolygon, affinity, box

from gis_core.editing import save
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel, Indicator, IndicatorValue, Role
from gis_core.zones import adjacency, contiguity
from gis_core.zones.look import areas_inside, look_at
from tests.factories import geos, lonlat, make_area, make_user, make_zone, place, square
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


def give_population(area, value, period="2025"):
    indicator, _new = Indicator.objects.get_or_create(
        key="population", defaults={"name": "인구", "unit": "명", "source": "시험"}
    )
    return IndicatorValue.objects.create(indicator=indicator, area=area, period=period, value=value)


def names(areas):
    return [area.name for area in areas]


def test_the_database_finds_the_same_borders_as_the_pure_rule(territory):
    make_area("섬마을", "5219034000", square(9000, 9000, 500), territory.namwon)
    # Drawn by another office: a gap of three metres, and one that reaches in.
    make_area("옆면", "5277031000", affinity.translate(square(6000, 0, 2000), 3, 0), territory.sunchang)
    make_area("겹친면", "5277032000", square(4000, 1996, 2000), territory.sunchang)
    towns = {town.pk: to_shapely(town.geometry) for town in AdminArea.objects.towns()}
    found, pure = adjacency.pairs(), contiguity.borders(towns)
    assert found.keys() == pure.keys()
    for area, others in pure.items():
        assert found[area] == pytest.approx(others, abs=0.5)
    assert found[territory.unbong.pk].keys() == {territory.jucheon.pk, territory.suji.pk}
    assert adjacency.pairs([territory.unbong.pk, territory.songdong.pk]) == {
        territory.unbong.pk: {}, territory.songdong.pk: {}
    }  # fmt: skip


def test_borders_of_all_towns_are_read_once_until_a_boundary_changes(territory):
    adjacency.pairs()
    with CaptureQueriesContext(connection) as queries:
        known = adjacency.pairs()
        few = adjacency.pairs([territory.unbong.pk, territory.jucheon.pk])
    assert not [each for each in queries if "ST_LineMerge" in each["sql"]]
    assert few[territory.unbong.pk] == {territory.jucheon.pk: known[territory.unbong.pk][territory.jucheon.pk]}
    away = geos(MultiPolygon([square(2300, 300, 1400)]))
    AdminArea.objects.filter(pk=territory.jucheon.pk).update(geometry=away)
    assert adjacency.pairs()[territory.jucheon.pk] == {}


def test_a_city_and_a_town_of_the_next_one_can_be_members_together(territory, coordinator):
    found = look_at(coordinator, [territory.namwon.pk, territory.sunchang_eup.pk])
    assert not found.apart
    assert found.km2 == pytest.approx(20)


def test_a_coordinator_sees_who_lies_apart_and_who_holds_the_others_together(territory, coordinator):
    ids = [area.pk for area in (territory.unbong, territory.jucheon, territory.sunchang_eup, territory.suji)]
    found = look_at(coordinator, ids)
    assert not found.apart
    assert names(each.area for each in found.members if each.is_bridge) == ["운봉읍", "주천면"]
    without_jucheon = look_at(coordinator, [pk for pk in ids if pk != territory.jucheon.pk])
    assert [names(group) for group in without_jucheon.groups] == [["운봉읍", "수지면"], ["순창읍"]]
    assert without_jucheon.names_apart == "순창읍"
    assert without_jucheon.km2 == pytest.approx(12)


def test_unknown_population_stays_unknown_and_a_town_within_a_member_city_counts_once(territory, coordinator):
    members = [territory.namwon.pk, territory.unbong.pk, territory.sunchang_eup.pk]
    found = look_at(coordinator, members)
    assert (found.population, found.known, found.counted) == (None, 0, 2)
    give_population(territory.namwon, 76_000, "2024")
    give_population(territory.namwon, 75_000, "2025")
    give_population(territory.unbong, 4_000)
    found = look_at(coordinator, members)
    assert {each.area.name: each.population for each in found.members} == {
        "남원시": 75_000, "운봉읍": 4_000, "순창읍": None
    }  # fmt: skip
    assert (found.population, found.known, found.counted) == (75_000, 1, 2)
    assert found.km2 == pytest.approx(20)


def test_a_zone_does_not_overlap_itself_or_a_neighbour_but_another_that_shares_a_town(territory, coordinator):
    mine = make_zone(territory.unbong, territory.jucheon, name="우리")
    make_zone(territory.suji, name="이웃")
    make_zone(territory.jucheon, territory.songdong, name="겹침")
    make_zone(territory.jucheon, name="없앰", retired_at="2026-01-01T00:00Z")
    found = look_at(coordinator, [territory.unbong.pk, territory.jucheon.pk], mine)
    assert [(each.zone.name, round(each.km2, 3), names(each.shared)) for each in found.overlaps] == [
        ("겹침", 4.0, ["주천면"])
    ]


def test_zones_elsewhere_are_not_told_to_somebody_who_does_not_see_them(territory):
    make_zone(territory.unbong, territory.sunchang_eup, name="경계 너머")
    make_zone(territory.sunchang_eup, name="순창만")
    person = make_user("here", (Role.ZONE_COORDINATOR, territory.namwon))
    found = look_at(person, [territory.sunchang_eup.pk])
    assert [each.zone.name for each in found.overlaps] == ["경계 너머"]


def test_a_drawn_zone_is_measured_as_it_was_drawn(territory, coordinator):
    drawn = make_zone(territory.unbong, drawn=True, geometry=geos(MultiPolygon([square(0, 0, 1000)])))
    found = look_at(coordinator, [territory.unbong.pk], drawn)
    assert found.is_drawn
    assert found.km2 == pytest.approx(1)


def test_what_a_lasso_takes_in_are_areas_of_its_level_by_more_than_half(territory):
    ring = box(*place(-100, -100).coords[0], *place(3100, 2100).coords[0])
    assert areas_inside(ring, AreaLevel.EUPMYEONDONG) == [territory.unbong.pk, territory.jucheon.pk]
    assert areas_inside(ring, AreaLevel.SIGUNGU) == []
    whole = box(*place(-100, -100).coords[0], *place(4100, 4100).coords[0])
    assert areas_inside(whole, AreaLevel.SIGUNGU) == [territory.namwon.pk]


def post_ring(client, ring, level="eupmyeondong"):
    body = json.dumps({"ring": ring, "level": level})
    return client.post("/zones/inside/", body, content_type="application/json")


def test_a_ring_that_crosses_itself_is_taken_as_it_looks_and_nonsense_is_refused(territory, coordinator):
    client = signed_in(coordinator)
    bow = [(-100, -100), (4200, 4200), (4200, -100), (-100, 4200), (-100, -100)]
    ring = [lonlat(place(*corner))["coordinates"] for corner in bow]
    assert post_ring(client, ring).status_code == 200
    assert post_ring(client, [[127, 35]]).status_code in {400, 422}
    assert post_ring(client, ring, "village").status_code == 400
    assert client.post("/zones/inside/", b"[", content_type="application/json").status_code == 400
    assert client.get("/zones/inside/").status_code == 405
    assert signed_in(None).post("/zones/inside/").status_code == 302


def test_the_fragment_says_the_same_on_the_page_and_on_the_map(territory, coordinator):
    give_population(territory.unbong, 4_321)
    client = signed_in(coordinator)
    ids = (territory.unbong.pk, territory.songdong.pk)
    page = client.get("/zones/look/", {"member_areas": ids})
    told = text(page)
    assert "Not all members hang together: 송동면 lies apart from the others." in told
    assert "It can be saved all the same." in told
    assert "4,321" in told
    assert "unknown" in told
    assert "(1 of 2 known)" in told
    assert 'data-warning="yes"' in page.content.decode()
    assert text(client.get("/zones/look/", {"areas": f"{ids[0]},{ids[1]},x,9999999999999999999"})) == told
    assert "No member area is chosen yet." in text(client.get("/zones/look/"))
    assert "More than 500" in text(client.get("/zones/look/", {"areas": ",".join(map(str, range(501)))}))


def test_strangers_are_not_told_of_zones(territory):
    assert signed_in(None).get("/zones/look/").status_code == 302
    assert signed_in(make_user("nobody")).get("/zones/look/").status_code == 403


def test_looking_at_many_members_takes_no_query_for_each(territory, coordinator):
    def cost(*areas):
        with CaptureQueriesContext(connection) as queries:
            look_at(make_user(f"c{len(areas)}", (Role.ZONE_COORDINATOR, None)), [area.pk for area in areas])
        return len(queries)

    make_zone(territory.unbong)
    few = cost(territory.unbong)
    for _each in range(5):
        make_zone(*territory.towns)
    assert cost(*territory.towns) <= few + 1


def test_the_form_brings_what_the_map_needs_to_choose_members(territory, coordinator):
    client = signed_in(coordinator)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get("/records/zones/add/", headers=headers).content.decode()
        assert 'data-members="areas"' in page
        assert 'hx-get="/zones/look/"' in page


def test_the_page_of_a_zone_shows_members_with_what_is_known(territory, coordinator):
    give_population(territory.unbong, 4_321)
    zone = make_zone(territory.unbong, territory.songdong)
    told = text(signed_in(coordinator).get(f"/records/zones/{zone.pk}/"))
    assert "송동면 lies apart from the others" in told
    assert "4,321" in told
    assert "No agreement is kept for this zone." in told


def test_a_zone_of_which_a_member_leaves_is_looked_at_anew(territory, coordinator):
    zone = make_zone(territory.unbong, territory.jucheon, territory.sunchang_eup)
    assert "All members hang together." in text(signed_in(coordinator).get(f"/records/zones/{zone.pk}/"))
    members = [territory.unbong.pk, territory.sunchang_eup.pk]
    changed = save(
        layers.get("zones"), coordinator, {"member_areas": members}, record=zone, expected_version=zone.version,
        partial=True,
    ).record  # fmt: skip
    assert len(to_shapely(changed.geometry).geoms) == 2
    assert "lies apart" in text(signed_in(coordinator).get(f"/records/zones/{zone.pk}/"))
