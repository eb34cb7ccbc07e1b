"""How uses and restrictions look on printed plans: quiet fills that a copier keeps apart, and hatching for what is
closed. Colour never says anything alone: closed rooms are hatched, and every room has its name. No Django here.
"""

from facilities.plan import uses
from facilities.plan.document import EMPLOYEES_ONLY, OPEN, RESTRICTED

# By group of use (``facilities.plan.uses``).
USE_FILLS = {
    uses.SERVICE: "#cfe3f7",
    uses.WORK: "#fdebc8",
    uses.MEETING: "#e4daf4",
    uses.RESIDENTS: "#d3ecd0",
    uses.STAFF: "#f9ddd3",
    uses.SANITARY: "#cbecec",
    uses.CIRCULATION: "#eff1f3",
    uses.SUPPORT: "#e6dfd3",
    uses.OUTDOORS: "#eaf2d6",
    uses.UNDECIDED: "#f7f6f3",
    uses.VOID: "#ffffff",
    uses.STRUCTURE: "#6d7882",
}
RESTRICTION_FILLS = {OPEN: "#d9ecdf", EMPLOYEES_ONLY: "#fdebc8", RESTRICTED: "#efdcf3"}
# Lines across closed rooms: their angles (degrees). The distance between them is in mm of paper.
HATCH_ANGLES = {EMPLOYEES_ONLY: (45.0,), RESTRICTED: (45.0, -45.0)}
HATCH_MM = 2.2
HATCH_INK = {EMPLOYEES_ONLY: "#c08a3e", RESTRICTED: "#9a5bb0"}
DOOR_INK = {OPEN: "#1e2124", EMPLOYEES_ONLY: "#8a4b00", RESTRICTED: "#7b3294"}
WALL = "#33363d"
SEVERITY_INK = {"error": "#d0260f", "warning": "#b35900", "note": "#0b50d0"}
MARK = "#0b50d0"


def fill_of(category: str) -> str:
    return USE_FILLS[uses.group_of(category)]
