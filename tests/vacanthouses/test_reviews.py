"""Decisions about visits: what they make of the house, who may not decide, and two managers at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from gis_core.editing import Conflict, Invalid, NotAllowed
from gis_core.models import Role, User
from tests.factories import Territory, geos, make_house, make_user, place
from tests.vacanthouses.review_support import FAIR, load_table, make_photo, make_round, make_visit
from vacanthouses.models import Grading, Review, RuleTable, Visit
from vacanthouses.querysets_reviews import queue
from vacanthouses.services import grading as gradings
from vacanthouses.services import review_facts, reviews

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_accepting_confirms_and_grades_the_house_and_its_history_says_who(manager: User, surveyor: User) -> None:
    table = load_table()
    visit = make_visit(surveyor, answers={**FAIR, "roof": "bad"})
    grading = reviews.accept(visit, manager, visit.version)
    house = visit.house
    house.refresh_from_db()
    visit.refresh_from_db()
    assert grading is not None
    assert (visit.state, house.status, house.grade) == ("accepted", "confirmed", "specific")
    assert (grading.table, grading.computed, grading.is_current) == (table, "specific", True)
    assert sum(line.get("effect") or 0 for line in grading.items) == pytest.approx(grading.score)
    assert house.updated_by == manager
    assert house.events.filter(grade="none", status="confirmed").exists()


@pytest.mark.parametrize(
    ("outcome", "status"), [("not_vacant", "not_vacant"), ("gone", "demolished"), ("no_entry", "candidate")]
)
def test_what_was_found_decides_the_status_and_without_a_survey_there_is_no_grade(
    manager: User, surveyor: User, outcome: str, status: str
) -> None:
    load_table()
    visit = make_visit(surveyor, outcome=outcome)
    assert reviews.accept(visit, manager, visit.version) is None
    visit.house.refresh_from_db()
    assert (visit.house.status, visit.house.grade) == (status, "none")


def test_the_table_of_the_regime_and_of_the_day_of_the_visit_grades(manager: User, surveyor: User) -> None:
    for key in ("grading-rural", "grading-three", "grading-four"):
        load_table(key)
    house = make_house(place(900, 900), regime="urban")
    old = timezone.now().replace(year=2023, month=10, day=17, hour=3)
    worst = dict.fromkeys(FAIR, "bad")
    first = make_visit(surveyor, house, answers=worst, visited_at=old)
    graded = reviews.accept(first, manager, first.version)
    assert graded is not None
    assert (graded.table.key, graded.grade) == ("grading-four", "4")
    again = make_visit(surveyor, house, answers=worst, step="grading", visited_at=old + timedelta(days=1))
    graded = reviews.accept(again, manager, again.version)
    assert graded is not None
    assert (graded.table.key, graded.grade) == ("grading-three", "3")
    assert [each.is_current for each in house.gradings.order_by("pk")] == [False, True]


def test_nobody_finds_or_decides_their_own_visit(territory: Territory, surveyor: User) -> None:
    both = make_user("both", (Role.SURVEY_MANAGER, None), (Role.SURVEYOR, None))
    own, other = make_visit(both), make_visit(surveyor)
    assert list(queue(both)) == [other]
    for decide in (
        lambda: reviews.accept(own, both, own.version),
        lambda: reviews.send_back(own, both, own.version, "다시"),
        lambda: reviews.correct(own, both, own.version, {"roof": "good"}),
    ):
        with pytest.raises(NotAllowed):
            decide()
    own.refresh_from_db()
    assert (own.state, own.answers) == ("submitted", FAIR)
    assert not Review.objects.exists()


def test_nor_may_their_own_visit_be_set_aside_for_another(territory: Territory, surveyor: User) -> None:
    both = make_user("both", (Role.SURVEY_MANAGER, None))
    house = make_house()
    own, other = make_visit(both, house), make_visit(surveyor, house)
    with pytest.raises(NotAllowed):
        reviews.accept(other, both, other.version, instead_of=[own.pk])
    assert not Visit.objects.exclude(state="submitted").exists()


def test_the_queue_is_of_ones_own_areas_and_begins_with_the_oldest(territory: Territory, surveyor: User) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.unbong))
    now = timezone.now()
    late, early = make_visit(surveyor, received_at=now), make_visit(surveyor, received_at=now - timedelta(days=3))
    far = make_visit(surveyor, make_house(place(2500, 500)))
    assert list(queue(local)) == [early, late]
    with pytest.raises(NotAllowed):
        reviews.accept(far, local, far.version)


def test_the_second_of_two_managers_is_told_and_changes_nothing(manager: User, surveyor: User) -> None:
    other = make_user("other", (Role.SURVEY_MANAGER, None))
    visit = make_visit(surveyor)
    seen = visit.version
    reviews.accept(visit, manager, seen)
    with pytest.raises(Conflict):
        reviews.send_back(visit, other, seen, "사진이 없음")
    assert [review.reviewer for review in visit.reviews.all()] == [manager]


def test_returning_needs_a_comment_and_opens_the_assignment_again(manager: User, surveyor: User) -> None:
    visit = make_visit(surveyor)
    with pytest.raises(Invalid):
        reviews.send_back(visit, manager, visit.version, "  ")
    reviews.send_back(visit, manager, visit.version, "지붕 사진을 다시 찍어 주세요.")
    visit.refresh_from_db()
    assert visit.state == "returned"
    assert visit.house.status == "candidate"


def test_a_correction_keeps_what_the_answer_was_and_the_visit_still_waits(manager: User, surveyor: User) -> None:
    visit = make_visit(surveyor)
    reviews.correct(visit, manager, visit.version, {"roof": "bad", "water": None, "power": "fair"}, "사진 확인")
    visit.refresh_from_db()
    assert visit.state == "submitted"
    assert visit.answers["roof"] == "bad"
    assert "water" not in visit.answers
    assert visit.reviews.get().changes == {"roof": ["fair", "bad"], "water": ["fair", None]}
    assert visit.events.order_by("pgh_id").first().answers["roof"] == "fair"


def field_form() -> RuleTable:
    def question(name: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "type": kind, "title": {"ko": name, "en": name.capitalize()}, **more}

    options = [{"value": value, "title": {"ko": value, "en": value.capitalize()}} for value in ("good", "bad")]
    asked = [
        question("roof", "single", options=options),
        question("rooms", "number", low=1, high=20),
        question("damage", "text", relevant={"question": "roof", "is": "bad"}),
        question("photo_front", "photo"),
        question("owner_name", "text"),
    ]
    return load_table("form-field", body={"sections": [{"title": {"ko": "집", "en": "House"}, "questions": asked}]})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"roof": "gone"}, "“Roof”: “gone” is not one of the choices."),
        ({"roof": ["bad"]}, "“Roof”: “['bad']” is not one of the choices."),
        ({"rooms": 21}, "“Rooms” lies outside what is possible."),
        ({"rooms": "many"}, "“Rooms”: “many” is no number."),
        ({"colour": "red"}, "The form has no question “colour”."),
        ({"photo_front": "x"}, "The form has no question “photo_front”."),
        ({"owner_name": "김소유"}, "The form has no question “owner_name”."),
        ({"damage": "기와"}, "“Damage” is not asked with these answers."),
    ],
)
def test_a_correction_that_the_form_would_not_take_is_refused_in_words_and_nothing_is_changed(
    manager: User, surveyor: User, change: dict[str, Any], told: str
) -> None:
    visit = make_visit(surveyor, form=field_form(), answers={"roof": "good", "rooms": 3})
    with translation.override("en"), pytest.raises(Invalid) as refused:
        reviews.correct(visit, manager, visit.version, {"rooms": 4, **change})
    assert [text for texts in refused.value.errors.values() for text in texts] == [told]
    visit.refresh_from_db()
    assert visit.answers == {"roof": "good", "rooms": 3}
    assert not visit.reviews.exists()


def test_answers_that_no_longer_matter_go_with_the_correction_and_are_kept_in_the_review(
    manager: User, surveyor: User
) -> None:
    former = {"roof": "bad", "damage": "기와", "from_before": "yes"}
    visit = make_visit(surveyor, form=field_form(), answers=former)
    review = reviews.correct(visit, manager, visit.version, {"roof": "good"})
    assert visit.answers == {"roof": "good", "from_before": "yes"}
    assert review is not None
    assert review.changes == {"roof": ["bad", "good"], "damage": ["기와", None]}


def test_of_two_visits_to_a_house_one_is_chosen_and_both_are_kept(manager: User, surveyor: User) -> None:
    load_table()
    house = make_house()
    one, other = make_visit(surveyor, house), make_visit(make_user("second"), house, outcome="not_vacant")
    with pytest.raises(Invalid):
        reviews.accept(one, manager, one.version)
    reviews.accept(one, manager, one.version, instead_of=[other.pk])
    other.refresh_from_db()
    house.refresh_from_db()
    assert (other.state, house.status) == ("set_aside", "confirmed")
    assert other.reviews.get().decision == "set_aside"


def test_another_grade_needs_a_reason_and_the_tables_own_takes_it_back(manager: User, surveyor: User) -> None:
    load_table()
    visit = make_visit(surveyor)
    grading = reviews.accept(visit, manager, visit.version)
    assert grading is not None
    grading.refresh_from_db()
    with pytest.raises(Invalid):
        gradings.override(grading, manager, "specific", " ", grading.version)
    with pytest.raises(Invalid):
        gradings.override(grading, manager, "4", "3등급제에 없음", grading.version)
    changed = gradings.override(grading, manager, "specific", "이웃 민원이 잦음", grading.version)
    visit.house.refresh_from_db()
    assert (changed.computed, changed.grade, visit.house.grade) == ("ordinary", "specific", "specific")
    with pytest.raises(Conflict):
        gradings.override(grading, manager, "ordinary", "", grading.version)
    back = gradings.override(changed, manager, "ordinary", "이제 괜찮음", changed.version)
    assert back.override_reason == ""


def test_a_changed_table_moves_houses_only_on_confirmation_and_leaves_what_people_gave(
    manager: User, surveyor: User
) -> None:
    load_table()
    visits = [make_visit(surveyor, answers=dict.fromkeys(FAIR, answer)) for answer in ("good", "fair", "fair")]
    made = [reviews.accept(visit, manager, visit.version) for visit in visits]
    assert made[2] is not None
    made[2].refresh_from_db()
    gradings.override(made[2], manager, "specific", "붕괴 위험", made[2].version)
    stricter = load_table(is_active=False, effective_from=visits[0].visited_at.date() - timedelta(days=1))
    stricter.body["cutoffs"]["specific"] = 30
    stricter.save()
    stricter.refresh_from_db()
    found = gradings.preview(stricter)
    assert [(move.grading.house, move.before, move.after) for move in found.moves] == [
        (visits[1].house, "ordinary", "specific")
    ]
    assert [move.grading.house for move in found.kept] == [visits[2].house]
    assert found.looked_at == 3
    assert Grading.objects.count() == 3
    with pytest.raises(Invalid):
        gradings.put_in_force(stricter, manager, "what was never shown")
    assert gradings.put_in_force(stricter, manager, found.digest) == 1
    visits[1].house.refresh_from_db()
    assert visits[1].house.grade == "specific"
    assert visits[1].house.gradings.get(is_current=True).table == stricter
    assert gradings.preview(stricter).moves == []


def test_photos_are_told_by_distance_and_by_where_else_they_are(manager: User, surveyor: User) -> None:
    load_table()
    visit = make_visit(surveyor)
    other = make_visit(surveyor, visited_at=visit.visited_at - timedelta(days=3))
    make_photo(visit, 40)
    make_photo(visit, 90, geos(place(1000, 1300)))
    make_photo(other, 40)
    photos = review_facts.photos_of(visit, manager)
    told = {(flag.code, flag.params.get("metres")) for flag in review_facts.flags_of(visit, photos)}
    assert told == {("photo_far", 300), ("photo_reused", None)}
    assert str(other) in [where for each in photos for where in each.photo.elsewhere]


def test_a_photo_in_a_town_of_others_is_told_without_its_address(territory: Territory, surveyor: User) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.unbong))
    visit, far = make_visit(surveyor), make_visit(surveyor, make_house(place(2500, 500)))
    for each in (visit, far):
        make_photo(each, 77)
    (photo,) = review_facts.photos_of(visit, local)
    assert photo.photo.elsewhere != ()
    assert far.house.address not in photo.photo.elsewhere[0]


def test_a_round_has_its_own_queue(manager: User, surveyor: User, territory: Territory) -> None:
    campaign = make_round(territory.namwon)
    inside, _outside = make_visit(surveyor, campaign=campaign), make_visit(surveyor)
    assert list(queue(manager, campaign)) == [inside]
