"""Two towns want the last five pumps at the same moment."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from disaster.models import Balance, Movement, TransferOrder
from disaster.orders import Step
from disaster.querysets_operations import today
from disaster.querysets_working import working_stock
from disaster.services import orders as services
from disaster.services.orders import Act, Part
from gis_core.editing.errors import Invalid
from gis_core.models import Role
from tests.disaster.operations_support import Towns, held, in_all, make_incident
from tests.factories import make_territory, make_user
from tests.races import while_i_write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def towns() -> Towns:
    return Towns(make_territory())


def test_of_two_towns_that_take_the_last_five_one_gets_them_and_the_other_is_told(towns: Towns) -> None:
    other_incident = make_incident(towns.territory.suji, 500, 2500, title="수지 침수")
    other_asker = make_user("other", (Role.DISASTER_OFFICER, towns.territory.suji))
    first = towns.ask(5)
    second = services.ask(other_asker, other_incident, towns.pump, [Part(5, source=towns.depot)], uuid.uuid4())[0]
    with while_i_write(
        lambda: services.take(towns.giver, second, Step.COMMIT, Act(second.version, number=5))
    ) as colleague:
        services.take(towns.giver, first, Step.COMMIT, Act(first.version, number=5))
    assert isinstance(colleague.refused, Invalid)
    assert "number" in colleague.refused.errors
    states = set(TransferOrder.objects.values_list("state", "committed"))
    assert states == {("committed", 5), ("requested", 0)}


def in_parallel(works: list[Any]) -> list[Exception | None]:
    """All at once; what each was refused with."""
    refused: list[Exception | None] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(number: int) -> None:
        try:
            gate.wait()
            works[number]()
        except Exception as error:
            refused[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_eight_requests_for_two_of_five_pumps_get_what_there_is_and_no_more(towns: Towns) -> None:
    asked = [towns.ask(2) for _each in range(8)]
    refused = in_parallel(
        [
            lambda order=order: services.take(towns.giver, order, Step.COMMIT, Act(order.version, number=2))
            for order in asked
        ]
    )
    assert sum(error is None for error in refused) == 2
    assert all(isinstance(error, Invalid) for error in refused if error is not None)
    (row,) = working_stock(today(), depots=[towns.depot.pk])
    assert row.working == 1


def test_the_same_press_of_a_button_sent_by_many_threads_sends_once(towns: Towns) -> None:
    order = towns.ask(3)
    order = services.take(towns.giver, order, Step.COMMIT, Act(order.version, number=3))
    act = Act(order.version, number=3)
    refused = in_parallel([lambda: services.take(towns.giver, order, Step.SEND, act)] * 6)
    assert refused == [None] * 6
    assert (Movement.objects.count(), held(towns.depot, towns.pump), in_all(towns.pump)) == (1, 2, 5)


def test_two_who_press_differently_at_the_same_moment_do_not_both_succeed(towns: Towns) -> None:
    order = towns.ask(3)
    refused = in_parallel(
        [
            lambda: services.take(towns.giver, order, Step.COMMIT, Act(order.version, number=3)),
            lambda: services.take(towns.giver, order, Step.REFUSE, Act(order.version, reason="안 됩니다")),
        ]
    )
    assert sum(error is None for error in refused) == 1
    assert Balance.objects.get().quantity == 5
