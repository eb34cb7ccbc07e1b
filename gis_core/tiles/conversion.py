"""Turning a GeoTIFF into the file from which tiles are drawn. No Django here.

The result is 8-bit colour with alpha in EPSG:3857 on the very pixel grid of Web Mercator tiles at its native zoom, with
an overview per zoom below. A tile of a zoom that exists is then read, never resampled.
"""

import errno
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform as transform_points
from rasterio.windows import Window

from .raster import OVERVIEWS, TILE, WORLD, Bytes, RasterRefused

MAX_ZOOM = 22
# What is drawn black and white of data that is not 8-bit: the 2nd and 98th percentile of each band.
PERCENTILES = (2.0, 98.0)

# About as many pixels as a town at 10 cm; more would not be a base map.
PIXEL_LIMIT = 40_000_000_000
_EARTH = 6378137.0
_SAMPLE = 4_000_000
_STEP = 8 * TILE
_EDGE_POINTS = 33
# A cache that holds all bands of what is being written: a block flushed band by band would lose colour in lossy WebP.
_GDAL: dict[str, Any] = {"GDAL_CACHEMAX": 256 << 20, "GDAL_NUM_THREADS": 2, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
_RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Drawing:
    """What was made of a raster. ``bounds``: west, south, east, north in degrees; ``stretch``: (low, high) per band."""

    zoom: int
    width: int
    height: int
    bounds: tuple[float, float, float, float]
    crs: str
    data_type: str
    stretch: tuple[tuple[float, float], ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "percentiles": PERCENTILES if self.stretch else None}


@dataclass(frozen=True)
class Grid:
    """A block of the world's pixels at one zoom, on tile edges: ``column``, ``row`` of its first tile."""

    zoom: int
    column: int
    row: int
    columns: int
    rows: int

    @property
    def transform(self) -> Affine:
        resolution = 2 * WORLD / (TILE << self.zoom)
        edge = resolution * TILE
        return Affine(resolution, 0, self.column * edge - WORLD, 0, -resolution, WORLD - self.row * edge)

    @property
    def width(self) -> int:
        return self.columns * TILE

    @property
    def height(self) -> int:
        return self.rows * TILE


@dataclass
class Source:
    """A raster with what must be known to draw it; ``read_through`` finds ``stretch`` and ``opaque``."""

    dataset: Any
    bands: list[int]
    alpha: int | None
    palette: dict[int, tuple[int, int, int, int]] | None
    stretch: tuple[tuple[float, float], ...] = ()
    # The alpha value that means opaque: files of 16 bits use 255 as well as 65535.
    opaque: float = 255
    data_type: str = field(init=False)

    def __post_init__(self) -> None:
        self.data_type = self.dataset.dtypes[self.bands[0] - 1]

    @property
    def is_photo(self) -> bool:
        return len(self.bands) == 3

    def cover(self, reader: Any, data: NDArray[Any], window: Window) -> Bytes:
        """How much of each pixel there is, 0 to 255: not transparent, not nodata in every band, not NaN."""
        if self.alpha is not None:
            mask = (reader.read(self.alpha, window=window) * (255 / self.opaque)).round().clip(0, 255)
        elif MaskFlags.nodata in reader.mask_flag_enums[0]:
            mask = reader.read_masks(self.bands, window=window).max(axis=0)
        else:
            mask = reader.dataset_mask(window=window)
        if data.dtype.kind == "f":
            mask = np.where(np.isfinite(data).all(axis=0), mask, 0)
        if self.palette is not None:
            mask = np.minimum(mask, self.colours(data)[..., 3])
        return mask.astype(np.uint8)

    def colours(self, data: NDArray[Any]) -> Bytes:
        """The palette's colours of the pixels, as rows x columns x (red, green, blue, alpha)."""
        assert self.palette is not None
        table = np.zeros((max(self.palette) + 1, 4), dtype=np.uint8)
        table[list(self.palette)] = list(self.palette.values())
        return table.take(data[0], axis=0, mode="clip")


def convert(source: Path, target: Path, progress: Progress = lambda done, total: None) -> Drawing:
    """Check ``source`` and write the converted file to ``target``, which must not exist; on failure it is removed.

    ``progress(done, total)`` may raise to stop. Raises RasterRefused.
    """
    try:
        with rasterio.Env(**_GDAL), _opened(source) as dataset:
            raster = _described(dataset)
            grid, bounds = _grid(dataset)
            steps = _Steps(dataset, grid, progress)
            _read_through(raster, steps)
            _write(raster, grid, target, steps)
            return Drawing(
                grid.zoom, grid.width, grid.height, bounds, _crs_name(dataset), raster.data_type, raster.stretch
            )
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, RasterioError | CPLE_BaseError):
            raise RasterRefused("damaged") from error
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise RasterRefused("no_space") from error
        raise


class _Steps:
    """Progress over the two passes: reading every block, and drawing every block."""

    def __init__(self, dataset: Any, grid: Grid, progress: Progress) -> None:
        read = len(list(_windows(dataset.width, dataset.height)))
        drawn = len(list(_windows(grid.width, grid.height)))
        self.total, self.done, self._progress = read + drawn, 0, progress

    def next(self) -> None:
        self.done += 1
        self._progress(self.done, self.total)


def _opened(source: Path) -> Any:
    try:
        # Only GeoTIFF: other formats may name further files or addresses to read.
        dataset = rasterio.open(source, driver="GTiff")
    except RasterioIOError as error:
        raise RasterRefused("not_geotiff") from error
    if dataset.crs is None or dataset.transform == Affine.identity():
        dataset.close()
        raise RasterRefused("no_crs" if dataset.crs is None else "no_place")
    return dataset


def _crs_name(dataset: Any) -> str:
    code = dataset.crs.to_epsg()
    return f"EPSG:{code}" if code else str(dataset.crs.to_string())[:200]


def _described(dataset: Any) -> Source:
    """Which bands are drawn: grey, or red, green and blue in this order, found by what the file calls them."""
    if any(np.dtype(kind).kind not in "uif" for kind in dataset.dtypes):
        raise RasterRefused("kind")
    meanings = list(enumerate(dataset.colorinterp, start=1))
    named = {meaning: index for index, meaning in reversed(meanings)}
    alpha = named.get(ColorInterp.alpha)
    palette = dataset.colormap(1) if ColorInterp.palette in named else None
    if all(meaning in named for meaning in _RGB):
        return Source(dataset, [named[meaning] for meaning in _RGB], alpha, None)
    plain = [index for index, meaning in meanings if meaning != ColorInterp.alpha]
    if not plain:
        raise RasterRefused("kind")
    return Source(dataset, plain[:3] if len(plain) >= 3 and palette is None else plain[:1], alpha, palette)


def _grid(dataset: Any) -> tuple[Grid, tuple[float, float, float, float]]:
    """The tiles a raster covers at the zoom nearest to its own resolution, and its bounds in degrees."""
    steps = np.linspace(0, 1, _EDGE_POINTS)
    across, down = np.meshgrid(steps * dataset.width, steps * dataset.height)
    x, y = dataset.transform @ (across.ravel(), down.ravel())
    lon, lat = _transformed(dataset, "OGC:CRS84", x, y)
    usable = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 85.06) & (np.abs(lon) <= 180.001)
    if usable.sum() < 4:
        raise RasterRefused("outside")
    lon, lat = lon[usable].clip(-180, 180), lat[usable].clip(-85.05, 85.05)
    zoom = _native_zoom(dataset)
    east, north = lon * WORLD / 180, np.arctanh(np.sin(np.radians(lat))) * _EARTH
    column, columns = _tiles_between(east.min() + WORLD, east.max() + WORLD, zoom)
    row, rows = _tiles_between(WORLD - north.max(), WORLD - north.min(), zoom)
    grid = Grid(zoom, column, row, columns, rows)
    if grid.width * grid.height > PIXEL_LIMIT:
        raise RasterRefused("too_large")
    return grid, (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))


def _transformed(dataset: Any, target: str, x: Any, y: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    try:
        first, second = transform_points(dataset.crs, target, list(x), list(y))
    except CPLE_BaseError as error:
        raise RasterRefused("outside") from error
    return np.array(first), np.array(second)


def _tiles_between(low: float, high: float, zoom: int) -> tuple[int, int]:
    """First tile and number of tiles between two distances from the world's edge, in metres."""
    size = 2 * WORLD / (1 << zoom)
    # A hair inside, so that an edge lying on a tile's edge does not add a row of empty tiles.
    hair = 1e-4 / TILE
    first = min((1 << zoom) - 1, max(0, math.floor(low / size + hair)))
    last = min((1 << zoom) - 1, max(first, math.floor(high / size - hair)))
    return first, last - first + 1


def _native_zoom(dataset: Any) -> int:
    """The lowest zoom that keeps the raster's detail, give or take a sixth, measured at its middle."""
    column, row = dataset.width / 2, dataset.height / 2
    around = ((column, row), (column + 1, row), (column, row + 1))
    x, y = zip(*(dataset.transform @ point for point in around), strict=True)
    east, north = _transformed(dataset, "EPSG:3857", x, y)
    along = math.hypot(east[1] - east[0], north[1] - north[0])
    down = math.hypot(east[2] - east[0], north[2] - north[0])
    size = math.sqrt(along * down)
    if not math.isfinite(size) or size <= 0:
        raise RasterRefused("outside")
    return min(MAX_ZOOM, max(0, math.ceil(math.log2(2 * WORLD / TILE / size) - 0.25)))


def _windows(width: int, height: int) -> Iterator[Window]:
    for row in range(0, height, _STEP):
        for column in range(0, width, _STEP):
            yield Window(column, row, min(_STEP, width - column), min(_STEP, height - row))


def _read_through(raster: Source, steps: _Steps) -> None:
    """Read every block once, so that a broken one is found before anything is drawn; find the stretch per band."""
    dataset = raster.dataset
    every = max(1, math.isqrt(dataset.width * dataset.height // _SAMPLE))
    samples: list[list[NDArray[Any]]] = [[] for _ in raster.bands]
    found, opaque = False, 0.0
    for window in _windows(dataset.width, dataset.height):
        data = dataset.read(raster.bands, window=window)
        if raster.alpha is not None:
            opaque = max(opaque, float(dataset.read(raster.alpha, window=window).max()))
        there = raster.cover(dataset, data, window) > 0
        found = found or bool(there.any())
        for sample, band in zip(samples, data, strict=True):
            sample.append(band[::every, ::every][there[::every, ::every]])
        steps.next()
    if not found:
        raise RasterRefused("empty")
    if opaque > 255:
        raster.opaque = opaque
    if raster.palette is None and any(dataset.dtypes[band - 1] != "uint8" for band in raster.bands):
        raster.stretch = tuple(_range(np.concatenate(sample)) for sample in samples)


def _range(values: NDArray[Any]) -> tuple[float, float]:
    if not values.size:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(values.astype("float64"), PERCENTILES))
    # A single value is drawn grey.
    return (low, high) if high > low else (low - 1, low + 1)


def _write(raster: Source, grid: Grid, target: Path, steps: _Steps) -> None:
    grey = len(raster.bands) == 1 and raster.palette is None
    profile: dict[str, Any] = {
        "driver": "GTiff", "dtype": "uint8", "count": 2 if grey else 4, "width": grid.width, "height": grid.height,
        "crs": "EPSG:3857", "transform": grid.transform, "tiled": True, "blockxsize": TILE, "blockysize": TILE,
        "interleave": "pixel", "bigtiff": "if_safer", "sparse_ok": True,
        # Photographs in WebP take a tenth of the room; drawings and heights stay exact.
        **({"compress": "webp", "webp_level": 90} if raster.is_photo else {"compress": "deflate", "predictor": 2}),
    }  # fmt: skip
    with _warped(raster, grid) as warped, rasterio.open(target, "w", **profile) as out:
        out.colorinterp = [*([ColorInterp.gray] if grey else _RGB), ColorInterp.alpha]
        for window in _windows(grid.width, grid.height):
            data = warped.read(raster.bands, window=window)
            cover = raster.cover(warped, data, window)
            if cover.any():
                drawn = np.where(cover > 0, _drawn(raster, data), 0).astype(np.uint8)
                out.write(np.concatenate([drawn, cover[np.newaxis]]), window=window)
            steps.next()
    with rasterio.open(target, "r+") as out:
        # Whole tiles halve exactly eight times.
        factors = [2**level for level in range(1, min(OVERVIEWS, grid.zoom) + 1)]
        out.build_overviews(factors, Resampling.nearest if raster.palette is not None else Resampling.average)


def _warped(raster: Source, grid: Grid) -> WarpedVRT:
    nodata = raster.dataset.nodata
    if nodata is None and raster.alpha is None and np.dtype(raster.data_type).kind == "f":
        nodata = math.nan
    return WarpedVRT(
        raster.dataset,
        crs="EPSG:3857",
        transform=grid.transform,
        width=grid.width,
        height=grid.height,
        resampling=Resampling.nearest if raster.palette is not None else Resampling.bilinear,
        src_nodata=nodata,
        nodata=nodata,
        add_alpha=raster.alpha is None and nodata is None,
        # Within a tenth of a pixel.
        tolerance=0.1,
    )


def _drawn(raster: Source, data: NDArray[Any]) -> NDArray[Any]:
    """Values as 8-bit colours."""
    if raster.palette is not None:
        return np.moveaxis(raster.colours(data)[..., :3], -1, 0)
    if not raster.stretch:
        return data
    low, high = (np.array(side)[:, np.newaxis, np.newaxis] for side in zip(*raster.stretch, strict=True))
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = (data.astype("float64") - low) * 255 / (high - low)
    return np.nan_to_num(scaled.round().clip(0, 255))
