"""What lies at a zone's inner border."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gis_core.models import Role, User
from gis_core.zones.borders import inner_border
from gis_core.zones.contiguity import borders
from tests.factories import Territory, make_depot, make_house, make_user, make_zone, place
from tests.gis_core.pages_support import signed_in, text


@given(st.integers(1, 3), st.integers(1, 3), st.floats(0, 4))
def test_the_border_of_a_grid_is_as_long_as_its_inner_edges(across: int, up: int, gap: float) -> None:
    """Boundaries of two sources do not quite meet."""
    size = 1000.0
    shapes = {
        x + across * y: box(x * size + (gap if x else 0), y * size, (x + 1) * size, (y + 1) * size)
        for x in range(across)
        for y in range(up)
    }
    line = inner_border(shapes, borders(shapes))
    inner = ((across - 1) * up + across * (up - 1)) * size
    assert line.length == pytest.approx(inner, abs=40 * max(1, across * up))
    assert line.is_empty == (across * up == 1)


@pytest.mark.django_db
def test_records_within_the_chosen_metres_of_the_border_are_listed_with_links(
    coordinator: User, territory: Territory
) -> None:
    near = make_depot(place(1950, 500), name="가까운창고")
    make_depot(place(2400, 500), name="중간창고")
    make_depot(place(500, 500), name="먼창고")
    zone = make_zone(territory.unbong, territory.jucheon)
    client = signed_in(coordinator)
    page = client.get(reverse("zone-border", args=[zone.pk]), {"metres": 100})
    assert "가까운창고" in text(page)
    assert "50 m" in text(page)
    assert "중간창고" not in text(page)
    assert reverse("record-detail", args=["depots", near.pk]) in page.content.decode()
    assert "2.0 km of inner border" in text(page)
    wider = text(client.get(reverse("zone-border", args=[zone.pk]), {"metres": 500}))
    assert "중간창고" in wider
    assert "먼창고" not in wider
    assert client.get(reverse("zone-border", args=[zone.pk]), {"metres": 7}).status_code == 422


@pytest.mark.django_db
def test_addresses_and_places_of_vacant_houses_are_left_to_their_own_pages(
    manager: User, coordinator: User, territory: Territory
) -> None:
    house = make_house(place(1990, 500), address="남원시 운봉읍 비밀리 7")
    zone = make_zone(territory.unbong, territory.jucheon)
    address = reverse("zone-border", args=[zone.pk])
    page = signed_in(manager).get(address)
    assert "비밀리" not in page.content.decode()
    assert f"vacant house {house.pk}" in text(page)
    assert page.content.decode().count("<title>vacant house") == 0
    # Who does not see vacant houses is not even told that there is one.
    assert "vacant house" not in text(signed_in(coordinator).get(address)).replace("Vacant houses", "")


@pytest.mark.django_db
def test_a_coordinator_of_one_town_sees_only_that_town_at_the_border(territory: Territory) -> None:
    make_depot(place(1950, 500), name="우리창고")
    make_depot(place(2050, 500), name="이웃창고")
    zone = make_zone(territory.unbong, territory.jucheon)
    local = make_user("local", (Role.ZONE_COORDINATOR, territory.unbong))
    told = text(signed_in(local).get(reverse("zone-border", args=[zone.pk])))
    assert "우리창고" in told
    assert "이웃창고" not in told


@pytest.mark.django_db
def test_a_zone_of_one_town_or_of_towns_that_only_meet_in_a_point_has_no_inner_border(
    coordinator: User, territory: Territory
) -> None:
    client = signed_in(coordinator)
    one = text(client.get(reverse("zone-border", args=[make_zone(territory.unbong).pk])))
    assert "It has fewer than two member areas." in one
    corner = text(client.get(reverse("zone-border", args=[make_zone(territory.unbong, territory.songdong).pk])))
    assert "None of its members touch one another." in corner


@pytest.mark.django_db
def test_more_records_at_the_border_take_no_more_statements(administrator: User, territory: Territory) -> None:
    zone = make_zone(territory.unbong, territory.jucheon)
    client, address = signed_in(administrator), reverse("zone-border", args=[zone.pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured.captured_queries)

    make_depot(place(1950, 500))
    client.get(address)
    few = statements()
    for number in range(12):
        make_depot(place(1950, 500 + number))
        make_house(place(1960, 500 + number))
    assert statements() <= few
