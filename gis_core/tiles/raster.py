"""Tiles of an own raster, drawn from the file that ``gis_core.tiles.conversion`` made. No Django here."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

TILE = 256
# Zooms below the native one that have pixels of their own in the file.
OVERVIEWS = 8
# Web Mercator: metres from the middle to an edge of the world.
WORLD = math.pi * 6378137.0

Bytes = NDArray[np.uint8]


class RasterRefused(Exception):
    """``code``: not_geotiff, no_crs, no_place, outside, damaged, empty, kind, too_large, no_space."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tile(path: Path, zoom: int, column: int, row: int) -> bytes | None:
    """One tile as WebP (256 x 256), or None where the raster has nothing.

    Raises RasterRefused ``damaged`` when the file cannot be read.
    """
    try:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(path, driver="GTiff") as dataset:
            data = _read_tile(dataset, zoom, column, row)
    except RasterioError as error:
        raise RasterRefused("damaged") from error
    if data is None or not data[-1].any():
        return None
    return _encoded(data)


def touches(bounds: tuple[float, float, float, float], zoom: int, column: int, row: int) -> bool:
    """Whether a tile overlaps west, south, east, north (degrees)."""
    west, south, east, north = bounds
    tiles = 1 << zoom
    left, right = ((degrees + 180) / 360 * tiles for degrees in (west, east))
    top, bottom = ((0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau) * tiles for lat in (north, south))
    return left < column + 1 and column < right and top < row + 1 and row < bottom


def clear_tile() -> bytes:
    """A tile that shows nothing."""
    return _encoded(np.zeros((4, TILE, TILE), dtype=np.uint8))


def _read_tile(dataset: Any, zoom: int, column: int, row: int) -> Bytes | None:
    """Bands of a tile, alpha last; only the part that overlaps the raster is read."""
    size = 2 * WORLD / (1 << zoom)
    scale = size / TILE / dataset.transform.a
    left = (column * size - WORLD - dataset.transform.c) / dataset.transform.a
    top = (WORLD - row * size - dataset.transform.f) / dataset.transform.e
    first_x, last_x = _overlap(left, scale, dataset.width)
    first_y, last_y = _overlap(top, scale, dataset.height)
    if last_x <= first_x or last_y <= first_y:
        return None
    west, east = (min(dataset.width, max(0.0, left + x * scale)) for x in (first_x, last_x))
    north, south = (min(dataset.height, max(0.0, top + y * scale)) for y in (first_y, last_y))
    window = Window(west, north, east - west, south - north)
    part = dataset.read(
        window=window,
        out_shape=(dataset.count, last_y - first_y, last_x - first_x),
        resampling=_resampling(scale),
    )
    if part.shape[1:] == (TILE, TILE):
        whole: Bytes = part
        return whole
    data = np.zeros((dataset.count, TILE, TILE), dtype=np.uint8)
    data[:, first_y:last_y, first_x:last_x] = part
    return data


def _resampling(scale: float) -> Resampling:
    if scale < 1:
        return Resampling.bilinear
    return Resampling.nearest if scale <= 2**OVERVIEWS else Resampling.average


def _overlap(start: float, scale: float, size: int) -> tuple[int, int]:
    """Which of a tile's pixels lie on the raster, along one axis: first, and one past the last."""
    first, last = round(-start / scale), round((size - start) / scale)
    if first == last:
        # A raster smaller than a pixel still shows.
        first = math.floor((size / 2 - start) / scale)
        last = first + 1
    first, last = max(0, first), min(TILE, last)
    return first, last


def _encoded(data: Bytes) -> bytes:
    *colours, alpha = data
    bands = [*(colours if len(colours) == 3 else colours * 3), alpha]
    if (alpha == 255).all():
        bands.pop()
    image = Image.fromarray(np.ascontiguousarray(np.stack(bands, axis=-1)))
    out = BytesIO()
    image.save(out, "WEBP", quality=82, method=1)
    return out.getvalue()
