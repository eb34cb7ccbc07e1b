"""Counts in each state: one approved, one to be approved, one under way, one cancelled; and a list of the national
system beside the ledger."""

from typing import Any

from django.utils import timezone

from disaster.models import Balance, Condition, CountSession, Depot, StockComparison
from disaster.querysets_counts import may_count
from disaster.services import counts
from disaster.services.comparisons import compared
from gis_core.imports.source import Row, Source
from gis_core.models import AdminArea, User

# Which example depot, how its lines differ from the ledger (by place in the list), and how far the count got.
PLANS: tuple[tuple[str, dict[int, int], str], ...] = (
    ("산동면 수방자재 창고", {}, "approved"),
    ("운봉읍 수방자재 창고", {1: -12, 2: 1}, "submitted"),
    ("주천면 제설자재 창고", {0: -3}, "open"),
    ("수지면 수방자재 창고", {0: 2}, "cancelled"),
)
NOTE = "예시: 모래주머니 일부는 바깥 파렛트에 있음"


def load() -> dict[str, int]:
    counter, approver = (User.objects.filter(username=name).first() for name in ("officer", "admin"))
    if CountSession.objects.exists() or counter is None or approver is None:
        return {"counts": 0}
    made = sum(_count(counter, approver, *plan) for plan in PLANS)
    return {"counts": made, "comparisons": _comparison(counter)}


def _count(counter: Any, approver: Any, name: str, differences: dict[int, int], state: str) -> int:
    depot = Depot.objects.filter(name=name, is_example=True).select_related("area").first()
    if depot is None or not may_count(counter, depot):
        return 0
    count = counts.begin(counter, depot)
    balances = list(Balance.objects.filter(depot=depot, quantity__gt=0).select_related("lot__item").order_by("pk"))
    # One under way has got half as far.
    for index, balance in enumerate(balances[: len(balances) // 2 or 1] if state == "open" else balances):
        quantity = max(0, balance.quantity + differences.get(index, 0))
        counts.write_line(counter, count, counts.Seen(balance.lot, quantity, condition=balance.condition))
    if state == "cancelled":
        counts.cancel(counter, count, count.version, "예시: 창고 공사로 다음 주에 다시 셈")
    elif state != "open":
        count = counts.submit(counter, count, count.version, NOTE if differences else "")
        if state == "approved":
            counts.approve(approver, count, count.version)
    return 1


def _comparison(user: Any) -> int:
    """A list as the national system might export it: three figures agree, one does not, one item nobody knows."""
    city = AdminArea.objects.filter(mois_code="5219000000").first()
    depot = Depot.objects.filter(name="운봉읍 수방자재 창고", is_example=True).first()
    if city is None or depot is None:
        return 0
    fields = ["품명", "보관소", "수량"]
    held = Balance.objects.filter(depot=depot, condition=Condition.USABLE, lot__code="", quantity__gt=0)
    lines = [[each.lot.item.name, depot.name, str(each.quantity)] for each in held.select_related("lot__item")[:4]]
    if lines:
        lines[-1][2] = str(int(lines[-1][2]) + 5)
    lines.append(["양수호스", depot.name, "7"])
    rows = [Row(number, dict(zip(fields, line, strict=True))) for number, line in enumerate(lines, 2)]
    columns = {"item": "품명", "depot": "보관소", "quantity": "수량"}
    made: StockComparison = compared(
        user, Source("국가자원관리_예시.xlsx", "XLSX", fields, rows), columns, city, timezone.localdate()
    )
    made.save()
    return 1
