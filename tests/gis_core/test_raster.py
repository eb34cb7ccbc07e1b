import io
import math
from pathlib import Path

import files_support as make
import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from imports_support import shared
from PIL import Image
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin

from gis_core.tiles import conversion, raster

SIZE = 256


def tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int, int]:
    x = (longitude + 180) / 360 * 2**zoom
    y = (0.5 - math.asinh(math.tan(math.radians(latitude))) / math.tau) * 2**zoom
    return zoom, int(x), int(y)


def middle(drawing: conversion.Drawing, zoom: int | None = None) -> tuple[int, int, int]:
    west, south, east, north = drawing.bounds
    return tile_at((west + east) / 2, (south + north) / 2, drawing.zoom if zoom is None else zoom)


def pixels(content: bytes | None) -> np.ndarray:
    assert content is not None
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA")).astype(int)


def at(path: Path, drawing: conversion.Drawing, across: float, down: float, zoom: int | None = None) -> np.ndarray:
    """The pixel drawn at a share of the bounds: 0, 0 is their north-west corner."""
    west, south, east, north = drawing.bounds
    zoom = drawing.zoom if zoom is None else zoom
    x = (west + (east - west) * across + 180) / 360 * 2**zoom
    y = (0.5 - math.asinh(math.tan(math.radians(north - (north - south) * down))) / math.tau) * 2**zoom
    content = raster.tile(path, zoom, int(x), int(y))
    return np.zeros(4) if content is None else pixels(content)[int(y % 1 * 256), int(x % 1 * 256)]


def converted(tmp_path: Path, data: np.ndarray, **options) -> tuple[Path, conversion.Drawing]:
    source = make.raster(tmp_path / "source.tif", data, **options)
    target = tmp_path / "target.tif"
    return target, conversion.convert(source, target)


def colour(red: int, green: int, blue: int, dtype: str = "uint8") -> np.ndarray:
    return np.full((3, SIZE, SIZE), 0, dtype) + np.array([red, green, blue], dtype)[:, None, None]


def test_a_photo_in_a_korean_crs_lies_where_it_belongs(tmp_path):
    target, drawing = converted(tmp_path, colour(200, 100, 50))
    assert drawing.crs == "EPSG:5179"
    # 1,000,000 east and 1,700,000 north of EPSG:5179 is 127.5 E, 35.28 N.
    assert drawing.bounds[0] == pytest.approx(127.5, abs=0.01)
    inside = pixels(raster.tile(target, *middle(drawing)))
    assert inside[128, 128] == pytest.approx([200, 100, 50, 255], abs=4)
    assert raster.tile(target, *tile_at(128.5, 37.5, drawing.zoom)) is None


def test_bands_are_drawn_by_what_the_file_calls_them_not_by_their_order(tmp_path):
    blue_first = (ColorInterp.blue, ColorInterp.green, ColorInterp.red)
    target, drawing = converted(tmp_path, colour(30, 90, 220), colorinterp=blue_first)
    assert pixels(raster.tile(target, *middle(drawing)))[128, 128] == pytest.approx([220, 90, 30, 255], abs=4)


def test_nodata_is_transparent_and_black_is_not(tmp_path):
    data = colour(0, 0, 0)
    data[:, :128] = 255
    target, drawing = converted(tmp_path, data, nodata=255)
    drawn = pixels(raster.tile(target, *middle(drawing, drawing.zoom - 3)))
    assert set(np.unique(drawn[..., 3])) >= {0, 255}
    assert drawn[drawn[..., 3] == 255][:, :3].max() <= 8


def test_sixteen_bits_are_stretched_between_the_stated_percentiles(tmp_path):
    data = np.tile(np.linspace(200, 3000, SIZE), (1, SIZE, 1)).astype("uint16")
    data[0, 0, 0] = 65535
    target, drawing = converted(tmp_path, data)
    ((low, high),) = drawing.stretch
    assert (low, high) == pytest.approx(np.percentile(data, conversion.PERCENTILES), abs=15)
    drawn = pixels(raster.tile(target, *middle(drawing, drawing.zoom - 1)))
    grey = drawn[drawn[..., 3] == 255]
    assert np.abs(grey[:, 0] - grey[:, 1]).max() <= 4
    assert grey[:, 0].min() <= 4
    assert grey[:, 0].max() >= 251


def test_heights_with_holes_are_drawn_without_the_holes(tmp_path):
    data = np.tile(np.linspace(10, 500, SIZE), (1, SIZE, 1)).astype("float32")
    data[0, 64:192, 64:192] = np.nan
    target, drawing = converted(tmp_path, data)
    assert np.isfinite(drawing.stretch).all()
    assert at(target, drawing, 0.5, 0.5)[3] == 0
    assert at(target, drawing, 0.1, 0.5) == pytest.approx([12, 12, 12, 255], abs=20)
    assert at(target, drawing, 0.9, 0.5) == pytest.approx([242, 242, 242, 255], abs=20)


def test_a_file_of_sixteen_bits_may_mark_opaque_by_255_or_by_65535(tmp_path):
    for opaque in (255, 65535):
        data = np.full((4, SIZE, SIZE), 9000, "uint16")
        data[0] = np.arange(SIZE) * 20
        data[3] = opaque
        meanings = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
        target, drawing = converted(tmp_path, data, colorinterp=meanings)
        assert pixels(raster.tile(target, *middle(drawing)))[128, 128, 3] == 255


def test_a_scanned_map_keeps_the_colours_of_its_palette(tmp_path):
    data = np.full((1, SIZE, SIZE), 2, "uint8")
    data[0, :, 128:] = 3
    colours = {0: (0, 0, 0, 255), 2: (250, 20, 20, 255), 3: (9, 9, 9, 255)}
    target, drawing = converted(tmp_path, data, colormap=colours, nodata=3, photometric="palette")
    drawn = pixels(raster.tile(target, *middle(drawing, drawing.zoom - 1)))
    opaque = drawn[drawn[..., 3] == 255]
    assert len(opaque)
    assert opaque.mean(axis=0)[:3] == pytest.approx([250, 20, 20], abs=6)
    assert (drawn[..., 3] == 0).any()


def test_a_rotated_raster_lies_rotated_with_clear_corners(tmp_path):
    turned = Affine.translation(1_000_000, 1_700_000) @ Affine.rotation(30) @ Affine.scale(10, -10)
    target, drawing = converted(tmp_path, colour(0, 160, 0), transform=turned)
    for zoom in (drawing.zoom, drawing.zoom - 2):
        assert at(target, drawing, 0.5, 0.5, zoom) == pytest.approx([0, 160, 0, 255], abs=6)
        for corner in ((0.04, 0.04), (0.96, 0.04), (0.04, 0.96), (0.96, 0.96)):
            assert at(target, drawing, *corner, zoom)[3] == 0
        # Where the sides of a square turned by 30 degrees touch its box.
        for touch in ((0.366, 0.96), (0.634, 0.04), (0.04, 0.366), (0.96, 0.634)):
            assert at(target, drawing, *touch, zoom)[3] == 255


def test_one_value_everywhere_is_grey_and_not_an_error(tmp_path):
    target, drawing = converted(tmp_path, np.full((1, SIZE, SIZE), 7.5, "float32"))
    assert pixels(raster.tile(target, *middle(drawing)))[128, 128, 0] == pytest.approx(128, abs=3)


def test_every_zoom_shows_the_same_colours_from_the_world_down_to_the_house(tmp_path):
    target, drawing = converted(tmp_path, colour(60, 120, 180), transform=from_origin(1_000_000, 1_700_000, 40, 40))
    for zoom in range(drawing.zoom + 3):
        shown = at(target, drawing, 0.5, 0.5, zoom)
        assert shown[3] > 60, zoom
        # A few pixels in a clear tile lose their colour to WebP's halved chroma.
        if zoom > 6:
            assert shown[:3] == pytest.approx([60, 120, 180], abs=10), zoom


def test_tiles_side_by_side_join_without_a_seam(tmp_path):
    ramp = np.linspace(0, 255, 1024)
    data = np.stack([np.tile(ramp, (1024, 1)), np.tile(ramp[:, None], (1, 1024)), np.full((1024, 1024), 90)])
    target, drawing = converted(tmp_path, data.astype("uint8"))
    zoom, x, y = middle(drawing)
    left, right = (pixels(raster.tile(target, zoom, column, y)) for column in (x, x + 1))
    assert np.abs(left[:, -1, :3] - right[:, 0, :3]).mean() < 4


@given(x=st.floats(-179, 179), y=st.floats(-84, 84), zoom=st.integers(0, 22))
def test_the_tile_that_holds_a_place_touches_bounds_around_the_place(x, y, zoom):
    around = (x - 0.01, y - 0.01, x + 0.01, y + 0.01)
    _zoom, column, row = tile_at(x, y, zoom)
    assert raster.touches(around, zoom, column, row)
    far = (x + 60) if x < 0 else (x - 60)
    if zoom >= 4:
        assert not raster.touches(around, *tile_at(far, y, zoom))


def refusal(source: Path, tmp_path: Path) -> str:
    target = tmp_path / "target.tif"
    with pytest.raises(raster.RasterRefused) as refused:
        conversion.convert(source, target)
    assert not target.exists()
    return refused.value.code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"crs": None}, "no_crs"),
        ({"transform": Affine.identity()}, "no_place"),
        ({"nodata": 0}, "empty"),
        ({"transform": from_origin(9e8, 9e8, 10, 10)}, "outside"),
        ({"crs": "EPSG:4326", "transform": from_origin(-180, 90, 1e-7, 1e-7), "width": SIZE}, None),
    ],
)
def test_a_raster_that_cannot_be_a_base_map_is_refused_with_the_reason(options, code, tmp_path):
    source = make.raster(tmp_path / "source.tif", np.zeros((1, SIZE, SIZE), "uint8"), **options)
    if code is not None:
        assert refusal(source, tmp_path) == code


def test_complex_numbers_are_no_picture(tmp_path):
    source = make.raster(tmp_path / "source.tif", np.ones((1, SIZE, SIZE), "complex64"))
    assert refusal(source, tmp_path) == "kind"


def test_what_is_not_a_geotiff_is_refused_even_if_gdal_could_read_it(tmp_path):
    photo = tmp_path / "photo.tif"
    photo.write_bytes(make.encoded(make.picture(), "PNG").read())
    assert refusal(photo, tmp_path) == "not_geotiff"
    other = tmp_path / "other.tif"
    other.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>')
    assert refusal(other, tmp_path) == "not_geotiff"


def test_a_file_broken_in_the_middle_is_found_before_anything_is_kept(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (3, 1024, 1024), dtype="uint8")
    source = make.raster(tmp_path / "source.tif", noise, compress="deflate", tiled=True)
    content = bytearray(source.read_bytes())
    middle_ = len(content) // 2
    content[middle_ : middle_ + 5000] = b"\xff" * 5000
    source.write_bytes(content)
    assert refusal(source, tmp_path) == "damaged"


def test_a_conversion_that_is_stopped_leaves_nothing(tmp_path):
    source = make.raster(tmp_path / "source.tif", colour(1, 2, 3))

    def stop(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        conversion.convert(source, tmp_path / "target.tif", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["source.tif"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("corrupt.tif", "damaged"), ("all-nodata.tif", "empty"), ("rotated.tif", "no_crs"), ("float_nan.tif", "no_crs")],
)
def test_real_broken_files_are_refused(name, code, tmp_path):
    assert refusal(shared(f"rasters/{name}"), tmp_path) == code


def test_a_real_aerial_photo_is_the_same_before_and_after(tmp_path):
    import rasterio

    source = shared("rasters/cogeo.tif")
    target = tmp_path / "target.tif"
    drawing = conversion.convert(source, target)
    assert (drawing.zoom, drawing.width, drawing.height) == (18, 1024, 1024)
    with rasterio.open(source) as before, rasterio.open(target) as after:
        assert after.bounds == pytest.approx(before.bounds, abs=0.01)
        assert np.abs(before.read().astype(int) - after.read([1, 2, 3])).mean() < 4
    drawn = pixels(raster.tile(target, *tile_at(drawing.bounds[0] + 1e-6, drawing.bounds[3] - 1e-6, 18)))
    with rasterio.open(source) as before:
        wanted = np.moveaxis(before.read(window=((0, 256), (0, 256))), 0, -1)
    assert np.abs(drawn[..., :3] - wanted).mean() < 6
