"""Inspections from phones and desks: taken once, judged by their checklist, and followed by repairs."""

import uuid as uuids
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.models import Checklist, Depot, Inspection, ItemClass, RepairTask
from disaster.services import inspections as services
from disaster.services.inspection_packs import pack_of
from gis_core.models import Attachment, OfflineEntry, OfflineRecord, Role, User
from tests.disaster.inspection_support import (
    GOOD,
    inspection_body,
    make_checklist,
    make_pump_class,
    make_pump_depot,
    make_schedule,
    only_inspection,
    send,
)
from tests.factories import Territory, make_user
from tests.vacanthouses.sync_support import Phone, photo

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def keeper(territory: Territory) -> User:
    """Looks after 운봉읍, and no other town."""
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong), name="김관리")


@pytest.fixture
def phone(keeper: User, settings: Any, tmp_path: Path) -> Phone:
    settings.MEDIA_ROOT = tmp_path
    return Phone(keeper)


@pytest.fixture
def pumps(db: None) -> ItemClass:
    return make_pump_class()


@pytest.fixture
def checklist(pumps: ItemClass) -> Checklist:
    return make_checklist(pumps)


@pytest.fixture
def depot(territory: Territory, pumps: ItemClass) -> Depot:
    return make_pump_depot()


def failing(depot: Depot, checklist: Checklist, **values: Any) -> dict[str, Any]:
    return inspection_body(depot, checklist, photo(1), **{"answers": {"starts": "no", "hose": "yes"}, **values})


@pytest.mark.django_db
def test_an_inspection_that_passes_is_kept_with_its_signature_and_opens_no_repair(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    strokes = [[[10, 20], [30, 40]], [[500, 100]]]
    answer = send(phone, inspection_body(depot, checklist, signature=strokes, note="이상 없음"))
    assert answer.status_code == 201, answer.content.decode()
    found = only_inspection()
    assert (found.result, found.answers, found.failed, found.signature) == ("passed", GOOD, [], strokes)
    assert (found.inspected_by, found.area, found.note) == (phone.user, depot.area, "이상 없음")
    assert not RepairTask.objects.exists()


@pytest.mark.django_db
def test_a_failure_opens_a_task_and_the_photo_hangs_on_the_inspection(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    uuid = uuids.uuid4()
    answer = send(phone, failing(depot, checklist, units={"starts": 2}), uuid)
    assert answer.json()["state"] == "waiting"
    assert not only_inspection().is_complete
    phone.upload(photo(1))
    found = only_inspection()
    assert (found.result, found.is_complete) == ("failed", True)
    assert Attachment.objects.live().of("inspections", found.pk).count() == 1
    task = RepairTask.objects.get()
    assert (task.title, task.question, task.blocks, task.quantity) == ("펌프 수리", "starts", True, 2)
    assert (task.depot, task.item_class, task.inspection) == (depot, checklist.item_class, found)
    assert task.due_on == found.inspected_on + timedelta(days=3)
    told = phone.client.get(f"/api/survey/records/inspections/{uuid}").json()["target"]
    assert (told["state"], told["repairs"], told["is_final"]) == ("failed", ["펌프 수리"], False)
    assert "시동이 걸립니까?" in told["comment"]


@pytest.mark.django_db
def test_the_same_sending_twice_is_one_inspection_and_one_task(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    sending = phone.sending(uuids.uuid4(), failing(depot, checklist), "inspections")
    first, again = phone.deliver(sending), phone.deliver(sending)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Inspection.objects.count() == RepairTask.objects.count() == OfflineEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_same_fault_found_again_joins_the_open_task_and_tells_the_newer_number(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    send(phone, failing(depot, checklist, units={"starts": 1}))
    send(phone, failing(depot, checklist, units={"starts": 3}))
    assert Inspection.objects.count() == 2
    assert RepairTask.objects.get().quantity == 3


@pytest.mark.django_db
def test_the_same_fault_of_another_depot_is_another_task(phone: Phone, depot: Depot, checklist: Checklist) -> None:
    other = make_pump_depot("운봉 둘째 창고", east=600)
    send(phone, failing(depot, checklist))
    send(phone, failing(other, checklist))
    assert RepairTask.objects.count() == 2


@pytest.mark.django_db
def test_a_corrected_inspection_closes_the_task_it_opened_by_mistake_and_failing_again_opens_it(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    uuid = uuids.uuid4()
    send(phone, failing(depot, checklist), uuid)
    assert send(phone, inspection_body(depot, checklist), uuid, if_match=1).status_code == 200
    task = RepairTask.objects.get()
    assert (task.state, task.closed_by) == ("cancelled", None)
    assert "고쳐" in task.resolution or "corrected" in task.resolution
    assert only_inspection().result == "passed"
    assert send(phone, failing(depot, checklist), uuid, if_match=2).status_code == 200
    task.refresh_from_db()
    assert (task.state, task.resolution, task.closed_at) == ("open", "", None)


@pytest.mark.django_db
def test_a_correction_comes_too_late_when_somebody_has_taken_the_repair_up(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    uuid = uuids.uuid4()
    send(phone, failing(depot, checklist), uuid)
    RepairTask.objects.update(state="in_work")
    answer = send(phone, inspection_body(depot, checklist), uuid, if_match=1)
    assert answer.status_code == 422
    assert only_inspection().result == "failed"
    assert RepairTask.objects.get().state == "in_work"
    assert services.statuses([only_inspection().pk])[only_inspection().pk]["is_final"]


@pytest.mark.django_db
def test_a_correction_of_an_older_inspection_than_the_latest_is_refused(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    uuid = uuids.uuid4()
    send(phone, inspection_body(depot, checklist), uuid)
    send(phone, inspection_body(depot, checklist))
    assert send(phone, failing(depot, checklist), uuid, if_match=1).status_code == 422
    assert not RepairTask.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answers": {}}, "answers.starts"),
        ({"answers": {**GOOD, "flow": "viel"}}, "answers.flow"),
        ({"answers": {"starts": "no", "hose": "yes"}}, "answers.starts"),
        ({"depot": None}, "depot"),
        ({"depot": 10**9}, "depot"),
        ({"checklist": 10**9}, "checklist"),
        ({"item_class": None}, "checklist"),
        ({"units": {"starts": -1}}, "units"),
        ({"units": {"starts": 1.5}}, "units"),
        ({"signature": [[[0, 2000]]]}, "signature"),
        ({"signature": [[[1, 1]] * 6000]}, "signature"),
        ({"signature": "x"}, "signature"),
        ({"inspected_at": "2026-01-01T00:00:00"}, "inspected_at"),
        ({"due_on": "13일"}, "due_on"),
        ({"note": "가" * 5001}, "note"),
        ({"schema": 9}, "schema"),
    ],
)
def test_what_cannot_be_an_inspection_is_refused_naming_its_field_and_kept_as_it_was_sent(
    phone: Phone, depot: Depot, checklist: Checklist, change: dict[str, Any], field: str
) -> None:
    answer = send(phone, inspection_body(depot, checklist, **change))
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["problems"]}
    assert not Inspection.objects.exists()
    assert OfflineRecord.objects.get().problems


@pytest.mark.django_db
def test_a_keeper_inspects_no_other_town_and_a_viewer_none(
    phone: Phone, territory: Territory, checklist: Checklist, viewer: User
) -> None:
    elsewhere = make_pump_depot("주천 창고", east=2500)
    assert elsewhere.area != territory.unbong
    assert send(phone, inspection_body(elsewhere, checklist)).status_code == 422
    here = make_pump_depot()
    assert send(Phone(viewer), inspection_body(here, checklist)).status_code == 422
    assert not Inspection.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [timedelta(), timedelta(days=3), timedelta(hours=-30)])
def test_the_day_is_the_one_in_korea_when_it_was_inspected_whatever_the_phones_clock_says(
    phone: Phone, depot: Depot, checklist: Checklist, ahead: timedelta
) -> None:
    late = datetime.combine(timezone.localdate() - timedelta(days=1), datetime.min.time(), SEOUL).replace(
        hour=23, minute=59
    )
    phone.ahead = ahead
    said = (late + ahead).astimezone(ZoneInfo("UTC"))
    send(phone, inspection_body(depot, checklist, inspected_at=said.isoformat()))
    assert only_inspection().inspected_on == timezone.localdate() - timedelta(days=1)


@pytest.mark.django_db
def test_the_pack_holds_the_keepers_own_towns_and_nothing_of_others(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    make_pump_depot("주천 창고", east=2500)
    own = make_checklist(None)
    schedule = make_schedule(depot, checklist.item_class, timezone.localdate())
    pack = phone.client.get("/inspect/pack/").json()
    assert [each["name"] for each in pack["depots"]] == [depot.name]
    assert pack["depots"][0]["stock"][0]["quantity"] == 4
    assert pack["in_force"] == {"depot": own.pk, str(checklist.item_class_id): checklist.pk}
    assert [each["schedule"] for each in pack["due"]] == [schedule.pk]
    assert pack["key"]["public_jwk"]


@pytest.mark.django_db
def test_a_pack_that_did_not_change_is_not_sent_again(phone: Phone, depot: Depot, checklist: Checklist) -> None:
    first = phone.client.get("/inspect/pack/")
    assert phone.client.get("/inspect/pack/", headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_who_looks_after_nothing_has_no_pack(viewer: User, client: Client) -> None:
    assert client.get("/inspect/pack/").status_code == 401
    client.force_login(viewer)
    assert client.get("/inspect/pack/").status_code == 403


@pytest.mark.django_db
def test_a_pack_asks_as_often_for_many_depots_as_for_one(
    keeper: User, depot: Depot, checklist: Checklist, settings: Any, tmp_path: Path
) -> None:
    settings.OFFLINE_KEY_FILE = tmp_path / "key.pem"
    pack_of(keeper)
    with CaptureQueriesContext(connection) as one:
        pack_of(keeper)
    for number in range(5):
        make_schedule(make_pump_depot(f"창고 {number}", east=400 + number), checklist.item_class, timezone.localdate())
    with CaptureQueriesContext(connection) as many:
        assert len(pack_of(keeper).body["depots"]) == 6
    assert len(many) == len(one)


def desk(depot: Depot, checklist: Checklist, **values: Any) -> tuple[str, dict[str, Any]]:
    address = f"/disaster/inspections/add/?depot={depot.pk}&item_class={checklist.item_class_id}"
    return address, {
        "q_starts": "yes", "q_flow": "400", "q_hose": "yes", "inspected_on": timezone.localdate().isoformat(),
        "name": "김관리", "token": str(uuids.uuid4()), **values,
    }  # fmt: skip


@pytest.mark.django_db
def test_an_inspection_on_paper_is_entered_at_the_desk_once(
    client: Client, keeper: User, depot: Depot, checklist: Checklist
) -> None:
    client.force_login(keeper)
    address, posted = desk(depot, checklist, q_starts="no", q_flow="", u_starts="1")
    page = client.get(address)
    assert page.status_code == 200
    assert "시동이 걸립니까?" in page.content.decode()
    for _attempt in range(2):
        assert client.post(address, posted).status_code == 302
    found = only_inspection()
    assert (found.result, found.signature) == ("failed", {"name": "김관리"})
    assert RepairTask.objects.get().quantity == 1
    shown = client.get(f"/records/inspections/{found.pk}/").content.decode()
    assert "시동이 걸립니까?" in shown
    assert "펌프 수리" in shown
    assert "김관리" in shown


@pytest.mark.django_db
def test_the_desks_form_names_what_is_missing_and_what_lies_ahead(
    client: Client, keeper: User, depot: Depot, checklist: Checklist
) -> None:
    client.force_login(keeper)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    address, posted = desk(depot, checklist, q_flow="", inspected_on=tomorrow)
    answer = client.post(address, posted)
    assert answer.status_code == 422
    address, posted = desk(depot, checklist, q_flow="")
    answer = client.post(address, posted)
    assert answer.status_code == 422
    assert answer.context["form"].errors["q_flow"]
    assert not Inspection.objects.exists()


@pytest.mark.django_db
def test_a_photo_comes_along_from_the_desk_and_a_text_file_is_refused(
    client: Client, keeper: User, depot: Depot, checklist: Checklist, settings: Any, tmp_path: Path
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    client.force_login(keeper)
    address, posted = desk(depot, checklist)
    wrong = client.post(address, {**posted, "photos": [SimpleUploadedFile("a.jpg", b"no photo")]})
    assert wrong.status_code == 422
    assert not Inspection.objects.exists()
    two = [SimpleUploadedFile(f"{number}.jpg", photo(number)) for number in (5, 6)]
    answer = client.post(address, {**posted, "photos": two})
    assert answer.status_code == 302, answer.context["form"].errors
    assert Attachment.objects.live().of("inspections", only_inspection().pk).count() == 2


@pytest.mark.django_db
def test_an_officer_corrects_at_the_desk_and_who_saw_an_older_version_is_told(
    client: Client, officer: User, phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    send(phone, failing(depot, checklist, signature=[[[1, 2]]]))
    found = only_inspection()
    client.force_login(officer)
    address = f"/disaster/inspections/{found.pk}/change/"
    posted = {**desk(depot, checklist, name="")[1], "version": str(found.version)}
    assert client.get(address).status_code == 200
    assert client.post(address, {**posted, "version": "99"}).status_code == 422
    assert client.post(address, posted).status_code == 302
    found.refresh_from_db()
    assert (found.result, found.inspected_by, found.signature) == ("passed", phone.user, [[[1, 2]]])
    assert RepairTask.objects.get().state == "cancelled"


@pytest.mark.django_db
def test_a_keeper_of_another_town_neither_enters_nor_corrects(
    client: Client, keeper: User, phone: Phone, checklist: Checklist, officer: User
) -> None:
    elsewhere = make_pump_depot("주천 창고", east=2500)
    send(Phone(officer), inspection_body(elsewhere, checklist))
    client.force_login(keeper)
    address, posted = desk(elsewhere, checklist)
    assert client.post(address, posted).status_code == 422
    assert client.get(f"/disaster/inspections/{only_inspection().pk}/change/").status_code == 403
    assert Inspection.objects.count() == 1
