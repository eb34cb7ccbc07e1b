"""Why a drawing cannot be laid under a plan, as codes: ``facilities.words.underlay`` has the words."""

from typing import Any


class Unreadable(Exception):
    """``code`` is one of ``facilities.words.underlay.REFUSALS``; ``params`` fill its text."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
