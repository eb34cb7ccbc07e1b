"""The one reader: any file a town office has, as rows of text with geometry, and what is to be said about it."""

import tempfile
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from . import archives, coordinates, tables, vectors
from .errors import ImportProblem, problem
from .geojson import read_json
from .source import Source

MAX_BYTES = 200 * 1024**2
_JSON = (".geojson", ".json", ".topojson")
_TEXT = (".csv", ".tsv", ".txt")
_ARCHIVES = (".zip", ".kmz")
ACCEPTED = (*_TEXT, ".xlsx", *_JSON, *vectors.SUFFIXES, *_ARCHIVES)


def read(
    path: str | Path, *, layer: str = "", crs: str = "", encoding: str = "", name: str = "", max_bytes: int = MAX_BYTES
) -> Source:
    """Read a CSV, XLSX, GeoJSON, TopoJSON, Shapefile (also zipped), GeoPackage, FlatGeobuf or KML file.

    ``crs`` and ``encoding`` overrule what the file says. ``name`` is what people call the file.
    Raises ImportProblem for a file that cannot be read at all; rows that cannot be read are in ``Source.problems``.
    """
    path = Path(path)
    name = name or path.name
    try:
        if not path.is_file():
            raise problem(_("There is no such file."))
        size = path.stat().st_size
        if size > max_bytes:
            raise problem(_("The file is larger than %(limit)s MB."), limit=max_bytes // 1024**2)
        if size == 0:
            raise problem(_("The file is empty."))
        source = _read(path, name, layer, encoding)
        if crs:
            source.crs = coordinates.given(crs)
        if source.crs and source.spatial:
            source.warnings += coordinates.placement(source.geometries(), source.crs)
        return source
    except ImportProblem as error:
        raise ImportProblem(*error.notices, file=error.file or name) from error


def _read(path: Path, name: str, layer: str, encoding: str) -> Source:
    suffix = path.suffix.lower()
    if suffix in _ARCHIVES:
        with tempfile.TemporaryDirectory(prefix="dongne-import-") as folder:
            return _read_archive(path, Path(folder), name, layer, encoding)
    if suffix in _JSON:
        return read_json(path.read_bytes(), name, layer, encoding)
    if suffix in _TEXT:
        return tables.read_csv(path.read_bytes(), name, encoding)
    if suffix == ".xlsx":
        return tables.read_xlsx(path, name, layer)
    if suffix in vectors.SUFFIXES:
        return vectors.read_vector(path, name, layer, encoding)
    if suffix in (".xls", ".hwp", ".hwpx"):
        raise problem(_("A %(suffix)s file is not read; save it as XLSX or CSV."), suffix=suffix)
    raise problem(
        _("A file of this kind is not read (%(suffix)s); these are: %(accepted)s"),
        suffix=suffix or "?",
        accepted=" ".join(ACCEPTED),
    )


def _read_archive(path: Path, folder: Path, name: str, layer: str, encoding: str) -> Source:
    """The one dataset of an archive, or the one whose file is called like ``layer``."""
    readable = [
        each
        for each in archives.unpack(path, folder)
        if each.suffix.lower() in ACCEPTED and each.suffix.lower() not in (*_ARCHIVES, ".txt")
    ]
    named = [each for each in readable if each.stem == layer]
    chosen = named if len(named) == 1 else readable
    if not chosen:
        raise problem(_("The archive holds no file that is read here."))
    if len(chosen) > 1:
        raise problem(
            _("The archive holds several files; choose one: %(names)s"), names=", ".join(each.stem for each in readable)
        )
    source = _read(chosen[0], name, "" if named else layer, encoding)
    if len(readable) > 1:
        source.layer, source.layers = chosen[0].stem, [each.stem for each in readable]
    return source


def require_crs(source: Source) -> coordinates.SourceCrs:
    """The source's CRS; raises ImportProblem, with the CRSs that would fit, when the file does not say."""
    if source.crs is not None:
        return source.crs
    shapes = source.geometries()
    fitting = coordinates.candidates(coordinates.bounds(shapes)) if shapes else []
    raise ImportProblem(
        *problem(
            _("The file does not say its CRS; choose it. In Korea it would lie as: %(candidates)s"),
            candidates=", ".join(f"EPSG:{srid}" for srid in fitting) or "?",
        ).notices,
        file=source.name,
    )
