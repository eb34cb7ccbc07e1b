"""A movement that belongs to something else says where it is put right."""

import pytest

from disaster.models import Movement
from tests.disaster.operations_support import Towns, client, take
from tests.factories import Territory

pytestmark = pytest.mark.django_db


def test_a_step_of_a_request_says_why_it_cannot_be_taken_back_and_where_it_is_put_right(territory: Territory) -> None:
    towns = Towns(territory)
    order = towns.ask(3)
    take(towns.giver, order, "commit", 3)
    take(towns.giver, order, "send", 3)
    url = f"/disaster/stock/movements/{Movement.objects.get(order=order).pk}/"
    page = client(towns.giver).get(url).content.decode()
    assert "This is a step of a request for help: put it right there." in page
    assert f"/disaster/operations/orders/{order.pk}/" in page
    assert 'name="reason"' not in page
