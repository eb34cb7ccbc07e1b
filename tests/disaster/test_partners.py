"""Which partners count on a day and why not, agreements, machines and call tests."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster.models import Agreement, CallTest
from disaster.partners import Standing, Term, Why, standing
from disaster.querysets_people import machines_that_count, partners
from disaster.services import partners as services
from disaster.todos_people import people_todos
from disaster.views.partners import row_of
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Attachment, Role, User
from tests.disaster.people_support import (
    PHONE,
    days_ago,
    make_agreement,
    make_call,
    make_machine,
    make_partner,
    make_person,
    pumps,
)
from tests.factories import Territory, make_depot, make_stock, make_user

TODAY = date(2026, 7, 1)
AROUND = st.integers(-900, 900).map(lambda days: TODAY + timedelta(days=days))
TERMS = st.lists(st.builds(Term, AROUND, AROUND, st.one_of(st.none(), AROUND)), max_size=4)


@pytest.fixture
def officer(territory: Territory) -> User:
    return make_user("officer", (Role.DISASTER_OFFICER, territory.unbong))


@given(TERMS, st.one_of(st.none(), AROUND))
def test_a_partner_counts_exactly_when_there_is_no_reason_against_it(terms: list[Term], reached: date | None) -> None:
    found = standing(terms, reached, TODAY)
    in_force = any(term.in_force(TODAY) for term in terms)
    assert found.counts == (in_force and reached is not None and reached >= date(2025, 7, 1))
    assert len(found.reasons) == len(set(found.reasons)) <= 2


@given(TERMS, AROUND, st.builds(Term, AROUND, AROUND, st.one_of(st.none(), AROUND)))
def test_one_agreement_more_or_a_later_call_never_makes_a_partner_count_less(
    terms: list[Term], reached: date, more: Term
) -> None:
    if standing(terms, reached, TODAY).counts:
        assert standing([*terms, more], reached, TODAY).counts
        assert standing(terms, reached + timedelta(days=1), TODAY).counts


@pytest.mark.parametrize(
    ("terms", "reached", "reasons"),
    [
        ([], TODAY, (Why.NO_AGREEMENT,)),
        ([Term(date(2024, 1, 1), date(2024, 1, 1), date(2026, 6, 30))], TODAY, (Why.EXPIRED,)),
        ([Term(date(2024, 1, 1), date(2024, 1, 1), TODAY)], TODAY, ()),
        ([Term(date(2026, 1, 1), date(2026, 7, 2))], TODAY, (Why.NOT_BEGUN,)),
        ([Term(TODAY, TODAY)], None, (Why.NEVER_REACHED,)),
        ([Term(TODAY, TODAY)], date(2025, 6, 30), (Why.NOT_CONFIRMED,)),
    ],
)
def test_each_reason_is_told(terms: list[Term], reached: date | None, reasons: tuple[Why, ...]) -> None:
    assert standing(terms, reached, TODAY) == Standing(reasons)


@pytest.mark.django_db
@pytest.mark.parametrize("ends", [None, -1, 0, 1])
@pytest.mark.parametrize("called", [None, 10, 364, 365, 366, 367])
def test_the_database_counts_as_the_rule_does(territory: Territory, ends: int | None, called: int | None) -> None:
    partner = make_partner()
    make_agreement(partner, 100, ends)
    make_machine(partner)
    if called is not None:
        make_call(partner, called)
    day = timezone.localdate()
    found: Any = partners(make_user("viewer", (Role.VIEWER, None)), day).get(pk=partner.pk)
    reasons = row_of(found, day)[1]
    assert found.counts is (not reasons)
    assert machines_that_count(day).exists() is found.counts


@pytest.mark.django_db
def test_a_machine_that_is_not_available_does_not_count(territory: Territory) -> None:
    partner = make_partner()
    make_agreement(partner)
    make_call(partner)
    make_machine(partner, availability="unavailable")
    assert not machines_that_count(timezone.localdate()).exists()


@pytest.mark.django_db
def test_who_was_called_and_not_reached_is_not_confirmed(territory: Territory) -> None:
    partner = make_partner()
    make_agreement(partner)
    make_call(partner, was_reached=False)
    found: Any = partners(make_user("viewer", (Role.VIEWER, None)), timezone.localdate()).get(pk=partner.pk)
    assert not found.counts


@pytest.mark.django_db
def test_the_list_says_what_counts_and_why_not(client: Client, territory: Territory) -> None:
    good, bad = make_partner(name="좋은 의용소방대"), make_partner(name="지난 의용소방대")
    make_agreement(good)
    make_agreement(bad, 500, 5)
    for each in (good, bad):
        make_call(each)
    client.force_login(make_user("viewer", (Role.VIEWER, None)))
    page = client.get("/disaster/partners/", headers={"accept-language": "en"})
    assert (page.context["counting"], page.context["total"]) == (1, 2)
    assert [row[0].name for row in client.get("/disaster/partners/?state=not").context["rows"]] == ["지난 의용소방대"]
    assert [row[0].name for row in client.get("/disaster/partners/?state=counts").context["rows"]] == [
        "좋은 의용소방대"
    ]


@pytest.mark.django_db
def test_the_list_takes_as_many_statements_for_many_partners_as_for_one(
    client: Client, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        partner = make_partner()
        make_agreement(partner)
        make_call(partner)
    client.force_login(make_user("viewer", (Role.VIEWER, None)))
    with django_assert_max_num_queries(18):
        assert client.get("/disaster/partners/").status_code == 200
    client.force_login(make_user("officer", (Role.DISASTER_OFFICER, None)))
    with django_assert_max_num_queries(22):
        assert client.get("/disaster/call-test/").status_code == 200


def _form(partner: Any, **values: Any) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {
        "title": "재난 협약", "area": partner.area_id, "signed_on": day, "valid_from": day, "valid_until": "",
        "token": "5f0c9d0e-0000-4000-8000-000000000004", **values,
    }  # fmt: skip


@pytest.mark.django_db
def test_an_agreement_is_made_once_though_the_form_is_sent_twice(
    client: Client, territory: Territory, officer: User
) -> None:
    partner = make_partner()
    client.force_login(officer)
    for _time in range(2):
        assert client.post(f"/disaster/partners/{partner.pk}/agreement/", _form(partner)).status_code == 302
    assert Agreement.objects.filter(organisation=partner).count() == 1


@pytest.mark.django_db
def test_an_agreement_that_ends_before_it_begins_is_refused(
    client: Client, territory: Territory, officer: User
) -> None:
    partner = make_partner()
    client.force_login(officer)
    form = _form(partner, valid_until=days_ago(1).isoformat())
    answer = client.post(f"/disaster/partners/{partner.pk}/agreement/", form)
    assert answer.status_code == 422
    assert "valid_until" in answer.context["form"].errors


@pytest.mark.django_db
def test_renewing_makes_a_new_one_from_the_day_after_the_last(
    client: Client, territory: Territory, officer: User
) -> None:
    partner = make_partner()
    old = make_agreement(partner, 300, -20)
    client.force_login(officer)
    page = client.get(f"/disaster/partners/{partner.pk}/agreement/?renews={old.pk}")
    assert page.context["form"].initial["valid_from"] == days_ago(-21)
    assert page.context["form"].initial["title"] == old.title


@pytest.mark.django_db
def test_an_agreements_document_opens_from_the_partners_page(
    client: Client, territory: Territory, officer: User
) -> None:
    partner = make_partner()
    file = Attachment.objects.create(
        layer="organisations", record_id=partner.pk, kind="document", name="협약서.pdf", media_type="application/pdf",
        size=1, sha256="0" * 64,
    )  # fmt: skip
    make_agreement(partner, document=file)
    client.force_login(officer)
    page = client.get(f"/disaster/partners/{partner.pk}/").content.decode()
    assert f'href="{reverse("attachment", args=[file.pk])}"' in page


@pytest.mark.django_db
def test_an_agreement_ended_early_stops_counting_and_says_why(territory: Territory, officer: User) -> None:
    agreement = make_agreement(make_partner(), 300, None)
    with pytest.raises(Invalid):
        services.end(agreement, officer, days_ago(400), "해산", agreement.version)
    services.end(agreement, officer, days_ago(1), "해산", agreement.version)
    assert not Agreement.objects.in_force(timezone.localdate()).exists()
    agreement.refresh_from_db()
    assert "해산" in agreement.terms
    with pytest.raises(Invalid):
        services.end(agreement, officer, days_ago(2), "다시", 1)


@pytest.mark.django_db
def test_nobody_writes_for_partners_of_another_town(client: Client, territory: Territory) -> None:
    partner = make_partner()
    agreement = make_agreement(partner)
    other = make_user("other", (Role.DISASTER_OFFICER, territory.jucheon))
    with pytest.raises(NotAllowed):
        services.note_call(other, partner, None, {"was_reached": True}, None)
    for user in (other, make_user("viewer", (Role.VIEWER, None))):
        client.force_login(user)
        for path in (
            f"partners/{partner.pk}/agreement/",
            f"agreements/{agreement.pk}/",
            f"agreements/{agreement.pk}/end/",
        ):
            assert client.get(f"/disaster/{path}").status_code in {403, 404}


@pytest.mark.django_db
def test_a_double_tap_records_one_call(client: Client, territory: Territory, officer: User) -> None:
    partner = make_partner()
    person = make_person(territory.unbong, organisation=partner)
    client.force_login(officer)
    assert f'href="tel:{PHONE}"' in client.get("/disaster/call-test/").content.decode()
    form = {
        "organisation": partner.pk, "responder": person.pk, "answer": "reached", "minutes": "30",
        "token": "5f0c9d0e-0000-4000-8000-000000000005",
    }  # fmt: skip
    for _time in range(2):
        assert client.post("/disaster/call-test/", form).status_code == 302
    call = CallTest.objects.get()
    assert (call.was_reached, call.minutes, call.called_by, call.responder) == (True, 30, officer, person)


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", ["-1", "1.5", "9999", "gleich"])
def test_minutes_that_cannot_be_record_nothing_and_say_so(
    client: Client, territory: Territory, officer: User, minutes: str
) -> None:
    client.force_login(officer)
    form = {"organisation": make_partner().pk, "answer": "reached", "minutes": minutes}
    assert client.post("/disaster/call-test/", form, follow=True).context["messages"]
    assert not CallTest.objects.exists()


@pytest.mark.django_db
def test_the_home_page_names_what_lapses_and_where_nobody_can_run_a_pump(territory: Territory, officer: User) -> None:
    partner = make_partner()
    make_agreement(partner, 300, -30)
    stock = make_stock(make_depot(), "수중펌프", 3)
    item = stock.lot.item
    item.item_class = pumps()
    item.save()
    assert [todo.count for todo in people_todos(officer)] == [1, 1]
    make_agreement(partner, -1, -400)
    assert people_todos(officer)[0].count == 0
    assert people_todos(make_user("viewer", (Role.VIEWER, None))) == []
