"""The screening page: run, look, filter, decide, take away, and learn from what visits found."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gis_core.models import Job, PersonalDataAccess, User
from tests.factories import Territory, geos, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import make_campaign
from vacanthouses.models import Campaign, Candidate, Meter, ReadingBatch, RuleTable, Visit
from vacanthouses.services import rules
from vacanthouses.services.screening import screen

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)
PNU = "52190250211000{:d}0000"


@pytest.fixture
def campaign(territory: Territory) -> Campaign:
    rules.load_samples()
    return make_campaign(territory.unbong)


@pytest.fixture
def table(campaign: Campaign) -> RuleTable:
    found = rules.in_force("screening", "rural")
    assert found
    return found


@pytest.fixture
def screened(campaign: Campaign, table: RuleTable) -> Campaign:
    batch = ReadingBatch.objects.create(name="a.csv", source="test")
    for number in range(3):
        Meter.objects.create(
            kind="power", number=f"M{number}", pnu=PNU.format(number + 1), usage=[1.0] * 12, batch=batch,
            address=f"=운봉 {number}", area=campaign.area, location=geos(place(100 * number, 500)),
            first_month=date(2025, 2, 1),
        )  # fmt: skip
    screen(campaign, table, day=DAY)
    return campaign


def url(campaign: Campaign, rest: str = "") -> str:
    return f"/survey/campaigns/{campaign.pk}/screening/{rest}"


def key(row: Candidate) -> str:
    return f"{row.pk}.{row.version}"


def decided(row: Candidate) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.state_reason


def test_a_manager_starts_a_screening_and_its_job_leads_back_to_the_page(
    manager: User, campaign: Campaign, table: RuleTable
) -> None:
    client = signed_in(manager)
    assert "Screen this area" in text(client.get(url(campaign)))
    started = client.post(url(campaign, "run/"), {"table": table.pk})
    job = Job.objects.get()
    assert started["Location"] == f"/jobs/{job.pk}/"
    assert job.report["link"] == url(campaign) if job.is_over else True
    assert client.post(url(campaign, "run/"), {"table": "999999"}).status_code == 422


def test_each_candidate_says_why_and_the_funnel_says_where_the_rest_went(manager: User, screened: Campaign) -> None:
    page = text(signed_in(manager).get(url(screened)))
    assert "Very little power in a year: 12.0 kWh, where 120.0 kWh is the most (30 points)" in page
    assert "Meters read" in page
    assert PersonalDataAccess.objects.filter(action="screening list", count=3).exists()


def test_filters_stay_in_the_address_and_leave_the_others_out(
    manager: User, screened: Campaign, territory: Territory
) -> None:
    client = signed_in(manager)
    shown = {
        query: client.get(url(screened) + query).context["page"].paginator.count
        for query in (
            "?reason=water_cut", "?reason=power_low_year", f"?town={territory.unbong.pk}", "?town=1", "?state=kept",
            "?state=nonsense&town=x",
        )
    }  # fmt: skip
    assert list(shown.values()) == [0, 3, 3, 0, 0, 3]


def test_candidates_are_kept_and_set_aside_one_by_one_or_many_with_a_reason(manager: User, screened: Campaign) -> None:
    client, rows = signed_in(manager), list(Candidate.objects.order_by("rank"))
    client.post(url(screened), {"decision": f"kept:{key(rows[0])}", "candidate": [key(rows[1])]})
    assert [decided(row)[0] for row in rows] == ["kept", "open", "open"]
    many = {"decision": "dismissed", "candidate": [key(row) for row in rows[1:]]}
    refused = client.post(url(screened), many)
    assert (refused.status_code, "Say why these are set aside." in text(refused)) == (422, True)
    assert refused.content.decode().count("checked") == 2
    for _twice in range(2):
        assert client.post(url(screened), {**many, "reason": "창고"}).status_code == 302
    assert [decided(row) for row in rows[1:]] == [("dismissed", "창고")] * 2
    assert rows[1].updated_by == manager


def test_a_decision_on_what_somebody_else_changed_changes_nothing(manager: User, screened: Campaign) -> None:
    rows = list(Candidate.objects.order_by("rank"))
    Candidate.objects.filter(pk=rows[0].pk).update(state="dismissed", state_reason="다른 사람")
    sent = {"decision": "kept", "candidate": [key(row) for row in rows]}
    page = signed_in(manager).post(url(screened), sent)
    assert (page.status_code, "nothing was changed" in text(page)) == (409, True)
    assert [decided(row)[0] for row in rows] == ["dismissed", "open", "open"]


def test_a_decision_on_an_older_screening_is_refused(manager: User, screened: Campaign, table: RuleTable) -> None:
    old = Candidate.objects.first()
    assert old
    screen(screened, table, day=DAY)
    page = signed_in(manager).post(url(screened), {"decision": f"kept:{key(old)}"})
    assert (page.status_code, "screened anew meanwhile" in text(page)) == (409, True)


def test_the_file_has_reasons_runs_no_formula_and_is_logged(manager: User, screened: Campaign) -> None:
    answer = signed_in(manager).get(url(screened, "candidates.csv"))
    lines = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 4
    assert "'=운봉" in lines[1]
    assert "Very little power in a year" in lines[1]
    assert PersonalDataAccess.objects.filter(action="screening export", count=3).exists()


def test_the_house_says_why_it_was_suspected(manager: User, screened: Campaign) -> None:
    house_url = reverse("record-detail", args=["vacant-houses", Candidate.objects.order_by("rank")[0].house_id])
    assert "Why it was suspected" in text(signed_in(manager).get(house_url))


def test_yields_come_from_accepted_visits_and_propose_an_edition_out_of_use(
    manager: User, screened: Campaign, table: RuleTable
) -> None:
    visitor, at = make_user("visitor"), timezone.now()
    first = Candidate.objects.get(rank=1)
    Candidate.objects.filter(pk=first.pk).update(reasons=first.reasons[:1])
    for row, outcome in zip(Candidate.objects.order_by("rank"), ("surveyed", "gone", "no_entry"), strict=True):
        Visit.objects.create(
            house=row.house, surveyor=visitor, step="field", state="accepted", outcome=outcome, visited_at=at,
            device_time=at, location=row.house.location,
        )  # fmt: skip
    client = signed_in(manager)
    page = client.get(url(screened))
    assert (page.context["overall"].visited, page.context["overall"].confirmed) == (2, 1)
    assert "51 %" in text(page)
    sent = [client.post(url(screened, "propose/"))["Location"] for _twice in range(2)]
    made = RuleTable.objects.get(key=table.key, is_active=False)
    assert sent == [f"/rules/{made.pk}/"] * 2
    assert made.body != table.body
    assert rules.in_force("screening", "rural") == table


def test_others_do_not_see_candidates(surveyor: User, screened: Campaign, territory: Territory) -> None:
    assert signed_in(surveyor).get(url(screened)).status_code == 403
    assert signed_in(surveyor).get(url(screened, "candidates.csv")).status_code == 403


def test_a_long_list_takes_no_more_queries(
    manager: User, screened: Campaign, django_assert_max_num_queries: Any
) -> None:
    run = Candidate.objects.all()[0].run
    houses = [make_house(place(50 * n, 900), area=screened.area) for n in range(30)]
    Candidate.objects.bulk_create(
        Candidate(run=run, house=house, score=50, rank=10 + n, reasons=[], unknown=["water_cut"])
        for n, house in enumerate(houses)
    )
    client = signed_in(manager)
    client.get(url(screened))
    with django_assert_max_num_queries(22):
        assert client.get(url(screened)).status_code == 200
