"""The national system's list beside the ledger: what agrees, and every row that does not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from disaster.comparison import Kind, Told, compare
from disaster.models import ColumnMapping, StockComparison
from gis_core.models import Role
from tests.disaster.counts_support import csv_file, make_item, stock, xlsx_file
from tests.factories import make_depot, make_user, place

HEAD = "목록번호,품명,읍면동,수량"

figures = st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from(["a", "b"])), st.integers(0, 9), max_size=8)


def told(theirs):
    return [Told(number, "", "", value, key) for number, (key, value) in enumerate(theirs.items(), 2)]


@given(figures)
def test_a_list_made_of_the_ledger_differs_nowhere(ours):
    assert compare(told(ours), ours, {key[1] for key in ours}) == (len(ours), [])


@given(figures, figures)
def test_every_figure_is_equal_or_told_and_none_is_told_twice(theirs, ours):
    equal, found = compare(told(theirs), ours, {key[1] for key in theirs})
    assert equal == sum(ours.get(key) == value for key, value in theirs.items())
    keys = [each.key for each in found]
    assert len(keys) == len(set(keys))
    assert equal + sum(each.kind != Kind.ONLY_OURS for each in found) == len(theirs)


def test_rows_of_one_item_are_added_up_as_the_list_tells_lots():
    rows = [Told(2, "", "", 3, (1, "a")), Told(3, "", "", 4, (1, "a"))]
    assert compare(rows, {(1, "a"): 7}, {"a"}) == (1, [])
    [found] = compare(rows, {(1, "a"): 8}, {"a"})[1]
    assert (found.kind, found.rows, found.theirs, found.ours) == (Kind.DIFFERS, (2, 3), 7, 8)


@pytest.fixture
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def depots(territory, officer):
    found = make_depot(place(100, 100), name="운봉 창고"), make_depot(place(2500, 100), name="주천 창고")
    pump = make_item("수중펌프", "대", list_number="A-100")
    stock(officer, found[0], pump, 3)
    stock(officer, found[1], pump, 5)
    stock(officer, found[0], make_item("삽", "자루"), 20)
    return found


def uploaded(client, file, day=None, **more):
    day = day or timezone.localdate()
    data = {"city": "5219000000", "day": day.isoformat(), "file": file, **more}
    return client.post(reverse("comparison-add"), data)


MAPPED = {"list_number": "목록번호", "item": "품명", "town": "읍면동", "quantity": "수량"}


def kept(client, file, columns=None, **more):
    answer = uploaded(client, file, **more)
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(answer.url, {**(columns or MAPPED), "keep": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return StockComparison.objects.get()


@pytest.mark.django_db
def test_every_kind_of_mismatch_is_listed_with_both_figures_and_its_row(english, depots, officer):
    english.force_login(officer)
    file = csv_file(
        HEAD, "A-100,펌프(구),운봉읍,3", ",수중 펌프,주천면,4", ",모르는 것,운봉읍,1", ",삽,순창군 순창읍,2",
        ",수중펌프,합계,8",
        ",삽,주천면,많음", ",삽,주천면,2",
    )  # fmt: skip
    found = kept(english, file)
    told = [(row["kind"], row["rows"], row["place"], row["theirs"], row["ours"]) for row in found.rows]
    assert found.matched == 1
    assert told == [
        ("differs", [3], "주천면", 4, 5), ("unknown_item", [4], "운봉읍", 1, None),
        ("no_town", [5], "순창군 순창읍", 2, None),
        ("no_town", [6], "합계", 8, None), ("no_figure", [7], "주천면", None, None),
        ("only_theirs", [8], "주천면", 2, None),
        ("only_ours", [], "운봉읍", None, 20),
    ]  # fmt: skip
    page = english.get(reverse("comparison", args=[found.pk])).content.decode()
    assert "figures differ" in page


@pytest.mark.django_db
def test_columns_are_told_once_and_remembered(english, depots, officer):
    english.force_login(officer)
    head = "ㄱ,ㄴ,ㄷ"
    columns = {"item": "ㄱ", "town": "ㄴ", "quantity": "ㄷ"}
    kept(english, csv_file(head, "수중펌프,운봉읍,3"), columns)
    assert ColumnMapping.objects.get().columns == columns
    answer = english.get(uploaded(english, csv_file(head, "삽,운봉읍,3")).url)
    assert {name: answer.context["form"].fields[name].initial for name in columns} == columns


@pytest.mark.django_db
def test_a_list_in_cp949_or_of_a_spreadsheet_is_read_alike(english, depots, officer):
    english.force_login(officer)
    assert kept(english, csv_file(HEAD, ",수중펌프,운봉읍,3", ",삽,운봉읍,20", encoding="cp949")).matched == 2
    StockComparison.objects.all().delete()
    rows = [["품명", "읍면동", "수량"], ["수중펌프", "운봉읍", 3], ["삽", "남원시 운봉읍", 20.0]]
    assert kept(english, xlsx_file(*rows), {"item": "품명", "town": "읍면동", "quantity": "수량"}).matched == 2


@pytest.mark.django_db
def test_the_ledger_is_read_as_of_the_day(english, depots, officer):
    yesterday = timezone.localdate() - timedelta(days=1)
    stock(officer, depots[0], make_item("로프", "롤"), 4, day=yesterday)
    stock(officer, depots[0], make_item("로프", "롤"), -1)
    english.force_login(officer)
    found = kept(english, csv_file(HEAD, ",로프,운봉읍,4", ",수중펌프,운봉읍,3"), day=yesterday)
    assert (found.matched, [row["kind"] for row in found.rows]) == (1, ["only_theirs"]), "pumps came a day later"


@pytest.mark.django_db
def test_totals_of_a_city_and_single_depots_can_be_compared(english, depots, officer):
    english.force_login(officer)
    head = "품명,보관소,수량"
    found = kept(english, csv_file(head, "수중펌프,운봉 창고,3", "수중펌프,다른 창고,3"),
                 {"item": "품명", "depot": "보관소", "quantity": "수량"})  # fmt: skip
    assert (found.matched, [row["kind"] for row in found.rows]) == (1, ["no_town", "only_ours"])
    StockComparison.objects.all().delete()
    whole = kept(english, csv_file("품명,수량", "수중펌프,8", "삽,20"), {"item": "품명", "quantity": "수량"})
    assert (whole.matched, whole.rows) == (2, [])


@pytest.mark.django_db
def test_a_downloaded_list_runs_no_formula(english, depots, officer):
    english.force_login(officer)
    found = kept(english, csv_file(HEAD, '"=HYPERLINK(1)",=1+1,운봉읍,1'))
    text = b"".join(english.get(reverse("comparison-file", args=[found.pk, "csv"])).streaming_content).decode()
    assert "'=" in text
    book = load_workbook(_file(english.get(reverse("comparison-file", args=[found.pk, "xlsx"])).content))
    cells = [cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not any(cell.data_type == "f" or cell.value.startswith("=") for cell in cells)
    assert english.get(reverse("comparison-file", args=[found.pk, "exe"])).status_code == 404


def _file(data):
    import io

    return io.BytesIO(data)


@pytest.mark.django_db
def test_a_keeper_compares_their_own_towns_only(english, depots, territory):
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    english.force_login(keeper)
    found = kept(english, csv_file(HEAD, ",수중펌프,운봉읍,3", ",수중펌프,주천면,5"))
    assert [(row["kind"], row["place"], row["ours"]) for row in found.rows] == [
        ("only_theirs", "주천면", None), ("only_ours", "운봉읍", 20)
    ]  # fmt: skip
    other = make_user("other", (Role.DISASTER_OFFICER, territory.jucheon))
    english.force_login(other)
    assert english.get(reverse("comparison", args=[found.pk])).status_code == 404


@pytest.mark.django_db
def test_who_keeps_nothing_compares_nothing_and_files_are_private(english, depots, officer, viewer, administrator):
    english.force_login(officer)
    address = uploaded(english, csv_file(HEAD, ",삽,운봉읍,1")).url
    english.force_login(administrator)
    assert english.get(address).status_code == 404
    english.force_login(viewer)
    assert english.get(reverse("comparison-list")).status_code == 403
    assert english.get(address).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"x"), ("a.csv", b""), ("a.xlsx", b"no"), ("a.csv", b"\xff\xfe\xff")]
)
def test_a_file_that_cannot_be_read_is_told_at_once(english, depots, officer, name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    english.force_login(officer)
    assert uploaded(english, SimpleUploadedFile(name, content)).status_code == 422


@pytest.mark.django_db
def test_columns_that_contradict_each_other_are_refused(english, depots, officer):
    english.force_login(officer)
    address = uploaded(english, csv_file(HEAD, ",삽,운봉읍,1")).url
    for columns in ({"item": "품명", "quantity": "품명"}, {"town": "읍면동", "quantity": "수량"}, {"item": "품명"}):
        assert english.post(address, {**columns, "keep": "1"}).status_code == 422
    assert not StockComparison.objects.exists()
