"""Incidents: on the map, in lists, on the operations page, and how they end without anything being forgotten."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.demo import operations as demo
from disaster.models import Incident, TransferOrder
from disaster.services import incidents as services
from disaster.waiting import waiting_for
from gis_core.demo import fixtures
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import PersonalDataAccess, Role, User
from tests.conftest import Api
from tests.disaster.operations_support import Towns, client, make_incident, take
from tests.factories import Territory, lonlat, make_depot, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(territory: Territory) -> Towns:
    return Towns(territory)


def sent(towns: Towns, number: int = 3, received: int = 0) -> TransferOrder:
    order = towns.ask(number)
    take(towns.giver, order, "commit", number)
    now = take(towns.giver, order, "send", number)
    return take(towns.asker, order, "receive", received) if received else now


def end(towns: Towns, user: User | None = None) -> int:
    towns.incident.refresh_from_db()
    ended = timezone.now() - timedelta(minutes=1)
    return services.close(user or towns.asker, towns.incident, ended, towns.incident.version, uuid.uuid4())


def test_an_officer_reports_an_incident_and_finds_it_by_its_time(territory: Territory, officer: User) -> None:
    api = Api(officer)
    began = "2026-07-01T09:30:00+09:00"
    body = {
        "type": "Feature",
        "geometry": lonlat(place(2500, 500)),
        "properties": {"title": "요천 범람", "hazard": "flood", "began_at": began, "is_exercise": True},
    }
    response = api.post("collections/incidents/items", body)
    assert response.status_code == 201, response.content.decode()
    incident = Incident.objects.get()
    assert (incident.area, incident.state, incident.is_exercise) == (territory.jucheon, "open", True)
    assert api.ids("incidents", datetime="2026-06-30T00:00:00Z/2026-07-02T00:00:00Z") == [incident.pk]
    # The last day of an interval counts in full.
    assert api.ids("incidents", datetime="2026-06-30/2026-07-01") == [incident.pk]
    assert api.ids("incidents", datetime="2026-06-01T00:00:00Z/2026-06-30T00:00:00Z") == []
    assert api.ids("incidents", hazard="snow") == []


def test_an_incident_is_seen_in_its_area_only(towns: Towns, viewer: User) -> None:
    assert Api(towns.asker).ids("incidents") == [towns.incident.pk]
    assert Api(towns.giver).ids("incidents") == []
    assert client(viewer).get(f"/records/incidents/{towns.incident.pk}/").status_code == 200


def test_what_is_out_when_an_incident_ends_stays_on_the_list_of_both_towns(towns: Towns) -> None:
    order = sent(towns, 3, received=2)
    assert [row for row in waiting_for(towns.giver) if row.is_overdue] == []
    assert end(towns) == 1
    for user in (towns.giver, towns.asker):
        assert [row.order for row in waiting_for(user) if row.is_overdue]
        page = client(user).get("/disaster/operations/").content.decode()
        assert 'id="overdue"' in page
    take(towns.asker, order, "missing", reason="분실")
    take(towns.giver, order, "return", 2)
    assert waiting_for(towns.giver) == waiting_for(towns.asker) == []


def test_an_incident_taken_out_of_use_does_not_hide_what_is_out(towns: Towns) -> None:
    order = sent(towns, 2, received=2)
    Incident.objects.filter(pk=towns.incident.pk).update(retired_at=timezone.now())
    assert [row.order for row in waiting_for(towns.giver) if row.is_overdue] == [order]


def test_a_town_is_given_no_link_to_what_it_cannot_open(towns: Towns) -> None:
    address = f"/disaster/operations/orders/{towns.ask(1).pk}/"
    depot, incident = f"/records/depots/{towns.depot.pk}/", f"/records/incidents/{towns.incident.pk}/"
    for user, opens, does_not in ((towns.giver, depot, incident), (towns.asker, incident, depot)):
        page = client(user).get(address).content.decode()
        assert opens in page
        assert does_not not in page


def test_what_nobody_sent_yet_is_called_off_when_the_incident_ends(towns: Towns) -> None:
    asked = towns.ask(1)
    promised = towns.ask(2)
    take(towns.giver, promised, "commit", 2)
    assert end(towns) == 0
    assert set(TransferOrder.objects.values_list("pk", "state")) == {
        (asked.pk, "cancelled"), (promised.pk, "cancelled"),
    }  # fmt: skip


def test_what_was_promised_beyond_what_was_sent_is_free_again_when_it_ends(towns: Towns) -> None:
    order = towns.ask(3)
    take(towns.giver, order, "commit", 3)
    take(towns.giver, order, "send", 1)
    assert end(towns) == 1
    order.refresh_from_db()
    assert (order.state, order.committed, order.sent) == ("sent", 1, 1)


def test_an_incident_does_not_end_before_it_began_in_future_elsewhere_or_twice(towns: Towns) -> None:
    now, version = timezone.now(), towns.incident.version
    for ended in (now - timedelta(days=9), now + timedelta(hours=1)):
        with pytest.raises(Invalid) as told:
            services.close(towns.asker, towns.incident, ended, version, uuid.uuid4())
        assert "ended_at" in told.value.errors
    with pytest.raises(NotAllowed):
        services.close(towns.giver, towns.incident, now, version, uuid.uuid4())
    end(towns)
    with pytest.raises(Invalid):
        end(towns)


def test_the_page_of_an_incident_shows_its_orders_and_from_where_they_come(towns: Towns) -> None:
    order = sent(towns, 3, received=3)
    page = client(towns.asker).get(f"/records/incidents/{towns.incident.pk}/").content.decode()
    assert f"/disaster/operations/orders/{order.pk}/" in page
    assert "<svg" in page
    assert "3 대 still out" in page or "3 매 still out" in page
    closing = client(towns.asker).get(f"/disaster/operations/incidents/{towns.incident.pk}/close/").content.decode()
    assert f"/disaster/operations/orders/{order.pk}/" in closing


def test_an_incident_ends_and_begins_again_in_the_browser(towns: Towns) -> None:
    browser = client(towns.asker)
    token = str(uuid.uuid4())
    values = {"ended_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "version": 1, "token": token}
    address = f"/disaster/operations/incidents/{towns.incident.pk}/close/"
    assert browser.post(address, {**values, "version": 77}).status_code == 409
    assert browser.post(address, values).status_code == 302
    assert browser.post(address, values).status_code == 302
    towns.incident.refresh_from_db()
    assert (towns.incident.state, towns.incident.ended_at is None) == ("closed", False)
    again = {"version": towns.incident.version}
    browser.post(f"/disaster/operations/incidents/{towns.incident.pk}/reopen/", again)
    towns.incident.refresh_from_db()
    assert (towns.incident.state, towns.incident.ended_at) == ("open", None)


def request_page(towns: Towns, **values: object) -> dict[str, object]:
    return {"incident": towns.incident.pk, "item": towns.pump.pk, "quantity": 7, "needed_by": "", **values}


def test_the_nearest_are_proposed_with_their_keepers_and_the_look_is_noted(towns: Towns) -> None:
    towns.depot.keeper_person, towns.depot.keeper_phone = "박지기", "010-1111-2222"
    towns.depot.save()
    page = client(towns.asker).get("/disaster/operations/request/", request_page(towns)).content.decode()
    assert "박지기" in page
    assert "2.6 km" in page
    assert 'name="everybody" value="2"' in page
    look = PersonalDataAccess.objects.get()
    assert (look.layer, look.action, look.count, look.user) == ("depots", "nearest", 1, towns.asker)


def test_requests_are_sent_once_and_wrong_figures_name_the_depot(towns: Towns) -> None:
    browser = client(towns.asker)
    values = request_page(towns, token=str(uuid.uuid4()), **{f"from-{towns.depot.pk}": "5", "everybody": "2"})
    address = "/disaster/operations/request/"
    wrong = browser.post(address, {**values, f"from-{towns.depot.pk}": "6"})
    assert wrong.status_code == 409
    assert "운봉 창고" in wrong.content.decode()
    assert browser.post(address, {**values, f"from-{towns.depot.pk}": "-1"}).status_code == 409
    assert browser.post(address, {**values, f"from-{towns.depot.pk}": "", "everybody": ""}).status_code == 409
    assert TransferOrder.objects.count() == 0
    assert browser.post(address, values).status_code == 302
    assert browser.post(address, values).status_code == 302
    assert sorted(TransferOrder.objects.values_list("quantity", "source")) == [(2, None), (5, towns.depot.pk)]


def test_others_than_officers_of_the_area_ask_for_nothing(towns: Towns, viewer: User) -> None:
    address = "/disaster/operations/request/"
    assert client(viewer).get(address, request_page(towns)).status_code == 403
    assert client(towns.giver).get(address, request_page(towns)).status_code == 404
    assert client(viewer).get("/disaster/operations/").status_code == 200


def test_a_step_is_taken_on_the_orders_page_and_refused_with_its_reason(towns: Towns) -> None:
    order = towns.ask(3)
    address = f"/disaster/operations/orders/{order.pk}/"
    assert "Promise" in client(towns.giver).get(address).content.decode()
    assert "Promise" not in client(towns.asker).get(address).content.decode()
    values = {"commit-version": order.version, "commit-token": str(uuid.uuid4()), "commit-number": "9"}
    refused = client(towns.giver).post(f"{address}commit/", values)
    assert refused.status_code == 409
    assert "1 to 3" in refused.content.decode()
    assert client(towns.asker).post(f"{address}commit/", values).status_code == 403
    for _press in range(2):
        assert client(towns.giver).post(f"{address}commit/", {**values, "commit-number": "3"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.committed) == ("committed", 3)
    assert client(towns.giver).post(f"{address}nonsense/", values).status_code == 404


def test_the_lists_ask_no_more_of_the_database_when_there_are_more_orders(towns: Towns, officer: User) -> None:
    def statements(address: str) -> int:
        browser = client(officer)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    pages = ["/disaster/operations/", "/disaster/operations/orders/", f"/records/incidents/{towns.incident.pk}/"]
    for _each in range(2):
        towns.ask(1)
    make_incident(towns.territory.suji, 500, 2500)
    before = [statements(page) for page in pages]
    for number in range(6):
        towns.ask(1, source=make_depot(place(600, 600 + number)))
        make_incident(towns.territory.suji, 500, 2600 + number)
    assert [statements(page) for page in pages] == before


def test_the_demo_is_loaded_once(towns: Towns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixtures, "location", lambda _lon, _lat: towns.incident.location)
    make_user("officer", (Role.DISASTER_OFFICER, None))
    assert demo.load() == {"incidents": 2, "orders": 0}
    assert demo.load() == {"incidents": 0}
    assert set(Incident.objects.filter(is_example=True).values_list("state", "is_exercise")) == {
        ("open", False), ("closed", True),
    }  # fmt: skip
