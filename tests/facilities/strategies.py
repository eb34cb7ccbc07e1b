"""Plans made at random: a floor cut again and again into rooms, which are kept, dropped, given uses and teams."""

from dataclasses import replace

from hypothesis import strategies as st
from shapely import Polygon, box

from facilities.plan.document import RESTRICTIONS, Document, Level, Team, Unit, snapped
from tests.facilities.factories_plans import key

CATEGORIES = ("office", "lobby", "waitingroom", "lounge", "walkway", "storage", "opentobelow", "column", "unspecified")
WIDTH, DEPTH = 24.0, 16.0


def rectangles(draw: st.DrawFn, wall: float) -> list[tuple[float, float, float, float]]:
    """Rectangles that lie within the floor, ``wall`` apart, in the order of their corners."""
    found = [(wall, wall, WIDTH - wall, DEPTH - wall)]
    for _cut in range(draw(st.integers(0, 6))):
        index = draw(st.integers(0, len(found) - 1))
        x0, y0, x1, y1 = found[index]
        share = draw(st.integers(3, 7)) / 10
        if x1 - x0 >= y1 - y0:
            at = x0 + (x1 - x0) * share
            pieces = [(x0, y0, at - wall / 2, y1), (at + wall / 2, y0, x1, y1)]
        else:
            at = y0 + (y1 - y0) * share
            pieces = [(x0, y0, x1, at - wall / 2), (x0, at + wall / 2, x1, y1)]
        found[index : index + 1] = pieces
    return sorted(found)


@st.composite
def plans(draw: st.DrawFn, levels: int = 2, name: str = "") -> Document:
    """Without overlaps; rooms may be missing, walls may have no thickness. Keys of rooms repeat from plan to plan."""
    wall = draw(st.sampled_from((0.0, 0.2)))
    teams = tuple(
        Team(
            key("team", number),
            f"팀{number}",
            draw(st.integers(0, 9)),
            draw(st.integers(0, 12)),
            draw(st.integers(0, 90)),
        )
        for number in range(3)
    )
    floors = tuple(Level(key("level", number), number, f"{number + 1}F", outline=_floor()) for number in range(levels))
    units = [
        _unit(draw, floor, number, snapped(box(*corners)), teams)
        for floor in floors
        for number, corners in enumerate(rectangles(draw, wall))
        if draw(st.integers(0, 5))
    ]
    return Document(levels=floors, units=tuple(units), teams=teams)


def _floor() -> Polygon:
    return box(0, 0, WIDTH, DEPTH)


def _unit(draw: st.DrawFn, floor: Level, number: int, shape: Polygon, teams: tuple[Team, ...]) -> Unit:
    seated = draw(st.lists(st.sampled_from([team.key for team in teams]), max_size=2, unique=True))
    return Unit(
        key(floor.ordinal, draw(st.integers(0, 1)), number),
        floor.key,
        shape,
        draw(st.sampled_from(CATEGORIES)),
        draw(st.sampled_from(RESTRICTIONS)),
        name_ko=f"{number}호",
        teams=tuple(seated),
        idle=draw(st.booleans()),
    )


def with_unit(document: Document, key: str, **attributes: object) -> Document:
    """The document with one room changed."""
    units = tuple(replace(unit, **attributes) if unit.key == key else unit for unit in document.units)  # type: ignore[arg-type]
    return replace(document, units=units)
