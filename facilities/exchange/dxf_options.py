"""What a person says of a DXF before it is read: nothing of it is taken from the header alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from facilities.plan.topology import WALL_MAX_M

from . import report
from .dxf_file import ENCODINGS
from .report import ImportRefused

Unit: TypeAlias = Literal["mm", "cm", "m", "in", "ft"]
METRES: Final[Mapping[Unit, float]] = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
# $INSUNITS.
HEADER_UNITS: Final[Mapping[int, Unit]] = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m"}

Role: TypeAlias = Literal["rooms", "walls", "doors", "texts", "ignore"]
ROLES: Final[tuple[Role, ...]] = ("rooms", "walls", "doors", "texts", "ignore")
SQUARE: Final = "square"


@dataclass(frozen=True)
class DxfOptions:
    """``roles`` by layer (``dxf_flatten.layer_key``); layers that are not named are ignored.

    ``encoding`` "" is the header's. ``snap_m``, ``close_m``, ``doorway_m`` and ``wall_max_m`` are ``rooms.Rules``.
    ``turn`` is how far the drawing is turned, anticlockwise degrees, or "square": until most walls run along the axes.
    With ``keep_place`` the drawing's origin stays; else its lower left becomes (0, 0). ``own`` takes rooms as they are
    from our own exports, where the file is one; the other options then serve only what was drawn besides.
    """

    unit: Unit
    roles: Mapping[str, Role] = field(default_factory=dict)
    encoding: str = ""
    ordinal: int = 0
    snap_m: float = 0.02
    close_m: float = 0.1
    doorway_m: float = 1.3
    wall_max_m: float = WALL_MAX_M
    turn: float | Literal["square"] = 0.0
    keep_place: bool = False
    own: bool = True

    def check(self) -> None:
        """Raises ImportRefused for what cannot be."""
        wrong = {
            "unit": self.unit not in METRES,
            "encoding": self.encoding not in ("", *ENCODINGS),
            "roles": any(role not in ROLES for role in self.roles.values()),
            "ordinal": not -9 <= self.ordinal <= 99,
            "snap_m": not 0 <= self.snap_m <= 0.2,
            "close_m": not 0 <= self.close_m <= 1.0,
            "doorway_m": not 0 <= self.doorway_m <= 5.0,
            "wall_max_m": not 0.05 <= self.wall_max_m <= 1.0,
            "turn": self.turn != SQUARE and not -360 <= float(self.turn) <= 360,
        }
        for name, is_wrong in wrong.items():
            if is_wrong:
                raise ImportRefused(report.BAD_OPTIONS, {"what": name})
