"""What the fills, hatchings and signs of a drawing mean: only those that are on it."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from shapely import box

from facilities.plan.document import EMPLOYEES_ONLY, GAP, OPEN, RESTRICTED, RESTRICTIONS, Document
from facilities.plan.uses import GROUPS, group_of
from facilities.words.document import AMENITY_LABELS, RESTRICTION_LABELS
from facilities.words.uses import GROUP_LABELS

from . import palette, symbols
from .svg import INK, PAPER, Pen, add, group, shortened, text_width

ROW_MM, COLUMN_MM = 5.0, 33.0
SIZE, _SMALL = 2.2, 1.9
_SWATCH = (6.0, 3.4)


@dataclass(frozen=True)
class Item:
    """``draw`` puts the sign into an element; its middle is at the given millimetres."""

    label: str
    draw: Callable[[Element, float, float], None]


def legend_of(document: Document, level_key: str, fill: str = "use") -> list[Item]:
    units = document.on_level("units", level_key)
    openings = document.on_level("openings", level_key)
    items: list[Item] = []
    if fill == "use":
        found = {group_of(unit.category) for unit in units}
        items += [Item(str(GROUP_LABELS[use]), _swatch(palette.USE_FILLS[use])) for use in GROUPS if use in found]
    closed = {unit.restriction for unit in units if unit.is_walkable}
    for restriction in RESTRICTIONS:
        if restriction in closed and (restriction != OPEN or fill == "restriction"):
            ground = palette.RESTRICTION_FILLS[restriction] if fill == "restriction" else PAPER
            items.append(Item(str(RESTRICTION_LABELS[restriction]), _swatch(ground, restriction)))
    entrances = {opening.restriction == OPEN for opening in openings if opening.entrance}
    items += [Item(_("Entrance"), _arrow(True))] if True in entrances else []
    items += [Item(_("Staff entrance"), _arrow(False))] if False in entrances else []
    doors = {opening.restriction for opening in openings if opening.kind != GAP}
    items += [Item(_("Staff door"), _closed_sign(EMPLOYEES_ONLY))] if EMPLOYEES_ONLY in doors else []
    items += [Item(_("Restricted door"), _closed_sign(RESTRICTED))] if RESTRICTED in doors else []
    if any(fixture.category == "shutter" for fixture in document.on_level("fixtures", level_key)):
        items.append(Item(_("Shutter"), _shutter))
    amenities = sorted({amenity.category for amenity in document.on_level("amenities", level_key)})
    return items + [Item(str(AMENITY_LABELS[one]), _amenity(one)) for one in amenities]


def legend_height(items: list[Item], width: float) -> float:
    """What the legend takes in columns of this width in all (mm)."""
    columns = max(1, int(width // COLUMN_MM))
    return ROW_MM * -(-len(items) // columns) + (3.0 if items else 0.0)


def draw_legend(parent: Element, left: float, top: float, width: float, items: list[Item]) -> None:
    """Rows of signs with their words, from the left."""
    whole = group(parent, "legend")
    columns = max(1, int(width // COLUMN_MM))
    step = width / columns
    for number, item in enumerate(items):
        x, y = left + step * (number % columns), top + ROW_MM * (number // columns + 0.5)
        item.draw(whole, x + _SWATCH[0] / 2, y)
        room = step - _SWATCH[0] - 2.5
        size = SIZE if text_width(item.label, SIZE) <= room else _SMALL
        words = shortened(item.label, size, room)
        add(whole, "text", words, x=x + _SWATCH[0] + 1.5, y=y + size * 0.36, font_size=size, fill=INK)


def _swatch(fill: str, restriction: str = OPEN) -> Callable[[Element, float, float], None]:
    def draw(parent: Element, x: float, y: float) -> None:
        width, height = _SWATCH
        look = {"stroke": palette.WALL, "stroke_width": symbols.THIN}
        add(parent, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, fill=fill, **look)
        if restriction != OPEN:
            # Metres that are millimetres, upside down.
            pen = Pen(0, 0, 1000)
            symbols.draw_hatching(
                parent, pen, {restriction: [box(x - width / 2, -y - height / 2, x + width / 2, -y + height / 2)]}
            )

    return draw


def _arrow(public: bool) -> Callable[[Element, float, float], None]:
    return lambda parent, x, y: symbols.draw_arrow(parent, (x + 2.4, y), (1.0, 0.0), public)


def _closed_sign(restriction: str) -> Callable[[Element, float, float], None]:
    return lambda parent, x, y: symbols.draw_sign(parent, (x, y), restriction, palette.DOOR_INK[restriction])


def _shutter(parent: Element, x: float, y: float) -> None:
    look = {"stroke": INK, "stroke_width": 0.45, "stroke_dasharray": "2.2 0.9 0.5 0.9"}
    add(parent, "path", d=f"M{x - 3:.3f} {y:.3f}L{x + 3:.3f} {y:.3f}", fill="none", **look)


def _amenity(category: str) -> Callable[[Element, float, float], None]:
    return lambda parent, x, y: symbols.draw_amenity(parent, (x, y), category)
