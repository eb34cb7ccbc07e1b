"""A filtered list as a file, for spreadsheets and GIS programs: what its asker may see and nothing else."""

from .formats import FORMATS, TooMany, export

__all__ = ["FORMATS", "TooMany", "export"]
