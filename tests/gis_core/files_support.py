"""Photos, documents and rasters made for the tests, and the people and records they need."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import ExifTags, Image
from pillow_heif import register_heif_opener
from rasterio.transform import from_origin

register_heif_opener()

# A place in Namwon: 35°24'36" N 127°22'48" E.
LATITUDE, LONGITUDE = (35.0, 24.0, 36.0), (127.0, 22.0, 48.0)
NAMWON = (127.38, 35.41)


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red at the top left, green at the top right, blue at the bottom: any turn shows."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((220, 20, 20), (0, 0, width // 2, height // 2))
    image.paste((20, 200, 20), (width // 2, 0, width, height // 2))
    return image.convert(mode)


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """How a camera held in this orientation would have stored the picture."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(undo[orientation]) if orientation in undo else image


def exif(orientation: int | None = None, *, place: bool = True) -> Image.Exif:
    tags = Image.Exif()
    if orientation is not None:
        tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "Samsung\x00"
    tags[ExifTags.Base.DateTime] = "2024:05:01 09:30:00"
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:05:01 09:29:58"
    if place:
        gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", LATITUDE
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", LONGITUDE
    return tags


def encoded(image: Image.Image, format: str, **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, format, **options)
    out.seek(0)
    return out


def photo(orientation: int | None = None, **options: Any) -> io.BytesIO:
    stored = turned(picture(), orientation or 1)
    return encoded(stored, "JPEG", exif=exif(orientation), quality=95, comment=b"taken in Namwon", **options)


def corners(image: Image.Image) -> str:
    """The strongest colour near each corner, top row first."""
    image = image.convert("RGB")
    right, bottom = image.width - 8, image.height - 8
    found = (image.getpixel(at) for at in ((7, 7), (right, 7), (7, bottom), (right, bottom)))
    return "".join("rgb"[int(np.argmax(colour))] for colour in found)


UPRIGHT = "rgbb"


def package(*names: str, **contents: str) -> io.BytesIO:
    """A zip with these entries; ``contents`` maps entries to text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
        for name, text in contents.items():
            archive.writestr(name, text)
    out.seek(0)
    return out


def compound(*streams: str, body: bytes = b"") -> io.BytesIO:
    """The beginning of an OLE file with these names in its directory."""
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)
    return io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + body.ljust(512, b"\0") + names)


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def raster(path: Path, data: np.ndarray, **options: Any) -> Path:
    """A GeoTIFF of ``data`` (bands, rows, columns) near Namwon in EPSG:5179, 10 m pixels, unless told otherwise."""
    profile = {
        "driver": "GTiff", "count": data.shape[0], "height": data.shape[1], "width": data.shape[2],
        "dtype": data.dtype, "crs": "EPSG:5179", "transform": from_origin(1_000_000, 1_700_000, 10, 10), **options,
    }  # fmt: skip
    meanings, colours = profile.pop("colorinterp", None), profile.pop("colormap", None)
    with rasterio.open(path, "w", **profile) as out:
        out.write(data)
        if meanings:
            out.colorinterp = meanings
        if colours:
            out.write_colormap(1, colours)
    return path
