"""IndoorGML (OGC 14-005, 19-011): ``read`` and ``write``."""

from .indoorgml_read import Options, read
from .indoorgml_write import write

__all__ = ["Options", "read", "write"]
