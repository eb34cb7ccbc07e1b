"""Plans to send round through exchange formats: one drawn by hand, and any number made at random. Pure."""

import json
import os
import unicodedata
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from facilities.exchange.meta import Meta
from facilities.exchange.report import Imported
from facilities.plan import document as plan
from facilities.plan.document import Amenity, Document, Fixture, Level, Opening, Team, Unit, difference, snapped
from gis_core.crs import LocalFrame
from tests.facilities.factories_plans import make_document

# Real files, which lie beside the checkout where it is developed; tests that need them are skipped elsewhere.
SAMPLES = Path(os.environ.get("DONGNE_SAMPLES", Path(__file__).resolve().parents[3] / "shared" / "data"))

FRAME = LocalFrame(953_000.123, 1_952_000.77, 33.3)
META = Meta(
    FRAME,
    venue_key="0f3c7a52-6c0a-4a3b-9a0e-2f4d1c9b7e11",
    venue_name="송악읍 행정복지센터",
    building_key="7b1f9c1e-8a55-4b1d-8f6e-5a1b2c3d4e5f",
    building_name="본관",
    venue_name_en="Songak-eup Community Centre",
    plan_name="현황",
    address="충청남도 당진시 송악읍 틀모시로 792",
    locality="당진시",
    province="KR-44",
    postal_code="31722",
    created=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)


def key(number: int) -> str:
    """A UUID of version 4, the same in every run."""
    return str(uuid.UUID(int=0x5D0E_0000_0000_4000_8000_0000_0000_0000 + number))


TEAM = Team(key(1), "맞춤형복지팀", 3, 5, 80)


def rich() -> Document:
    """Two levels with everything that a plan can hold."""
    base = make_document(2, 3, 2, wall=0.2)
    ground = base.levels[0].key
    hall, office = base.units[4], base.units[5]
    changed = {
        hall.key: replace(hall, category="lobby", name_ko="민원실", name_en="Hall", after_hours=True),
        office.key: replace(
            office,
            restriction="employeesonly",
            teams=(TEAM.key,),
            desks=5,
            idle=True,
            note="첫째 줄\n둘째 줄",
            name_ko='"총무" <팀> & 😀',
        ),
    }
    units = tuple(changed.get(unit.key, unit) for unit in base.units)
    first = base.openings[0]
    openings = (
        replace(
            first,
            restriction="restricted",
            access_control="keyaccess",
            after_hours="locked",
            step_free=False,
            automatic=True,
            name="뒷문",
        ),
        *base.openings[1:],
    )
    x, y = hall.geometry.centroid.coords[0]
    fixtures = (
        Fixture(key(10), ground, snapped(LineString([(x - 1, y), (x + 1, y)])), "shutter", "셔터"),
        Fixture(key(11), ground, snapped(box(x - 1, y + 0.5, x + 1, y + 1.1)), "counter", "민원대"),
        Fixture(key(12), ground, snapped(box(x - 1.5, y - 1.5, x - 1, y - 1)), "kiosk", "무인발급기"),
        Fixture(key(13), ground, snapped(box(x, y - 1.5, x + 1, y - 1.1)), "bench"),
    )
    amenities = (
        Amenity(key(20), ground, snapped(Point(x, y - 0.5)), "aed", "자동심장충격기"),
        Amenity(key(21), ground, snapped(Point(x + 0.5, y - 0.5)), "recyclingpoint"),
    )
    return Document(base.levels, units, openings, fixtures, amenities, (TEAM,))


def unlike(before: Document, after: Document) -> list[Any]:
    """What is not the same in two documents, whatever the order of parts and wherever rings of outlines begin."""
    found: list[Any] = list(difference(before, after))
    levels = {level.key: level for level in after.levels}
    for level in before.levels:
        other = levels.pop(level.key, None)
        if other is None or _bare(level) != _bare(other):
            found.append((level, other))
    found += levels.values()
    found += set(before.teams) ^ set(after.teams)
    return found


def _bare(level: Level) -> tuple[object, ...]:
    outline = None if level.outline is None else shapely.normalize(level.outline).wkt
    return (level.ordinal, level.short_name, level.name, level.height_m, outline)


def codes(imported: Imported) -> dict[str, int]:
    """How often each code was found. A report is kept as JSON, so every finding must be able to become that."""
    json.dumps([finding.to_json() for finding in imported.findings])
    found: dict[str, int] = {}
    for finding in imported.findings:
        found[finding.code] = found.get(finding.code, 0) + finding.params["count"]
    return found


ODD = (
    '"',
    "'",
    "<b>&amp;</b>",
    "]]>",
    "</gml:name>",
    "😀 회의실",
    "\u2028쉼",
    "\ufffe",
    "=1+1",
    "{}",
    "\\u0000",
    "가각",
    "",
)


def texts(limit: int, allowed: str = "") -> st.SearchStrategy[str]:
    """Texts as the editor lets them in: whole characters, composed, without spaces around them."""
    letters = st.characters(exclude_categories=("Cs", "Cc"), include_characters=allowed)

    def usual(text: str) -> str:
        return unicodedata.normalize("NFC", text)[:limit].strip()

    return st.one_of(st.sampled_from(ODD), st.text(letters, max_size=limit)).map(usual)


KEYS = st.uuids().map(str)


def _placed(shape: Any, dx: float, dy: float) -> Any:
    return snapped(shapely.transform(shape, lambda xy: np.add(xy, (dx, dy))))


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Within 5 x 5 m: corners in either direction, with or without holes."""
    size = st.integers(1000, 2400).map(lambda mm: mm / 1000)
    w, h = draw(size) * 2, draw(size) * 2
    shell = draw(
        st.sampled_from(
            [[(0, 0), (w, 0), (w, h), (0, h)], [(0, 0), (w, 0), (w, h / 2), (w / 2, h / 2), (w / 2, h), (0, h)]]
        )
    )
    hole = [(0.2, 0.2), (0.2, 0.5 + w / 10), (0.5 + w / 10, 0.2)]
    holes = draw(st.sampled_from([[], [hole], [hole[::-1]]]))
    return Polygon(draw(st.sampled_from([shell, shell[::-1]])), holes)


LINES = st.sampled_from(
    [LineString([(0, 0), (0.9, 0)]), LineString([(0, 1.2), (0, 0)]), LineString([(0, 0), (0.5, 0), (1.1, 0.3)])]
)
OUTLINES = st.sampled_from(
    [
        None,
        box(-1, -1, 40, 12),
        box(-1, -1, 40, 12).difference(box(30, 3, 33, 6)),
        MultiPolygon([box(-1, -1, 20, 12), box(21, -1, 40, 12)]),
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A plan with any of the attributes, odd names and shapes; rooms do not overlap, doors may be anywhere."""
    ordinals = draw(st.lists(st.integers(-2, 4), min_size=1, max_size=3, unique=True))
    levels = tuple(
        Level(
            draw(KEYS),
            ordinal,
            draw(texts(8)),
            draw(texts(60)),
            draw(st.one_of(st.none(), st.integers(20, 60).map(lambda dm: dm / 10))),
            draw(OUTLINES),
        )
        for ordinal in sorted(ordinals)
    )
    counts = st.integers(0, 99)
    teams = tuple(
        Team(draw(KEYS), draw(texts(60)), draw(counts), draw(counts), draw(counts))
        for _ in range(draw(st.integers(0, 2)))
    )
    keys = [draw(KEYS) for _ in range(draw(st.integers(1, 6)))]
    units = tuple(_unit(draw, each, number, levels, teams) for number, each in enumerate(dict.fromkeys(keys)))
    return Document(
        levels,
        units,
        tuple(_opening(draw, each, levels) for each in draw(st.lists(KEYS, max_size=3, unique=True))),
        tuple(_fixture(draw, each, levels) for each in draw(st.lists(KEYS, max_size=2, unique=True))),
        tuple(_amenity(draw, each, levels) for each in draw(st.lists(KEYS, max_size=2, unique=True))),
        teams,
    )


def _unit(draw: st.DrawFn, each: str, number: int, levels: tuple[Level, ...], teams: tuple[Team, ...]) -> Unit:
    keys = [team.key for team in teams]
    return Unit(
        each,
        draw(st.sampled_from(levels)).key,
        _placed(draw(polygons()), number * 6, draw(st.integers(0, 60_000)) / 10_000),
        draw(st.sampled_from(plan.UNIT_CATEGORIES)),
        draw(st.sampled_from(plan.RESTRICTIONS)),
        draw(texts(60)),
        draw(texts(60)),
        draw(texts(12)),
        tuple(draw(st.lists(st.sampled_from(keys), unique=True))) if keys else (),
        draw(st.integers(0, 500)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(texts(20)),
        draw(texts(200, "\n")),
    )


def _spot(draw: st.DrawFn) -> tuple[float, float]:
    return draw(st.integers(0, 360_000)) / 10_000, draw(st.integers(0, 90_000)) / 10_000


def _opening(draw: st.DrawFn, each: str, levels: tuple[Level, ...]) -> Opening:
    return Opening(
        each,
        draw(st.sampled_from(levels)).key,
        _placed(draw(LINES), *_spot(draw)),
        draw(st.sampled_from(plan.OPENING_KINDS)),
        draw(st.sampled_from(plan.RESTRICTIONS)),
        draw(st.sampled_from(plan.ACCESS_CONTROLS)),
        draw(st.sampled_from(plan.AFTER_HOURS)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(texts(60)),
    )


def _fixture(draw: st.DrawFn, each: str, levels: tuple[Level, ...]) -> Fixture:
    shape = _placed(draw(st.one_of(LINES, polygons())), *_spot(draw))
    category = draw(st.sampled_from(plan.FIXTURE_CATEGORIES))
    return Fixture(each, draw(st.sampled_from(levels)).key, shape, category, draw(texts(60)))


def _amenity(draw: st.DrawFn, each: str, levels: tuple[Level, ...]) -> Amenity:
    shape = snapped(Point(*_spot(draw)))
    category = draw(st.sampled_from(plan.AMENITY_CATEGORIES))
    return Amenity(each, draw(st.sampled_from(levels)).key, shape, category, draw(texts(60)))


@st.composite
def metas(draw: st.DrawFn) -> Meta:
    """Buildings anywhere in Korea, turned anyhow, with odd names."""
    x, y = draw(st.floats(750_000, 1_300_000)), draw(st.floats(1_460_000, 2_060_000))
    frame = LocalFrame(x, y, draw(st.floats(-180, 180)))
    return replace(
        META, frame=frame, venue_name=draw(texts(60)), building_name=draw(texts(60)), address=draw(texts(60))
    )
