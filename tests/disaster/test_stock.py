"""What a depot holds: changed together, by those who may, and never below nothing."""

import pytest
from django.db import IntegrityError, transaction

from disaster.models import StockItem, StockLine
from disaster.services import StockEntry, save_stock
from gis_core.editing import Invalid, NotAllowed
from gis_core.models import Role
from tests.factories import make_depot, make_stock, make_user, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(territory):
    return make_depot(place(100, 100))


def entry(line, quantity=None, **values):
    return StockEntry(
        line.item,
        line.quantity if quantity is None else quantity,
        values.pop("standard_quantity", line.standard_quantity),
        line_id=line.pk,
        version=line.version,
        **values,
    )


def test_only_what_changed_is_written_and_its_history_kept(depot, officer):
    sandbags, pump = make_stock(depot, "마대", 100), make_stock(depot, "양수기", 3, standard=5)
    assert save_stock(depot, officer, [entry(sandbags, 80), entry(pump)]) == 1
    sandbags.refresh_from_db()
    pump.refresh_from_db()
    assert (sandbags.quantity, sandbags.version, sandbags.updated_by) == (80, 2, officer)
    assert pump.version == 1
    assert list(sandbags.events.order_by("pgh_id").values_list("quantity", flat=True)) == [100, 80]


def test_a_new_item_is_added_once(depot, officer):
    item = StockItem.objects.create(name="모래", unit="톤")
    assert save_stock(depot, officer, [StockEntry(item, 5, None)]) == 1
    with pytest.raises(Invalid):
        save_stock(depot, officer, [StockEntry(item, 5, None)])
    assert StockLine.objects.get().created_by == officer


def test_an_item_that_was_taken_off_the_list_can_come_back(depot, officer):
    line = make_stock(depot, "마대", 100)
    save_stock(depot, officer, [entry(line, remove=True)])
    line.refresh_from_db()
    assert line.retired_at
    assert save_stock(depot, officer, [StockEntry(line.item, 5, None)]) == 1
    assert StockLine.objects.filter(depot=depot, retired_at__isnull=True).get().quantity == 5


def test_a_stale_line_writes_none_of_the_table(depot, officer):
    sandbags, pump = make_stock(depot, "마대", 100), make_stock(depot, "양수기", 3)
    StockLine.objects.filter(pk=pump.pk).update(quantity=2)
    with pytest.raises(Invalid) as refusal:
        save_stock(depot, officer, [entry(sandbags, 80), entry(pump, 5)])
    assert "양수기" in str(refusal.value.errors)
    sandbags.refresh_from_db()
    assert sandbags.quantity == 100


def test_a_line_of_another_depot_cannot_be_changed_through_this_one(depot, officer):
    other = make_stock(make_depot(place(2100, 100)), "마대", 100)
    with pytest.raises(Invalid):
        save_stock(depot, officer, [entry(other, 1)])


def test_nobody_changes_the_stock_of_another_town_and_no_viewer_any(depot, territory, viewer, planner):
    line = make_stock(depot)
    elsewhere = make_user("elsewhere", (Role.DISASTER_OFFICER, territory.suji))
    for user in (viewer, planner, elsewhere):
        with pytest.raises(NotAllowed):
            save_stock(depot, user, [entry(line, 1)])
    line.refresh_from_db()
    assert line.quantity == 100


def test_a_depot_never_holds_less_than_nothing(depot):
    line = make_stock(depot)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLine.objects.filter(pk=line.pk).update(quantity=-1)


@pytest.mark.parametrize(("quantity", "standard", "shortage"), [(3, 5, 2), (5, 5, 0), (9, 5, 0), (3, None, None)])
def test_a_shortage_is_what_is_missing_to_the_standard(quantity, standard, shortage):
    assert StockLine(quantity=quantity, standard_quantity=standard).shortage == shortage


def table(*rows):
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": str(value) for name, value in row.items()}
    return data


def row(of, **changes):
    return {"line": of.pk, "version": of.version, "item": of.item_id, "quantity": of.quantity} | changes


def test_an_officer_counts_a_depot_on_its_page(client, depot, officer):
    line = make_stock(depot, "마대", 100)
    client.force_login(officer)
    page = client.get(f"/records/depots/{depot.pk}/stock/")
    assert page.status_code == 200
    answer = client.post(f"/records/depots/{depot.pk}/stock/", table(row(line, quantity=80)))
    assert answer.status_code == 302
    line.refresh_from_db()
    assert line.quantity == 80


@pytest.mark.parametrize(
    "changes", [{"quantity": -1}, {"quantity": "x"}, {"version": 7}, {"line": "x"}, {"line": 999999}]
)
def test_a_table_that_makes_no_sense_is_shown_again(client, depot, officer, changes):
    line = make_stock(depot, "마대", 100)
    client.force_login(officer)
    answer = client.post(f"/records/depots/{depot.pk}/stock/", table(row(line, **changes)))
    assert answer.status_code == 422
    line.refresh_from_db()
    assert line.quantity == 100


def test_a_viewer_cannot_open_the_table(client, depot, viewer):
    client.force_login(viewer)
    assert client.get(f"/records/depots/{depot.pk}/stock/").status_code == 403
