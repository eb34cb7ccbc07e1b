"""Plans for tests of circulation, told by rectangles and by which rooms have a door between them."""

from dataclasses import dataclass, field, replace
from typing import Any

from shapely import LineString, box

from facilities.plan.circulation import Circulation, Rules, check
from facilities.plan.document import Document, Fixture, Level, Opening, Unit
from facilities.plan.findings import Finding
from facilities.plan.neighbours import walls
from facilities.plan.topology import OUTSIDE

STAFF = {"restriction": "employeesonly"}


@dataclass
class Sketch:
    """Rooms by name (which is their key too), as (level, x0, y0, x1, y1)."""

    levels: int = 1
    units: list[Unit] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    fixtures: list[Fixture] = field(default_factory=list)

    def room(self, name: str, level: int, *corners: float, **about: Any) -> "Sketch":
        self.units.append(Unit(name, f"L{level}", box(*corners), name_ko=name, **about))
        return self

    def door(self, a: str, b: str = OUTSIDE, width: float = 1.0, at: float = 0.5, **about: Any) -> "Sketch":
        """In the middle of the wall (or at that share of it) between the two; its key is "a-b"."""
        found = [wall for wall in walls(self.document(), 0.5) if {wall.a, wall.b} == {a, b}]
        wall = max(found, key=lambda wall: (round(wall.length_m, 3), -wall.line.centroid.y))
        middle = min(max(at * wall.length_m, width / 2), wall.length_m - width / 2)
        ends = [wall.line.interpolate(middle + aside) for aside in (-width / 2, width / 2)]
        self.openings.append(Opening(f"{a}-{b}", wall.level, LineString(ends), **about))
        return self

    def entrance(self, room: str, **about: Any) -> "Sketch":
        return self.door(room, OUTSIDE, entrance=True, **about)

    def fixture(self, category: str, level: int, line: list[tuple[float, float]]) -> "Sketch":
        self.fixtures.append(Fixture(category, f"L{level}", LineString(line), category))
        return self

    def document(self) -> Document:
        levels = tuple(Level(f"L{number}", number, f"{number + 1}F", height_m=3.0) for number in range(self.levels))
        return Document(levels, tuple(self.units), tuple(self.openings), tuple(self.fixtures))

    def check(self, rules: Rules | None = None) -> Circulation:
        return check(self.document(), rules)


def codes(circulation: Circulation, *severities: str) -> set[str]:
    """Codes of the errors and warnings, or of what has these severities."""
    wanted = severities or ("error", "warning")
    return {finding.code for finding in circulation.findings if finding.severity in wanted}


def only(circulation: Circulation, code: str) -> Finding:
    """The finding of that code. Raises ValueError unless there is exactly one."""
    (found,) = [finding for finding in circulation.findings if finding.code == code]
    return found


def applied(document: Document, finding: Finding, width: float = 0.9) -> Document:
    """The plan after the finding's suggestion."""
    assert finding.suggestion is not None
    for number, operation in enumerate(finding.suggestion.params["operations"]):
        document = _apply(document, operation, f"new {number}")
    return document


def _apply(document: Document, operation: dict[str, Any], key: str) -> Document:
    if operation["op"] == "set":
        kind = operation["kind"]
        parts = [
            replace(part, **operation["attributes"]) if part.key in operation["keys"] else part
            for part in document.parts(kind)
        ]
        return replace(document, **{kind: tuple(parts)})
    if operation["op"] == "move_opening":
        parts = [
            _widened(part, operation["width"]) if part.key == operation["key"] else part for part in document.openings
        ]
        return replace(document, openings=tuple(parts))
    assert operation["op"] == "place_opening"
    x, y = operation["at"]
    wall = min(
        (wall for wall in walls(document, 0.5) if wall.level == operation["level"]),
        key=lambda wall: wall.line.distance(box(x, y, x, y)),
    )
    opening = Opening(key, operation["level"], wall.opening(operation["width"]), **operation["attributes"])
    return replace(document, openings=(*document.openings, opening))


def _widened(opening: Opening, width: float) -> Opening:
    line = opening.geometry
    middle = line.interpolate(0.5, normalized=True)
    (x1, y1), (x2, y2) = line.coords[0], line.coords[-1]
    dx, dy = (x2 - x1) / line.length * width / 2, (y2 - y1) / line.length * width / 2
    ends = [(middle.x - dx, middle.y - dy), (middle.x + dx, middle.y + dy)]
    return replace(opening, geometry=LineString(ends))
