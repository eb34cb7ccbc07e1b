"""Labels: one for each thing however often it is printed, read back from the paper, revoked and renewed."""

import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster.label_papers import A4, PAPERS, laid_out
from disaster.models import CountSession, Depot, Item, Label, Lot
from disaster.services import labels as services
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_pump_class, make_pump_depot
from tests.factories import Territory, make_user

ADDRESS = re.compile(r"http://[^/]+/inspect/l/([A-Za-z0-9_-]{22})")


def decoded(document: bytes) -> list[list[str]]:
    """The texts of all codes, page by page."""
    pages = pypdfium2.PdfDocument(BytesIO(document))
    return [[each.text for each in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())] for page in pages]


@given(st.sampled_from(sorted(PAPERS)), st.integers(1, 65), st.integers(1, 150))
def test_every_label_lies_on_the_sheet_and_none_on_another(paper_id: str, start: int, number: int) -> None:
    paper = PAPERS[paper_id]
    start = min(start, paper.labels)
    pages = list(laid_out(range(number), paper, start))
    assert [thing for page in pages for thing, _x, _y in page] == list(range(number))
    assert len(pages) == -(-(number + start - 1) // paper.labels)
    for page in pages:
        places = [(x, y) for _thing, x, y in page]
        assert len(set(places)) == len(places)
        assert all(x >= 0 and x + paper.width <= A4[0] + 0.01 for x, _y in places)
        assert all(y >= 0 and y + paper.height <= A4[1] + 0.01 for _x, y in places)


def test_the_printed_columns_do_not_overlap() -> None:
    for paper in PAPERS.values():
        assert paper.left + paper.columns * paper.width + (paper.columns - 1) * paper.gap <= A4[0] + 0.01
        assert paper.top + paper.rows * paper.height <= A4[1] + 0.01


def test_a_sheet_has_no_label_after_its_last() -> None:
    with pytest.raises(ValueError, match="25"):
        list(laid_out([1], PAPERS["24"], 25))


@pytest.fixture
def keeper(territory: Territory) -> User:
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))


@pytest.fixture
def depot(territory: Territory) -> Depot:
    return make_pump_depot("운봉읍 수방자재 창고")


@pytest.mark.django_db
@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_each_paper_prints_codes_that_a_reader_reads_back(
    client: Client, keeper: User, depot: Depot, paper: str
) -> None:
    client.force_login(keeper)
    pumps = make_pump_class()
    wanted = [str(depot.pk), f"{depot.pk}.{pumps.pk}"]
    answer = client.post("/disaster/labels/", {"t": wanted, "paper": paper, "start": 3})
    assert answer["Content-Type"] == "application/pdf"
    (texts,) = decoded(answer.content)
    tokens = {ADDRESS.fullmatch(text)[1] for text in texts}  # type: ignore[index]
    assert tokens == set(Label.objects.values_list("token", flat=True))
    assert len(tokens) == 2


@pytest.mark.django_db
def test_printing_again_gives_the_same_codes(client: Client, keeper: User, depot: Depot) -> None:
    client.force_login(keeper)
    posted = {"t": [str(depot.pk)], "paper": "21", "start": 1}
    first, again = (decoded(client.post("/disaster/labels/", posted).content) for _attempt in range(2))
    assert first == again
    assert Label.objects.count() == 1


@pytest.mark.django_db
def test_all_that_the_page_shows_is_printed_at_once_and_nothing_of_other_depots(
    client: Client, keeper: User, depot: Depot
) -> None:
    make_pump_depot("운봉 제2창고")
    client.force_login(keeper)
    shown = client.get(f"/disaster/labels/?depot={depot.pk}").context["rows"]
    answer = client.post(f"/disaster/labels/?depot={depot.pk}", {"all": "1", "paper": "21", "start": 1})
    (texts,) = decoded(answer.content)
    assert len(texts) == sum(len(row["boxes"]) for row in shown) > 1
    assert {label.depot for label in Label.objects.all()} == {depot}


@pytest.mark.django_db
def test_more_labels_than_a_sheet_has_go_on_with_the_next(keeper: User, client: Client, depot: Depot) -> None:
    pump = Item.objects.get(name="수중펌프")
    lots = [Lot.objects.create(item=pump, code=f"P-{number}") for number in range(12)]
    client.force_login(keeper)
    wanted = [f"{depot.pk}.{pump.item_class_id}.{lot.pk}" for lot in lots]
    pages = decoded(client.post("/disaster/labels/", {"t": wanted, "paper": "10", "start": 1}).content)
    assert [len(page) for page in pages] == [10, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "posted",
    [
        {"t": [], "paper": "21", "start": 1},
        {"t": ["x"], "paper": "21", "start": 1},
        {"t": ["999999"], "paper": "21", "start": 1},
        {"t": ["{depot}"], "paper": "21", "start": 22},
        {"t": ["{depot}"], "paper": "21", "start": 0},
        {"t": ["{depot}"], "paper": "22", "start": 1},
        {"t": ["{depot}.999999"], "paper": "21", "start": 1},
    ],
)
def test_what_cannot_be_printed_is_said_and_makes_no_label(
    client: Client, keeper: User, depot: Depot, posted: dict[str, Any]
) -> None:
    client.force_login(keeper)
    told = {**posted, "t": [each.format(depot=depot.pk) for each in posted["t"]]}
    answer = client.post("/disaster/labels/", told)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Label.objects.exists()


@pytest.mark.django_db
def test_labels_are_for_the_keepers_own_towns(client: Client, keeper: User, viewer: User, depot: Depot) -> None:
    elsewhere = make_pump_depot("주천 창고", east=2500)
    with pytest.raises(NotAllowed):
        services.labels_of(keeper, [(elsewhere.pk, None, None)])
    client.force_login(keeper)
    assert elsewhere.name not in client.get("/disaster/labels/").content.decode()
    client.force_login(viewer)
    assert client.get("/disaster/labels/").status_code == 403


@pytest.mark.django_db
def test_a_thousand_labels_are_the_most_at_once(keeper: User, depot: Depot) -> None:
    with pytest.raises(Invalid):
        services.labels_of(keeper, [(depot.pk, None, number) for number in range(1001)])


@pytest.mark.django_db
def test_a_scanned_label_leads_to_the_app_and_first_to_the_sign_in(client: Client, keeper: User, depot: Depot) -> None:
    (label,) = services.labels_of(keeper, [(depot.pk, None, None)])
    address = f"/inspect/l/{label.token}"
    asked = client.get(address)
    assert asked.status_code == 302
    assert asked["Location"] == f"/sign-in/?next={address}"
    client.force_login(keeper)
    assert client.get(address)["Location"] == f"/inspect/#l/{label.token}"
    assert client.get("/inspect/l/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


@pytest.mark.django_db
def test_while_a_count_is_open_the_label_asks_what_to_do(client: Client, keeper: User, depot: Depot) -> None:
    (label,) = services.labels_of(keeper, [(depot.pk, None, None)])
    CountSession.objects.create(depot=depot, counted_on=timezone.localdate(), counted_by=keeper)
    client.force_login(keeper)
    page = client.get(f"/inspect/l/{label.token}")
    assert page.status_code == 200
    assert f"/inspect/#l/{label.token}" in page.content.decode()


@pytest.mark.django_db
def test_who_may_not_inspect_sees_the_depot_instead(client: Client, keeper: User, viewer: User, depot: Depot) -> None:
    (label,) = services.labels_of(keeper, [(depot.pk, None, None)])
    client.force_login(viewer)
    assert client.get(f"/inspect/l/{label.token}")["Location"] == f"/records/depots/{depot.pk}/"


@pytest.mark.django_db
def test_a_renewed_label_opens_and_the_old_one_says_that_it_is_out_of_use(
    client: Client, keeper: User, depot: Depot
) -> None:
    (old,) = services.labels_of(keeper, [(depot.pk, None, None)])
    client.force_login(keeper)
    assert client.post(f"/disaster/labels/{old.pk}/revoke/", {"renew": "1"}).status_code == 302
    (new,) = services.labels_of(keeper, [(depot.pk, None, None)])
    assert new.token != old.token
    assert client.get(f"/inspect/l/{old.token}").status_code == 410
    assert client.get(f"/inspect/l/{new.token}").status_code == 302
    client.post(f"/disaster/labels/{new.pk}/revoke/")
    assert not Label.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db
def test_a_keeper_of_another_town_takes_no_label_out_of_use(client: Client, keeper: User, officer: User) -> None:
    elsewhere = make_pump_depot("주천 창고", east=2500)
    (label,) = services.labels_of(officer, [(elsewhere.pk, None, None)])
    client.force_login(keeper)
    assert client.post(f"/disaster/labels/{label.pk}/revoke/").status_code == 404
    label.refresh_from_db()
    assert label.revoked_at is None
