"""What a flood map of ours says: depths at places, and the map as a picture. No Django here."""

from collections.abc import Sequence
from io import BytesIO
from math import cos, inf, pi, sin
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import Image
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

from gis_core.crs import STORAGE_SRID

Place = tuple[float, float]
LONGEST_PX = 1000
# From which depth (m) a colour stands: red, green, blue, alpha. Below the first it is dry and nothing is painted.
CLASSES = (
    (0.1, (158, 202, 225, 200)),
    (0.5, (107, 174, 214, 210)),
    (1.0, (49, 130, 189, 220)),
    (2.0, (8, 69, 148, 230)),
)
# Where the map says nothing: neither dry nor wet.
UNKNOWN = (90, 98, 106, 70)
_ENV: dict[str, Any] = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}


def sample(path: Path, places: Sequence[Place]) -> list[float | None]:
    """The depth in metres at each place (EPSG:5179, x first); None outside the map and where it has no data.

    Raises rasterio.errors.RasterioIOError when the file is gone.
    """
    if not places:
        return []
    with rasterio.Env(**_ENV), rasterio.open(path, driver="GTiff") as dataset:
        to_map = Transformer.from_crs(STORAGE_SRID, dataset.crs.to_wkt(), always_xy=True)
        x, y = to_map.transform([place[0] for place in places], [place[1] for place in places])
        columns, rows = ~dataset.transform @ (np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        return [_one(dataset, column, row) for column, row in zip(columns, rows, strict=True)]


def _one(dataset: Any, column: float, row: float) -> float | None:
    if not (0 <= column < dataset.width and 0 <= row < dataset.height):
        return None
    window = rasterio.windows.Window(int(column), int(row), 1, 1)
    found = dataset.read(1, window=window, masked=True)[0, 0]
    # What was rounded below nothing is nothing.
    return None if np.ma.is_masked(found) or not np.isfinite(found) else max(0.0, float(found))


def ring(place: Place, radius_m: float, number: int) -> list[Place]:
    """Places at even steps on a circle."""
    turns = [2 * pi * step / number for step in range(number)]
    return [(place[0] + radius_m * cos(turn), place[1] + radius_m * sin(turn)) for turn in turns]


def picture(path: Path) -> tuple[bytes, tuple[float, float, float, float]]:
    """The map as PNG in the plane of EPSG:5179, and its west, south, east, north there."""
    with (
        rasterio.Env(**_ENV),
        rasterio.open(path, driver="GTiff") as dataset,
        WarpedVRT(dataset, crs=f"EPSG:{STORAGE_SRID}", resampling=Resampling.nearest) as flat,
    ):
        shrink = min(1.0, LONGEST_PX / max(flat.width, flat.height))
        shape = (max(1, round(flat.height * shrink)), max(1, round(flat.width * shrink)))
        depths = flat.read(1, out_shape=shape, masked=True).filled(np.nan)
        bounds = tuple(flat.bounds)
    colours = np.zeros((*shape, 4), dtype=np.uint8)
    colours[np.isnan(depths)] = UNKNOWN
    limits = [*(low for low, _colour in CLASSES), inf]
    for (low, colour), high in zip(CLASSES, limits[1:], strict=True):
        colours[(depths >= low) & (depths < high)] = colour
    out = BytesIO()
    Image.fromarray(colours).save(out, "PNG", optimize=True)
    return out.getvalue(), bounds
