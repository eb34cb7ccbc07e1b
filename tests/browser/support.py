"""Finding places on the map's picture, and drawing on it, as a hand with a mouse does."""

import math
import re
from typing import Any

from playwright.sync_api import Page
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from tests import factories


def degrees(point: Point) -> tuple[float, float]:
    """Longitude and latitude of a point in EPSG:5179."""
    found: Any = reproject(point, STORAGE_SRID, LONLAT_SRID)
    return found.x, found.y


def at(east: float, north: float, zoom: float = 16) -> str:
    """The map's ``at`` parameter for a place in the test's territory."""
    lon, lat = degrees(factories.place(east, north))
    return f"{zoom}/{lat:.6f}/{lon:.6f}"


def _world(lon: float, lat: float, zoom: float) -> tuple[float, float]:
    size = 256 * 2**zoom
    sine = math.sin(math.radians(lat))
    return (lon + 180) / 360 * size, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size


def pixel(page: Page, east: float, north: float) -> tuple[float, float]:
    """Where on the page a place of the territory is: the address says what the map shows."""
    match = re.search(r"[?&]at=([\d.]+)/(-?[\d.]+)/(-?[\d.]+)", page.url)
    assert match, page.url
    zoom, lat, lon = map(float, match.groups())
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = _world(lon, lat, zoom)
    x, y = _world(*degrees(factories.place(east, north)), zoom)
    return box["x"] + box["width"] / 2 + x - middle[0], box["y"] + box["height"] / 2 + y - middle[1]


def click(page: Page, east: float, north: float) -> None:
    x, y = pixel(page, east, north)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*pixel(page, *start))
    page.mouse.down()
    page.mouse.move(*pixel(page, *end), steps=6)
    page.mouse.up()


def offset(shape: BaseGeometry) -> tuple[float, float]:
    """Metres east and north of the territory's origin."""
    x, y = shape.coords[0]
    return x - factories.ORIGIN[0], y - factories.ORIGIN[1]


def shapely_of(value: Any) -> Any:
    """A stored geometry as shapely."""
    from gis_core.editing.shapes import to_shapely

    return to_shapely(value)
