"""An officer brings a wide stock table, looks at what it would do, settles what is not clear, and writes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from disaster.models import Item, Movement
from gis_core.models import User
from tests.browser.conftest import Visit
from tests.disaster.counts_support import held, make_item, stock
from tests.factories import Territory, make_depot, place

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = """2026년 하반기 수방자재 보유 현황,,,,
읍면동,수중펌프(대),모래주머니,삽,양수호스(롤)
운봉읍,4,"1,100",-,2
주천면,6,1300매,-5,3
합계,10,"2,400",,5
※ 창고 이전 중,,,,
"""


def test_an_officer_brings_a_table_with_a_preview(
    visit: Callable[..., Visit], officer: User, territory: Territory
) -> None:
    first, second, jucheon = make_depot(place(100, 100)), make_depot(place(300, 300)), make_depot(place(2500, 100))
    pump, sandbags, shovel = make_item("수중펌프", "대"), make_item("모래주머니"), make_item("삽", "자루")
    stock(officer, second, pump, 3)
    stock(officer, jucheon, shovel, 9)
    page = visit(officer, language="en").go("/disaster/stock/import/")
    page.set_input_files(
        "input[type=file]", {"name": "재고표.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp949")}
    )
    page.get_by_role("button", name="Look at the table").click()

    main = page.locator("main")
    expect(main).to_contain_text("left out: a total, not a town")
    expect(main).to_contain_text("left out: a note, not a town")
    expect(main).to_contain_text("Row 3 (운봉읍): choose the depot")
    expect(main).to_contain_text("Row 4, 삽: “-5” is below zero")
    expect(main).to_contain_text("Columns left out: 양수호스(롤)")
    write = page.get_by_role("button", name="Write to the ledger")
    expect(write).to_have_count(0)

    page.locator("select[name=row-3]").select_option(str(second.pk))
    page.locator("#col-4").select_option("new")
    page.get_by_label("leave this cell out").check()
    page.get_by_role("button", name="Show again").click()
    expect(page.locator("input[name=name-4]")).to_have_value("양수호스")
    expect(page.locator("tr", has_text="운봉읍").locator("td.import-cell").first).to_have_text("3 → 4")
    assert Movement.objects.count() == 2, "looking writes nothing"

    write.click()
    expect(main).to_contain_text("Written: 5 opened, 1 adjusted")
    assert held(second, pump) == {"usable": 4}
    assert held(second, sandbags) == {"usable": 1100}
    assert held(jucheon, sandbags) == {"usable": 1300}
    assert held(jucheon, shovel) == {"usable": 9}, "the cell was left out"
    assert held(second, Item.objects.get(name="양수호스")) == {"usable": 2}
    assert held(first, pump) == {}
