"""What open borders would gain: people in reach of a depot, and readiness of what is pooled."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from disaster.coverage import Assumptions
from disaster.readiness import Asked, Batch
from disaster.sharing import Side, in_reach, least, pooled
from gis_core.models import User
from tests.disaster.coverage_support import make_village
from tests.factories import Territory, make_depot, make_stock, make_zone, place
from tests.gis_core.pages_support import signed_in, text

DAY = date(2026, 6, 1)
places = st.tuples(st.floats(0, 50_000), st.floats(0, 50_000))
villages = st.lists(st.tuples(places, st.none() | st.integers(0, 900)), max_size=5)
sides = st.lists(st.tuples(villages, st.lists(places, max_size=3)), min_size=1, max_size=4)


@given(sides, st.integers(1, 60))
def test_opening_the_border_never_takes_anybody_out_of_reach(found: list, minutes: int) -> None:
    asked = [Side(str(number), tuple(here), tuple(depots)) for number, (here, depots) in enumerate(found)]
    for each in in_reach(asked, minutes, Assumptions()):
        assert each.alone.villages <= each.together.villages <= each.all.villages
        assert each.alone.people <= each.together.people <= each.all.people


def test_the_nearest_depot_counts_only_with_the_border_open_where_it_is_the_neighbours() -> None:
    mine = Side("가", (((0.0, 0.0), 120), ((9000.0, 0.0), 80)), ((500.0, 0.0),))
    yours = Side("나", (), ((9500.0, 0.0),))
    first, second = in_reach([mine, yours], 5, Assumptions())
    assert (first.alone.people, first.together.people) == (120, 200)
    assert second.all.villages == 0


def test_pooled_towns_fill_one_anothers_gaps_and_the_unknown_adds_nothing() -> None:
    full = Asked(1, 100, (Batch(300),))
    empty = Asked(1, 100, (Batch(0),))
    unknown = Asked(1, 100, None)
    assert least([empty], DAY) == 0
    assert least(pooled([[full], [empty]]), DAY) == 1
    assert least(pooled([[empty], [unknown]]), DAY) == 0
    assert least(pooled([[full], [Asked(2, 10, (Batch(5),))]]), DAY) == 0.5


@pytest.mark.django_db
def test_the_comparison_says_what_sharing_depots_would_gain(
    coordinator: User, administrator: User, territory: Territory
) -> None:
    """At 주천면's far end the neighbour's sandbags stand nearer than its own."""
    make_stock(make_depot(place(1900, 100)), "마대", 300, 100)
    make_stock(make_depot(place(3900, 1900)), "마대", 0, 100)
    make_village("가까운마을", place(2100, 100), people=70)
    make_village("제마을", place(3800, 1800), people=30)
    zone = make_zone(territory.unbong, territory.jucheon)
    told = text(signed_in(coordinator).get(reverse("zone-scorecard", args=[zone.pk]), {"minutes": 5}))
    assert "주천면 2 of 2 villages: 100 people" in told
    assert "Opening the border brings no further village into reach." in told
    assert "Storm and flood 운봉읍 100%, 주천면 0% at least 100%" in told
    assert signed_in(coordinator).get(reverse("zone-scorecard", args=[zone.pk]), {"minutes": 4}).status_code == 422


@pytest.mark.django_db
def test_roles_that_see_no_depots_are_told_nothing_of_them(surveyor: User, territory: Territory) -> None:
    make_stock(make_depot(place(500, 500)), "마대", 300, 100)
    make_stock(make_depot(place(2500, 500)), "마대", 0, 100)
    zone = make_zone(territory.unbong, territory.jucheon)
    told = text(signed_in(surveyor).get(reverse("zone-scorecard", args=[zone.pk])))
    assert "Readiness" not in told
    assert "Depots" not in told
