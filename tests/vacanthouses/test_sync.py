"""What a phone sends arrives once, whole, with a receipt; what is refused is kept with its reason."""

import json
import uuid as uuids
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from gis_core.models import Attachment, Device, OfflineEntry, OfflineRecord, Reconciliation, User
from tests.factories import Territory, make_house, make_user, place
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from tests.vacanthouses.sync_support import Phone, at, photo, visit_body
from vacanthouses.models import Assignment, Owner, VacantHouse, Visit
from vacanthouses.services import reviews

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"


@pytest.fixture
def phone(surveyor: User, settings: Any, tmp_path: Path) -> Phone:
    settings.MEDIA_ROOT = tmp_path
    return Phone(surveyor)


@pytest.mark.django_db
def test_a_visit_with_two_photos_is_complete_when_both_have_come(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    assignment = assign(make_campaign(territory.namwon), [house], make_crew(territory.unbong, phone.user))[0]
    uuid = uuids.uuid4()
    answer = phone.put(visit_body(house, photo(1), photo(2), assignment=assignment.pk), uuid)
    assert answer.status_code == 201, answer.content.decode()
    assert answer.json()["state"] == "waiting"
    assert len(answer.json()["missing"]) == 2
    assert answer["ETag"] == '"1"'
    visit = Visit.objects.get(uuid=uuid)
    assert (visit.state, visit.house, visit.surveyor, visit.crew.name) == ("waiting", house, phone.user, "1반")
    assert phone.upload(photo(1)).status_code == 204
    assert phone.status(uuid).json()["state"] == "waiting"
    assert phone.upload(photo(2))["Upload-Complete"] == "?1"
    told = phone.status(uuid).json()
    assert (told["state"], told["missing"], told["target"]["state"]) == ("accepted", [], "submitted")
    assert Attachment.objects.live().of("visits", visit.pk).count() == 2
    assert Assignment.objects.get(pk=assignment.pk).done_at is not None


@pytest.mark.django_db
def test_photos_may_come_before_their_visit(phone: Phone, territory: Territory) -> None:
    phone.upload(photo(3))
    answer = phone.put(visit_body(make_house(place(500, 500)), photo(3)))
    assert answer.json()["state"] == "accepted"


@pytest.mark.django_db
def test_the_same_sending_again_gives_the_same_receipt_and_one_visit(phone: Phone, territory: Territory) -> None:
    sending = phone.sending(uuids.uuid4(), visit_body(make_house(place(500, 500))))
    first, again = phone.deliver(sending), phone.deliver(sending)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Visit.objects.count() == OfflineEntry.objects.count() == 1


@pytest.mark.django_db
def test_another_text_under_the_same_uuid_is_a_conflict_and_both_texts_are_kept(
    phone: Phone, territory: Territory
) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    phone.put(visit_body(house), uuid)
    answer = phone.put(visit_body(house, note="다른 내용"), uuid)
    assert answer.status_code == 409
    assert answer.json()["version"] == 1
    assert Visit.objects.get().note == ""
    assert [json.loads(entry.body)["note"] for entry in OfflineEntry.objects.order_by("pk")] == ["", "다른 내용"]


@pytest.mark.django_db
def test_an_edit_that_knows_the_version_is_taken(phone: Phone, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house)
    phone.put(body, uuid)
    answer = phone.put({**body, "note": "지붕 확인"}, uuid, if_match=1)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert Visit.objects.get().note == "지붕 확인"


@pytest.mark.django_db
def test_changes_of_different_answers_merge_and_of_the_same_clash(phone: Phone, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house, answers={"roof": "fair", "column": "good"})
    phone.put(body, uuid)
    tablet = Phone(phone.user)
    assert tablet.put({**body, "answers": {"roof": "bad", "column": "good"}}, uuid, if_match=1).status_code == 200
    merged = phone.put({**body, "answers": {"roof": "fair", "column": "poor", "power": "good"}}, uuid, if_match=1)
    assert (merged.status_code, merged.json()["merged"]) == (200, ["answers.roof"])
    assert Visit.objects.get().answers == {"roof": "bad", "column": "poor", "power": "good"}
    clash = phone.put({**body, "answers": {"roof": "poor", "column": "good"}}, uuid, if_match=1)
    assert clash.status_code == 412
    assert clash.json()["difference"]["answers.roof"] == {"base": "fair", "current": "bad", "yours": "poor"}
    assert Visit.objects.get().answers["roof"] == "bad"


@pytest.mark.django_db
def test_a_phone_does_not_undo_what_the_office_corrected(phone: Phone, manager: User, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house, answers={"roof": "fair", "column": "good"})
    phone.put(body, uuid)
    visit = Visit.objects.get()
    reviews.correct(visit, manager, visit.version, {"roof": "bad"})
    answer = phone.put({**body, "note": "사진 다시 찍음"}, uuid, if_match=1)
    assert answer.status_code == 200, answer.content.decode()
    visit.refresh_from_db()
    assert (visit.answers["roof"], visit.note) == ("bad", "사진 다시 찍음")


@pytest.mark.django_db
def test_a_rejected_record_is_kept_with_its_reason_and_can_be_corrected(phone: Phone, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    refused = phone.put(visit_body(house, outcome="no_entry"), uuid)
    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.json()["problems"]] == ["reason"]
    kept = OfflineRecord.objects.get()
    assert (kept.state, json.loads(kept.body)["outcome"]) == ("rejected", "no_entry")
    assert not Visit.objects.exists()
    assert phone.put(visit_body(house, outcome="no_entry", reason="대문이 잠겨 있음"), uuid).status_code == 201
    assert OfflineRecord.objects.get().state == "accepted"


@pytest.mark.django_db
def test_a_rejected_record_holds_up_nobody(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    statuses = [
        phone.put(body).status_code for body in (visit_body(house, step="dancing"), visit_body(house), "{not json")
    ]
    assert statuses == [422, 201, 422]
    assert phone.sequence == Device.objects.get().sequence == 3


@pytest.mark.django_db
def test_two_crews_at_one_house_are_both_kept(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    other = Phone(make_user("other", ("surveyor", territory.unbong)))
    campaign = make_campaign(territory.namwon)
    assignment = assign(campaign, [house], make_crew(territory.unbong, phone.user))[0]
    assert phone.put(visit_body(house, assignment=assignment.pk)).status_code == 201
    assert other.put(visit_body(house, assignment=assignment.pk)).status_code == 201
    assert Visit.objects.filter(house=house, campaign=campaign).count() == 2


@pytest.mark.django_db
def test_nobody_surveys_outside_their_town_and_is_told_so(phone: Phone, territory: Territory) -> None:
    refused = phone.put(visit_body(make_house(place(2500, 500))))
    assert refused.status_code == 422
    assert "밖" in refused.json()["problems"][0]["message"]


@pytest.mark.django_db
def test_a_house_found_on_the_way_becomes_a_suspected_house(phone: Phone, territory: Territory) -> None:
    from tests.browser.support import degrees

    lon, lat = degrees(place(700, 700))
    uuid = uuids.uuid4()
    body = visit_body(None, new_house={"lon": lon, "lat": lat, "address": "서천리 뒷골", "pnu": None})
    assert phone.put(body, uuid).status_code == 201
    house = VacantHouse.objects.get()
    assert (house.address, house.status, house.area) == ("서천리 뒷골", "candidate", territory.unbong)
    assert phone.put({**body, "note": "x"}, uuid, if_match=1).status_code == 200
    assert VacantHouse.objects.count() == 1
    wrong = {"lon": lon, "lat": lat, "address": "", "pnu": "1"}
    assert phone.put(visit_body(None, new_house=wrong)).json()["problems"][0]["field"] == "new_house.pnu"


@pytest.mark.django_db
def test_a_phone_whose_clock_is_a_year_off_is_put_right(phone: Phone, territory: Territory) -> None:
    phone.ahead = timedelta(days=365)
    later = timezone.localtime() + phone.ahead
    answer = phone.put(visit_body(make_house(place(500, 500)), visited_at=later.isoformat()))
    visit = Visit.objects.get()
    assert abs((visit.visited_at - timezone.now()).total_seconds()) < 60
    assert abs((visit.device_time - later).total_seconds()) < 1
    assert abs(answer.json()["clock_skew_s"] - 365 * 86400) < 60


@pytest.mark.django_db
def test_what_was_heard_of_the_owner_is_kept_encrypted_and_not_among_the_answers(
    phone: Phone, territory: Territory, django_assert_num_queries: Any
) -> None:
    answers = {"roof": "fair", "owner_name": "김주인", "owner_phone": "010-0000-1234", "owner_reuse_consent": "yes"}
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house, answers=answers)
    phone.put(body, uuid)
    owner = Owner.objects.get()
    assert (owner.name, owner.phone, owner.reuse_consent_on) == ("김주인", "010-0000-1234", timezone.localdate())
    assert Visit.objects.get().answers == {"roof": "fair"}
    assert phone.put({**body, "note": "다시"}, uuid, if_match=1).status_code == 200
    assert Owner.objects.count() == 1
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM gis_core_offlinerecord UNION ALL SELECT name FROM vacanthouses_owner")
        assert not [row for (row,) in cursor.fetchall() if "김주인" in row or "owner_name" in row]


@pytest.mark.django_db
def test_a_decided_visit_can_no_longer_be_changed_but_the_attempt_is_kept(
    phone: Phone, manager: User, territory: Territory
) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house)
    phone.put(body, uuid)
    visit = Visit.objects.get()
    reviews.accept(visit, manager, visit.version)
    refused = phone.put({**body, "note": "늦음"}, uuid, if_match=1)
    assert refused.status_code == 422
    assert OfflineEntry.objects.filter(status=422).count() == 1
    assert OfflineRecord.objects.get().state == "accepted"


@pytest.mark.django_db
def test_a_returned_visit_comes_back_with_the_comment_and_can_be_sent_again(
    phone: Phone, manager: User, territory: Territory
) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    body = visit_body(house)
    phone.put(body, uuid)
    visit = Visit.objects.get()
    reviews.send_back(visit, manager, visit.version, "지붕 사진이 없습니다")
    assert phone.status(uuid).json()["target"]["comment"] == "지붕 사진이 없습니다"
    assert phone.put({**body, "note": "지붕 사진 추가"}, uuid, if_match=1).status_code == 200
    visit.refresh_from_db()
    assert visit.state == "submitted"


@pytest.mark.django_db
def test_somebody_elses_record_device_or_number_is_refused(phone: Phone, territory: Territory) -> None:
    house, uuid = make_house(place(500, 500)), uuids.uuid4()
    sending = phone.sending(uuid, visit_body(house))
    phone.deliver(sending)
    other = Phone(make_user("other", ("surveyor", territory.unbong)))
    assert other.put(visit_body(house), uuid).json()["code"] == "not_your_record"
    other.device = phone.device
    assert other.put(visit_body(house)).json()["code"] == "not_your_device"
    reused = {**phone.sending(uuids.uuid4(), visit_body(house)), "sequence": 1}
    assert phone.deliver(reused).json()["code"] == "sequence_reused"
    assert phone.client.get("/api/survey/records/visits/" + str(uuids.uuid4())).status_code == 404
    phone.client.logout()
    assert phone.put(visit_body(house)).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Digest", "sha-256=:AAAA:"), ("Dongne-Device", "mine"), ("Dongne-Sequence", "0"),
        ("Dongne-Sequence", "x"), ("Dongne-Previous", "zz"), ("Dongne-Time", "yesterday"), ("If-Match", '"one"'),
    ],
)  # fmt: skip
def test_a_broken_envelope_is_named_and_nothing_is_kept(
    phone: Phone, territory: Territory, header: str, value: str
) -> None:
    refused = phone.deliver(phone.sending(uuids.uuid4(), visit_body(make_house())), **{header: value})
    assert (refused.status_code, refused.json()["parameter"]) == (400, header)
    assert not OfflineRecord.objects.exists()


@pytest.mark.django_db
def test_a_file_goes_on_where_it_stopped(phone: Phone, territory: Territory) -> None:
    data = photo(9) + b"\0" * 2000
    assert phone.head(data).status_code == 404
    assert phone.piece(data, 0, 100)["Upload-Offset"] == "100"
    wrong = phone.piece(data, 50, 150)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "100")
    assert phone.head(data)["Upload-Offset"] == "100"
    done = phone.piece(data, 100)
    assert (done.status_code, done["Upload-Complete"]) == (204, "?1")
    assert phone.piece(data, 0, 100).status_code == 204, "a repeated piece of a whole file is no harm"


@pytest.mark.django_db
def test_a_file_that_arrived_wrong_begins_again_and_one_too_large_is_refused_by_its_length(
    phone: Phone, territory: Territory
) -> None:
    data = photo(10)
    assert phone.piece(b"x" * len(data), 0, sha256=__import__("hashlib").sha256(data).hexdigest()).status_code == 422
    assert phone.head(data)["Upload-Offset"] == "0"
    assert phone.upload(data).status_code == 204
    assert phone.piece(b"abc", 0, size=3_000_000_000).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", photo(1)[:60], b"no picture at all" * 9], ids=["empty", "truncated", "text"])
def test_a_photo_that_is_none_is_told_and_the_visit_waits(phone: Phone, territory: Territory, data: bytes) -> None:
    uuid = uuids.uuid4()
    phone.put(visit_body(make_house(place(500, 500)), data), uuid)
    phone.upload(data)
    told = phone.status(uuid).json()
    assert told["state"] == "waiting"
    assert told["damaged"][0]["reason"]
    assert Visit.objects.get().state == "waiting"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Portrait_0.jpg", "Landscape_3.jpg", "Landscape_6.jpg", "Portrait_8.jpg"])
def test_real_photos_of_every_orientation_are_taken(phone: Phone, territory: Territory, name: str) -> None:
    if not PHOTOS.exists():
        pytest.skip("the sample photos are not here")
    data = (PHOTOS / name).read_bytes()
    answer = phone.put(visit_body(make_house(place(500, 500)), data))
    phone.upload(data)
    assert phone.status(uuids.UUID(answer.json()["uuid"])).json()["state"] == "accepted"


@pytest.mark.django_db
def test_device_and_server_compare_what_they_have(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    sent = {}
    for _number in range(3):
        sending = phone.sending(uuids.uuid4(), visit_body(house))
        phone.deliver(sending)
        sent[sending["uuid"]] = sending["sha256"]
    told = phone.reconcile(sent).json()
    assert (told["agrees"], told["device_count"], told["server_count"], told["chain_agrees"]) == (True, 3, 3, True)
    lost = phone.sending(uuids.uuid4(), visit_body(house))
    told = phone.reconcile({**sent, lost["uuid"]: lost["sha256"]}, unsent=2, oldest_unsent_at=1_790_000_000_000).json()
    assert (told["agrees"], told["missing"], told["chain_agrees"]) == (False, [str(lost["uuid"])], False)
    assert Reconciliation.objects.count() == 2
    assert Device.objects.get().unsent == 2
    assert phone.client.post("/api/survey/reconcile", "[]", content_type="application/json").status_code == 400


@pytest.mark.django_db
def test_receipts_can_be_asked_for_again(phone: Phone, territory: Territory) -> None:
    house = make_house(place(500, 500))
    phone.put(visit_body(house))
    phone.put(visit_body(house, outcome="dancing"))
    told = phone.client.get(f"/api/survey/receipts?device={phone.device}&after=0").json()["receipts"]
    assert [(each["sequence"], each["status"]) for each in told] == [(1, 201), (2, 422)]
    assert at(told[0]["received_at"]) <= timezone.now()


@pytest.mark.django_db
def test_a_round_of_another_area_is_none_but_the_visit_is_taken(phone: Phone, territory: Territory) -> None:
    elsewhere = make_campaign(territory.sunchang)
    assert phone.put(visit_body(make_house(place(500, 500)), campaign=elsewhere.pk)).status_code == 201
    assert Visit.objects.get().campaign is None
