"""Why a file is refused, as codes: ``gis_core.files.messages`` has the words."""

from typing import Any


class FileRefused(Exception):
    """The file is not taken. ``code`` is one of ``messages.REFUSALS``; ``details`` fill its text."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details = details
