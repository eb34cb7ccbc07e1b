"""Agreements of zones: kept with parties and paper, in force by their days, and on the coordinator's mind in time."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from gis_core.models import Attachment, Role, ZoneAgreement, ZoneProject
from gis_core.todos import zone_todos
from gis_core.zones import agreement_querysets, agreement_services
from gis_core.zones.standing import ENDING_SOON_DAYS, State, standing
from tests.factories import geos, make_organisation, make_user, make_zone, place
from tests.gis_core import files_support
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def council():
    return make_organisation("운봉읍 주민자치회", place(500, 500))


@pytest.fixture
def zone(territory, council):
    return make_zone(territory.unbong, territory.jucheon, organisations=[council], name="동편 협력권")


def make_agreement(zone, first=-10, last=None, **values):
    day = timezone.localdate()
    until = None if last is None else day + timedelta(days=last)
    facts = {
        "title": "소통협력 협약",
        "signed_on": day,
        "valid_from": day + timedelta(days=first),
        "valid_until": until,
    }
    return ZoneAgreement.objects.create(zone=zone, **{**facts, **values})


def make_project(zone, stage="underway", **values):
    facts = {"name": "하천 정화", "geometry": geos(place(500, 500))}
    return ZoneProject.objects.create(zone=zone, stage=stage, **{**facts, **values})


def sent(council, **values):
    return {
        "title": "소통협력 협약", "parties": [council.pk], "signed_on": "2026-03-02", "valid_from": "2026-03-03",
        "valid_until": "2027-03-02", "document_number": "자치-120", "terms": "함께 쓴다.", **values,
    }  # fmt: skip


def paper():
    return SimpleUploadedFile("협약서.pdf", files_support.PDF)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.none() | st.integers(0, 900),
    st.dates(date(2019, 1, 1), date(2033, 1, 1)),
)
def test_an_agreement_counts_from_its_first_to_its_last_day(begins, lasts, day):
    until = None if lasts is None else begins + timedelta(days=lasts)
    found = standing(begins, until, day)
    assert found.is_in_force == (begins <= day and (until is None or day <= until))
    assert (found.state == State.EXPIRED) == (until is not None and day > until)
    assert (found.state == State.ENDING) == (
        found.is_in_force and until is not None and (until - day).days <= ENDING_SOON_DAYS
    )
    assert found.days is None or found.days >= 0


def test_the_list_asks_the_database_for_the_same_states_as_the_badges_say(zone):
    for first, last in [(-10, None), (-10, 0), (-10, 60), (-10, 61), (-10, -1), (0, 0), (1, 90), (5, None)]:
        make_agreement(zone, first, last)
    day = timezone.localdate()
    every = ZoneAgreement.objects.live()
    for state in State:
        asked = {each.pk for each in agreement_querysets.in_state(every, state, day)}
        said = {each.pk for each in every if standing(each.valid_from, each.valid_until, day).state == state}
        assert asked == said
        assert asked
    in_force = {each.pk for each in every if standing(each.valid_from, each.valid_until, day).is_in_force}
    assert {each.pk for each in every.in_force(day)} == in_force


def test_a_coordinator_keeps_an_agreement_with_its_parties_and_paper(zone, council, coordinator):
    client = signed_in(coordinator)
    form = client.get(f"/zones/{zone.pk}/agreements/add/")
    # The zone's organisations are ticked: as a rule they are who signs.
    assert inputs(form)["parties"] == [str(council.pk)]
    token = inputs(form)["token"][0]
    for _twice in range(2):
        answer = client.post(f"/zones/{zone.pk}/agreements/add/", {**sent(council), "token": token, "upload": paper()})
        assert answer.status_code == 302
    made = ZoneAgreement.objects.get()
    assert (made.zone, made.document_number, list(made.parties.all())) == (zone, "자치-120", [council])
    assert made.document == Attachment.objects.get()
    assert (made.document.layer, made.document.record_id) == ("zones", zone.pk)
    told = text(client.get(f"/records/zones/{zone.pk}/"))
    assert "소통협력 협약" in told
    assert "운봉읍 주민자치회" in told
    assert "협약서.pdf" in told


@pytest.mark.parametrize(
    ("last", "badge"),
    [(None, "In force"), (300, "In force"), (12, "Ends in 12 days"), (0, "Ends today"), (-1, "Expired")],
)
def test_the_page_says_how_each_agreement_stands_today(zone, coordinator, last, badge):
    make_agreement(zone, last=last)
    client = signed_in(coordinator)
    assert badge in text(client.get(f"/records/zones/{zone.pk}/"))
    assert badge in text(client.get("/zones/agreements/"))


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "Title", "This field is required."),
        ({"parties": []}, "Parties", "This field is required."),
        ({"valid_until": "2026-03-01"}, "Valid until", "This is before it begins."),
        ({"signed_on": "2026-02-30"}, "Signed on", "Enter a valid date."),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_its_field(zone, council, coordinator, wrong, field, said):
    answer = signed_in(coordinator).post(f"/zones/{zone.pk}/agreements/add/", sent(council, **wrong))
    assert answer.status_code == 422
    assert f"{field} : {said}" in text(answer)
    assert not ZoneAgreement.objects.exists()


def test_a_paper_that_is_no_document_is_refused_by_its_field(zone, council, coordinator):
    program = SimpleUploadedFile("협약서.pdf", b"MZ\x90\x00" + b"\0" * 400)
    answer = signed_in(coordinator).post(f"/zones/{zone.pk}/agreements/add/", {**sent(council), "upload": program})
    assert answer.status_code == 409
    assert "Signed paper :" in text(answer)
    assert not ZoneAgreement.objects.exists()
    assert not Attachment.objects.exists()


def test_two_who_change_different_things_of_an_agreement_both_succeed(zone, council, coordinator):
    agreement = make_agreement(zone, document_number="1호")
    agreement.parties.set([council])
    other = make_organisation("주천면 주민자치회", place(2500, 500))
    client = signed_in(coordinator)
    url = f"/zones/{zone.pk}/agreements/{agreement.pk}/edit/"
    seen = inputs(client.get(url))
    agreement.parties.add(other)
    ZoneAgreement.objects.filter(pk=agreement.pk).update(terms="그사이 적은 내용")
    answer = client.post(url, {**seen, "title": "고친 협약", "parties": [council.pk]})
    assert answer.status_code == 302, text(answer)
    agreement.refresh_from_db()
    assert (agreement.title, agreement.terms) == ("고친 협약", "그사이 적은 내용")
    assert set(agreement.parties.all()) == {council, other}


def test_who_changes_what_somebody_else_changed_too_is_shown_it(zone, council, coordinator):
    agreement = make_agreement(zone)
    agreement.parties.set([council])
    client = signed_in(coordinator)
    url = f"/zones/{zone.pk}/agreements/{agreement.pk}/edit/"
    seen = inputs(client.get(url))
    ZoneAgreement.objects.filter(pk=agreement.pk).update(title="남이 고친 이름")
    answer = client.post(url, {**seen, "title": "내가 고친 이름"})
    assert answer.status_code == 409
    assert "남이 고친 이름" in text(answer)
    insisted = client.post(url, {**inputs(answer), "title": "내가 고친 이름"})
    assert insisted.status_code == 302, text(insisted)
    agreement.refresh_from_db()
    assert agreement.title == "내가 고친 이름"


def test_an_agreement_goes_with_a_reason_and_not_while_running_projects_rest_on_it(zone, coordinator):
    agreement = make_agreement(zone)
    project = make_project(zone, agreement=agreement)
    client = signed_in(coordinator)
    url = f"/zones/{zone.pk}/agreements/{agreement.pk}/retire/"
    refused = client.post(url, {"reason": "취소", "version": agreement.version})
    assert refused.status_code == 409
    assert "1 running project rests on it: 하천 정화." in text(refused)
    ZoneProject.objects.filter(pk=project.pk).update(stage="finished")
    assert client.post(url, {"reason": "", "version": agreement.version}).status_code == 422
    assert client.post(url, {"reason": "취소", "version": agreement.version + 1}).status_code == 409
    assert client.post(url, {"reason": "취소", "version": agreement.version}).status_code == 302
    assert not ZoneAgreement.objects.live().exists()
    assert client.get(url).status_code == 404


def test_only_coordinators_of_a_member_area_write_agreements_of_a_zone(territory, zone, council):
    agreement = make_agreement(zone)
    urls = [
        f"/zones/{zone.pk}/agreements/add/",
        f"/zones/{zone.pk}/agreements/{agreement.pk}/edit/",
        f"/zones/{zone.pk}/agreements/{agreement.pk}/retire/",
    ]
    officer = make_user("officer", (Role.DISASTER_OFFICER, territory.namwon))
    elsewhere = make_user("elsewhere", (Role.ZONE_COORDINATOR, territory.sunchang))
    for person, status in ((officer, 403), (elsewhere, 404), (None, 302)):
        for url in urls:
            assert signed_in(person).post(url, sent(council)).status_code == status
    assert signed_in(officer).get("/zones/agreements/").status_code == 200
    assert "소통협력 협약" not in text(signed_in(elsewhere).get("/zones/agreements/"))
    assert "Add an agreement" not in text(signed_in(officer).get(f"/records/zones/{zone.pk}/"))
    assert ZoneAgreement.objects.count() == 1


def waiting(user):
    with translation.override("en"):
        return {str(todo.title): (todo.count, todo.detail) for todo in zone_todos(user)}


def test_a_coordinator_is_told_in_time_of_agreements_that_end_and_of_work_without_one(territory, zone, coordinator):
    make_project(zone, "proposed")
    lacking = "Zones with running projects but no agreement in force"
    ending = "Agreements of zones that end within 60 days"
    assert waiting(coordinator)[lacking] == (0, "")
    make_project(zone, "underway")
    make_agreement(zone, -400, -1)
    assert waiting(coordinator)[lacking] == (1, "동편 협력권")
    assert "동편 협력권" in text(signed_in(coordinator).get("/zones/agreements/?state=coming"))
    make_agreement(zone, -1, 30, title="갱신할 협약")
    found = waiting(coordinator)
    assert found[lacking] == (0, "")
    assert found[ending] == (1, "갱신할 협약")
    told = text(signed_in(coordinator).get("/zones/agreements/?state=ending"))
    assert "갱신할 협약" in told
    assert "소통협력 협약" not in told
    elsewhere = make_user("elsewhere", (Role.ZONE_COORDINATOR, territory.sunchang))
    assert waiting(elsewhere)[ending] == (0, "")


def test_the_list_of_agreements_takes_no_query_for_each(zone, coordinator, council, django_assert_max_num_queries):
    client = signed_in(coordinator)
    for last in range(12):
        make_agreement(zone, last=last).parties.set([council])
    with django_assert_max_num_queries(14):
        client.get("/zones/agreements/")


def test_a_form_with_somebody_elses_token_makes_nothing(zone, council, coordinator, administrator):
    token = uuid.uuid4()
    values = {"title": "협약", "signed_on": date(2026, 1, 1), "valid_from": date(2026, 1, 1)}
    agreement_services.add(zone, administrator, values, frozenset({council.pk}), token)
    answer = signed_in(coordinator).post(f"/zones/{zone.pk}/agreements/add/", {**sent(council), "token": token})
    assert answer.status_code == 409
    assert ZoneAgreement.objects.count() == 1
