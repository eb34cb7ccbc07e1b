"""The review queue's, the grade's and the blind re-survey's pages: who gets in, what they say, what they keep."""

from typing import Any

import pytest

from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.campaign_support import make_crew
from tests.vacanthouses.review_support import FAIR, load_table, make_round, make_visit
from vacanthouses.models import BlindPair, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(surveyor: User) -> Visit:
    load_table()
    return make_visit(surveyor)


def decide(user: User, visit: Visit, **sent: Any) -> Any:
    values = {"version": visit.version, **sent}
    return signed_in(user).post(f"/survey/visits/{visit.pk}/review/", values)


def test_managers_see_the_queue_and_the_look_is_noted_and_others_are_refused(
    manager: User, surveyor: User, visit: Visit
) -> None:
    told = text(signed_in(manager).get("/survey/review/"))
    assert "1 visit waits." in told
    assert visit.house.address in told
    looks = PersonalDataAccess.objects.filter(user=manager, layer="vacant-houses")
    assert looks.filter(action="review", record_id=visit.house_id).exists()
    assert signed_in(surveyor).get("/survey/review/").status_code == 403
    assert "Sign in" in text(signed_in(None).get("/survey/review/", follow=True))


def test_visits_and_rounds_of_other_areas_are_not_there_and_own_visits_are_refused(territory: Territory) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.jucheon))
    elsewhere, own = make_visit(make_user("one")), make_visit(local, make_house(place(2500, 500)))
    client = signed_in(local)
    assert client.get(f"/survey/visits/{elsewhere.pk}/review/").status_code == 404
    assert client.get(f"/survey/campaigns/{make_round(territory.unbong).pk}/review/").status_code == 404
    assert decide(local, own, decision="accept").status_code == 403
    assert "Nothing waits for you." in text(client.get("/survey/review/"))


def test_accepting_goes_on_to_the_next_and_sent_twice_says_that_it_was_decided(
    manager: User, surveyor: User, visit: Visit
) -> None:
    following = make_visit(surveyor)
    page = signed_in(manager).get("/survey/review/")
    sent = {"decision": "accept", "version": inputs(page)["version"][0]}
    done = signed_in(manager).post(f"/survey/visits/{visit.pk}/review/", sent)
    assert done["Location"] == f"/survey/review/?visit={following.pk}"
    again = signed_in(manager).post(f"/survey/visits/{visit.pk}/review/", sent)
    assert again.status_code == 409
    assert "This was decided already: Accepted." in text(again)
    assert visit.reviews.count() == 1


def test_a_second_manager_reads_who_decided_and_their_comment_is_kept(manager: User, visit: Visit) -> None:
    other = make_user("other", (Role.SURVEY_MANAGER, None))
    decide(manager, visit, decision="accept")
    told = decide(other, visit, decision="return", comment="지붕 사진이 없음")
    assert told.status_code == 409
    assert "manager decided meanwhile: Accepted." in text(told)


def test_returning_without_a_comment_asks_for_one(manager: User, visit: Visit) -> None:
    told = decide(manager, visit, decision="return", comment=" ")
    assert told.status_code == 422
    assert "Say what is to be done." in text(told)


def test_a_correction_changes_only_what_was_changed(manager: User, visit: Visit) -> None:
    sent = {f"answer.{name}": value for name, value in FAIR.items()} | {"answer.roof": "bad", "answer.water": ""}
    assert decide(manager, visit, decision="edit", comment="사진 확인", **sent).status_code == 302
    assert visit.reviews.get().changes == {"roof": ["fair", "bad"], "water": ["fair", None]}
    assert "roof: fair → bad" in text(signed_in(manager).get(f"/survey/visits/{visit.pk}/review/"))


def test_a_wrong_correction_is_told_by_question_with_what_was_typed_still_there(manager: User, surveyor: User) -> None:
    visit = make_visit(surveyor, form=load_table("form-field"), answers={"looks": "fair", "danger": ["fire"]})
    sent = {"answer.looks": "fair", "answer.danger": ["falling", "rain"], "answer.danger_note": "처마 밑"}
    told = decide(manager, visit, decision="edit", **sent)
    assert told.status_code == 422
    assert "“rain” is not one of the choices." in text(told)
    assert "처마 밑</textarea>" in told.content.decode()
    assert decide(manager, visit, decision="edit", **{**sent, "answer.danger": ["falling"]}).status_code == 302
    visit.refresh_from_db()
    assert visit.answers == {"looks": "fair", "danger": ["falling"], "danger_note": "처마 밑"}
    decide(manager, visit, decision="edit", **{"answer.danger.asked": "1"})
    visit.refresh_from_db()
    assert visit.answers == {"looks": "fair"}


def test_a_text_of_several_lines_that_nobody_touched_is_no_correction(manager: User, surveyor: User) -> None:
    table = load_table("form-preliminary")
    visit = make_visit(surveyor, form=table, answers={"registered_use": "주택\n창고", "household": "no"})
    decide(manager, visit, decision="edit", **{"answer.registered_use": "주택\r\n창고", "answer.household": "yes"})
    assert visit.reviews.get().changes == {"household": ["no", "yes"]}


def test_the_queue_asks_no_more_queries_for_many_visits(
    manager: User, surveyor: User, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    for _n in range(30):
        make_visit(surveyor)
    client = signed_in(manager)
    client.get("/survey/review/")
    with django_assert_max_num_queries(32):
        client.get("/survey/review/")


def test_the_grade_page_tells_each_items_effect_and_takes_another_grade_with_a_reason(
    manager: User, visit: Visit
) -> None:
    visit.answers = {**FAIR, "roof": "bad", "heating": "unknown"}
    visit.save()
    visit.refresh_from_db()
    decide(manager, visit, decision="accept")
    url = f"/survey/houses/{visit.house_id}/grade/"
    page = signed_in(manager).get(url)
    assert "Roof fallen in or about to: at least Specific vacant house (rural)" in text(page)
    assert "Heating Inner facilities Unknown – – –" in text(page)
    sent = {**inputs(page), "grade": "ordinary", "reason": ""}
    assert signed_in(manager).post(url, sent).status_code == 422
    assert signed_in(manager).post(url, {**sent, "reason": "지붕을 고침"}).status_code == 302
    visit.house.refresh_from_db()
    assert visit.house.grade == "ordinary"
    assert signed_in(manager).post(url, {**sent, "reason": "또"}).status_code == 409
    assert "Changed by manager: 지붕을 고침" in text(signed_in(manager).get(url))


def test_a_sample_is_drawn_from_the_page_and_told_why_not(manager: User, surveyor: User, territory: Territory) -> None:
    campaign = make_round(territory.namwon)
    for _n in range(3):
        make_visit(surveyor, make_house(), campaign=campaign)
    own = make_crew(territory.unbong, surveyor, name="1조")
    other = make_crew(territory.unbong, make_user("second", (Role.SURVEYOR, territory.unbong)), name="2조")
    url = f"/survey/campaigns/{campaign.pk}/blind/"
    refused = signed_in(manager).post(url, {"percent": "100", "seed": "1", "crews": [own.pk]})
    assert refused.status_code == 422
    assert "No crew is left for" in text(refused)
    assert signed_in(manager).post(url, {"percent": "100", "seed": "1", "crews": [own.pk, other.pk]}).status_code == 302
    assert BlindPair.objects.count() == 3
    assert "3 houses drawn, 0 visited a second time." in text(signed_in(manager).get(url))
