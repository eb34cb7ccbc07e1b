"""The Indoor Mapping Data Format (OGC 20-094): ``read``, ``write`` and ``validate``."""

from .imdf_read import Options, read
from .imdf_validate import validate
from .imdf_write import write

__all__ = ["Options", "read", "validate", "write"]
