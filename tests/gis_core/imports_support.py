"""Small files for the import tests, written as the offices' programs write them."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from openpyxl import Workbook
from pyogrio.raw import write
from shapely.geometry.base import BaseGeometry

# Not part of the checkout: the working copies of the project have it beside them.
SHARED = Path(__file__).parents[3] / "shared" / "data"


def shared(path: str) -> Path:
    """A file of the shared data; the test is skipped, saying so, where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"the shared data are not here: {path}")
    return found


def vector(
    path: Path,
    shapes: list[BaseGeometry | None],
    columns: dict[str, list],
    *,
    crs: str | None,
    driver: str,
    **options: object,
) -> Path:
    """A vector file of these features."""
    filled = next((shape for shape in shapes if shape is not None), None)
    write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()],
        np.array(list(columns)),
        crs=crs,
        geometry_type=filled.geom_type if filled is not None else "Unknown",
        driver=driver,
        **options,
    )
    return path


def shapefile(
    folder: Path,
    shapes: list,
    columns: dict[str, list],
    *,
    crs: str | None = "EPSG:5186",
    encoding: str = "CP949",
    cpg: bool = True,
) -> Path:
    folder.mkdir(exist_ok=True)
    path = vector(folder / "areas.shp", shapes, columns, crs=crs, driver="ESRI Shapefile", encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink()
    return path


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zipped_folder(path: Path, folder: Path) -> Path:
    return zipped(path, {each.name: each.read_bytes() for each in sorted(folder.iterdir())})


def sheet(path: Path, rows: list[list], title: str = "Sheet1") -> Path:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path
