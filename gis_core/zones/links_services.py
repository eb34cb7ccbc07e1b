"""Tables from town to town: reading a file row by row, and replacing what was loaded before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from gis_core import jobs
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem, Notice, problem
from gis_core.imports.reader import read
from gis_core.imports.source import Row, Source
from gis_core.models import AreaCode, AreaLink
from gis_core.models.cooperation import LinkKind

# What headings are called, in files as they come.
HEADINGS = {
    "from": ("from", "from code", "출발", "출발지", "출발 코드", "출발지 코드", "출발행정동", "o", "origin"),
    "to": ("to", "to code", "도착", "도착지", "도착 코드", "도착지 코드", "도착행정동", "d", "destination"),
    "value": ("value", "값", "인원", "이동량", "이동인구", "분", "소요시간", "minutes", "movements"),
    "period": ("period", "기간", "기준", "연월", "연도", "year"),
}
NEEDED = ("from", "to", "value")
MOST_PERIOD = 10
TITLES = {
    "from": pgettext_lazy("link", "from"),
    "to": pgettext_lazy("link", "to"),
    "value": gettext_lazy("value"),
    "period": gettext_lazy("period"),
}


@dataclass(frozen=True)
class Link:
    row: int
    from_area: int
    to_area: int
    value: float
    period: str


@dataclass(frozen=True)
class Table:
    """What a file holds: links, how many rows go from a town to itself (they say nothing here), and what is wrong."""

    links: list[Link]
    within: int
    problems: list[Notice]


def columns(fields: Iterable[str]) -> dict[str, str]:
    """Which heading is what. Raises ImportProblem, naming what is looked for, where one is missing."""
    plain = {" ".join(field.lower().replace("_", " ").split()): field for field in fields}
    found = {
        name: next(plain[each] for each in names if each in plain)
        for name, names in HEADINGS.items()
        if any(each in plain for each in names)
    }
    for name in NEEDED:
        if name not in found:
            raise problem(
                _("No column for “%(what)s” was found; it may be called: %(names)s"),
                what=TITLES[name],
                names=", ".join(HEADINGS[name]),
            )
    return found


def table_of(source: Source, period: str, scope: frozenset[int] | None) -> Table:
    """The rows as links. ``scope``: towns of which a row must name at least one (None: any). Raises ImportProblem."""
    named = columns(source.fields)
    codes = _areas({row.values[named[name]] for row in source.rows for name in ("from", "to")})
    links, problems, within = [], list(source.problems), 0
    seen: dict[tuple[int, int, str], int] = {}
    for row in source.rows:
        try:
            link = _link(row, named, codes, period, scope)
        except ImportProblem as error:
            problems += error.notices
            continue
        if link.from_area == link.to_area:
            within += 1
            continue
        key = (link.from_area, link.to_area, link.period)
        if key in seen:
            told = gettext_lazy("The same towns and period stand in row %(row)s.")
            problems.append(Notice(told, row.number, params={"row": seen[key]}))
            continue
        seen[key] = row.number
        links.append(link)
    return Table(links, within, problems)


def _areas(codes: set[str]) -> dict[str, int]:
    """Areas by any code they have or had; a current code wins over a former one."""
    rows = AreaCode.objects.filter(code__in=codes, area__retired_at=None).order_by("-area__valid_to", "-valid_to", "pk")
    ended_last = sorted(
        rows.values_list("code", "area_id", "valid_to", "area__valid_to"),
        key=lambda row: (row[3] is None, row[2] is None),
    )
    return {code: area for code, area, _ended, _area_ended in ended_last}


def _link(row: Row, named: dict[str, str], codes: dict[str, int], period: str, scope: frozenset[int] | None) -> Link:
    ends = []
    for name in ("from", "to"):
        text = row.values[named[name]]
        if text not in codes:
            raise problem(
                gettext_lazy("There is no area with the code “%(code)s”."), row=row.number, field=named[name], code=text
            )
        ends.append(codes[text])
    if scope is not None and not scope & set(ends):
        raise problem(gettext_lazy("Neither town lies in the area in which you may change records."), row=row.number)
    when = row.values[named["period"]] if "period" in named else ""
    when = when or period
    if len(when) > MOST_PERIOD:
        raise problem(
            gettext_lazy("A period has at most %(most)s characters."),
            row=row.number,
            field=named["period"],
            most=MOST_PERIOD,
        )
    return Link(row.number, ends[0], ends[1], _value(row, named["value"]), when)


def _value(row: Row, field: str) -> float:
    text = row.values[field].replace(",", "").replace(" ", "")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise problem(
            gettext_lazy("“%(text)s” is no number of 0 or more."), row=row.number, field=field, text=row.values[field]
        )
    return value


@jobs.background
def load_links(
    job: jobs.Handle, upload: str, kind: str, period: str, source: str, scope: list[int] | None
) -> dict[str, Any]:
    """All rows or none: rows that are wrong are named in the report."""
    try:
        file = read(uploads.path_of(upload))
        table = table_of(file, period, None if scope is None else frozenset(scope))
    except ImportProblem as error:
        raise jobs.JobError(str(error)) from error
    if table.problems:
        rows = [[str(each.row or ""), each.field, each.text] for each in table.problems]
        job.finish({"columns": [_("Row"), pgettext("table", "Column"), _("Problem")], "rows": rows})
        raise jobs.JobError(_("Rows refused: %(count)s; nothing was written.") % {"count": len(table.problems)})
    job.progress(0, len(table.links), _("Writing …"))
    write(table.links, kind, source, is_example=False)
    uploads.forget(upload)
    job.message = _("The import is done.")
    facts = [[_("Pairs of towns"), f"{len(table.links):,}"]]
    if table.within:
        facts.append([_("Rows from a town to itself, passed over"), f"{table.within:,}"])
    return {"facts": facts, "link": reverse("zone-links")}


@transaction.atomic
def write(links: Iterable[Link], kind: str, source: str, *, is_example: bool) -> None:
    """A pair that was loaded before for the same period gets the new value and source."""
    AreaLink.objects.bulk_create(
        (
            AreaLink(
                kind=LinkKind(kind), from_area_id=each.from_area, to_area_id=each.to_area, period=each.period,
                value=each.value, source=source, is_example=is_example,
            )
            for each in links
        ),
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["kind", "from_area", "to_area", "period"],
        update_fields=["value", "source", "is_example"],
    )  # fmt: skip
