"""An uploaded flood map: checked, and written anew as one band of depths in metres. No Django here.

Run as ``python -m disaster.floods.reading SOURCE TARGET`` by ``apart`` in a process with limits: a hostile file costs
that process and nothing else. The answer is JSON on standard output.
"""

import json
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.warp import transform as transform_points

from gis_core.crs import KOREA

MEMORY_LIMIT, CPU_SECONDS, FILE_LIMIT = 2_000_000_000, 60, 2_000_000_000
# 20,000 x 20,000: a city at one metre.
PIXEL_LIMIT = 400_000_000
# Deeper than any flood of ours: what is more is not metres, or not a depth.
DEEPEST_M = 30.0
# Rounding of what was computed; a real depth is never less than nothing.
LEAST_M = -0.01
NODATA = -9999.0
METRES = {"", "m", "metre", "meter", "metres", "meters", "미터"}
_EDGE_POINTS = 21
_TILE = 256


class FloodRefused(Exception):
    """The file is no flood map; ``code`` is one of ``words.floods.REFUSALS``, ``value`` what was found."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code, self.value = code, value


@dataclass(frozen=True)
class Facts:
    """``bounds``: west, south, east, north in degrees (CRS84); ``known``: share of pixels with a depth."""

    crs: str
    bounds: tuple[float, float, float, float]
    max_depth_m: float
    known: float


def take(source: Path, target: Path) -> Facts:
    """Check a GeoTIFF of depths in metres and write it to ``target``: one band, nodata said. Raises FloodRefused."""
    try:
        with rasterio.open(source, driver="GTiff") as dataset:
            _refuse_strange(dataset)
            bounds = _bounds(dataset)
            least, most, known = _write(dataset, target)
    except RasterioIOError as error:
        raise FloodRefused("damaged" if _begins(source) else "not_geotiff") from error
    except (RasterioError, CPLE_BaseError) as error:
        raise FloodRefused("damaged") from error
    if not known:
        raise FloodRefused("empty")
    if least < LEAST_M:
        raise FloodRefused("negative", f"{least:g}")
    if most > DEEPEST_M:
        raise FloodRefused("units", f"{most:g}")
    code = dataset.crs.to_epsg()
    return Facts(f"EPSG:{code}" if code else dataset.crs.to_string()[:60], bounds, most, known)


def _begins(source: Path) -> bool:
    """Whether the file begins as a TIFF does."""
    with source.open("rb") as file:
        return file.read(4) in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}


def _refuse_strange(dataset: Any) -> None:
    if dataset.crs is None:
        raise FloodRefused("no_crs")
    if dataset.transform == Affine.identity() or dataset.transform.determinant == 0:
        raise FloodRefused("no_place")
    if dataset.count != 1:
        raise FloodRefused("bands", str(dataset.count))
    if dataset.colorinterp[0] == ColorInterp.palette:
        raise FloodRefused("picture")
    if np.dtype(dataset.dtypes[0]).kind not in "uif":
        raise FloodRefused("kind", dataset.dtypes[0])
    if dataset.width * dataset.height > PIXEL_LIMIT:
        raise FloodRefused("too_large", f"{dataset.width} × {dataset.height}")
    unit = (dataset.units[0] or "").strip().lower()
    if unit not in METRES:
        raise FloodRefused("unit_named", unit[:20])


def _bounds(dataset: Any) -> tuple[float, float, float, float]:
    """Its extent in degrees. Raises FloodRefused ``outside`` where no part of it lies in Korea."""
    steps = np.linspace(0, 1, _EDGE_POINTS)
    across, down = np.meshgrid(steps * dataset.width, steps * dataset.height)
    x, y = dataset.transform @ (across.ravel(), down.ravel())
    try:
        lon, lat = (np.array(each) for each in transform_points(dataset.crs, "OGC:CRS84", list(x), list(y)))
    except CPLE_BaseError as error:
        raise FloodRefused("outside") from error
    usable = np.isfinite(lon) & np.isfinite(lat)
    west, south, east, north = KOREA
    inside = usable & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not inside.any():
        raise FloodRefused("outside")
    return float(lon[usable].min()), float(lat[usable].min()), float(lon[usable].max()), float(lat[usable].max())


def _write(dataset: Any, target: Path) -> tuple[float, float, float]:
    """Least and greatest depth, and the share of pixels that have one; block by block, so that none is held whole."""
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": dataset.width, "height": dataset.height,
        "crs": dataset.crs, "transform": dataset.transform, "nodata": NODATA,
        "tiled": True, "blockxsize": _TILE, "blockysize": _TILE, "compress": "deflate", "predictor": 3,
    }  # fmt: skip
    least, most, known = np.inf, -np.inf, 0
    with rasterio.open(target, "w", **profile) as out:
        for _index, window in out.block_windows(1):
            depths = _depths(dataset, window)
            real = depths[np.isfinite(depths)]
            if real.size:
                least, most, known = min(least, real.min()), max(most, real.max()), known + real.size
            out.write(np.where(np.isfinite(depths), depths, NODATA).astype("float32"), 1, window=window)
    return float(least), float(most), known / (dataset.width * dataset.height)


def _depths(dataset: Any, window: Any) -> NDArray[np.float64]:
    """Depths as the file means them (scale and offset applied), NaN where it has none."""
    raw = dataset.read(1, window=window).astype("float64")
    known = dataset.read_masks(1, window=window) > 0
    return np.where(known & np.isfinite(raw), raw * dataset.scales[0] + dataset.offsets[0], np.nan)


def main() -> None:
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_LIMIT),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (amount, amount))
        except (ValueError, OSError):
            continue
    try:
        found: dict[str, Any] = asdict(take(Path(sys.argv[1]), Path(sys.argv[2])))
    except FloodRefused as refused:
        found = {"refused": refused.code, "value": refused.value}
    except MemoryError:
        found = {"refused": "too_heavy", "value": ""}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
