"""One door for all formats: what a file is, by its content and not by its name; and reading and writing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facilities.plan.document import Document, to_json
from gis_core.crs import LocalFrame

from . import dxf_file, dxf_read, dxf_write, geojson, ifc, imdf, indoorgml, jsontext
from .dxf_options import DxfOptions
from .meta import Meta
from .report import EMPTY, UNKNOWN_FORMAT, Imported, ImportRefused

DXF, IMDF, INDOORGML, GEOJSON, IFC = "dxf", "imdf", "indoorgml", "geojson", "ifc"
FORMAT_NAMES: Final[Mapping[str, str]] = {
    DXF: "DXF",
    IMDF: "IMDF",
    INDOORGML: "IndoorGML",
    GEOJSON: "GeoJSON",
    IFC: "IFC",
}
# What a browser offers to choose; what a file is, is decided by its content.
ACCEPTED: Final = (".dxf", ".zip", ".imdf", ".gml", ".xml", ".geojson", ".json", ".ifc", ".ifczip")
_HEAD = 8192


def format_of(path: Path) -> str:
    """Which of the formats a file is in. Raises ImportRefused for anything else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise ImportRefused(EMPTY)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"PK"):
        return IFC if path.suffix.lower() == ".ifczip" else IMDF
    if text.startswith(b"ISO-10303-21"):
        return IFC
    if text.startswith(b"{"):
        return GEOJSON
    if text.startswith(b"<") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return INDOORGML
    if dxf_file.looks_like_dxf(head) or head.startswith(b"AC10"):
        return DXF  # a DWG is refused by name there
    raise ImportRefused(UNKNOWN_FORMAT)


def read(path: Path, options: Mapping[str, Any], frame: LocalFrame | None = None) -> Imported:
    """The plan in a file. ``options`` are the fields of the format's own options; ``frame`` is that of the building to
    read into. Raises ImportRefused."""
    format_ = format_of(path)
    given = dict(options)
    if format_ == DXF:
        return dxf_read.read(path, DxfOptions(**given))
    if format_ == IMDF:
        return imdf.read(path, imdf.Options(frame=frame, **given))
    if format_ == INDOORGML:
        return indoorgml.read(path, indoorgml.Options(frame=frame, **given))
    if format_ == GEOJSON:
        return geojson.read(path, geojson.Options(frame=frame, **given))
    return ifc.read(path, ifc.Options(**given))


def _write_json(document: Document, meta: Meta) -> bytes:
    """The plan as Dongne itself holds it, in local metres."""
    head = {"generator": "Dongne", "building": meta.building_key, "plan": meta.plan_name}
    return jsontext.dump({**head, **to_json(document)})


@dataclass(frozen=True)
class Export:
    suffix: str
    content_type: str
    write: Callable[[Document, Meta], bytes]


EXPORTS: Final[Mapping[str, Export]] = {
    export.suffix: export
    for export in (
        Export("dxf", "image/vnd.dxf", dxf_write.write),
        Export("imdf.zip", "application/zip", imdf.write),
        Export("gml", "application/gml+xml", indoorgml.write),
        Export("geojson", "application/geo+json", geojson.write),
        Export("json", "application/json", _write_json),
    )
}
