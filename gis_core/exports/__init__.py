"""A filtered list as a file: CSV, GeoJSON or XLSX, with what its asker may see and nothing else."""

from .formats import FORMATS, TooMany, export

__all__ = ["FORMATS", "TooMany", "export"]
