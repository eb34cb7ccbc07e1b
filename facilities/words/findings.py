"""Findings and refusals of every part, as the editor and the pages show them."""

from collections.abc import Callable
from typing import Any

from facilities.plan.document import Document
from facilities.plan.drawing import Refused
from facilities.plan.findings import Finding

from . import circulation, drawing

Worder = Callable[[Finding, Document], str]


def finding_json(finding: Finding, document: Document, text: Worder) -> dict[str, Any]:
    """A finding with its text (``text`` is that of the part that found it) and its suggestion's, for the editor."""
    told = finding.suggestion
    return {
        **finding.to_json(),
        "text": text(finding, document),
        "suggestion": circulation.suggestion_text(told, document) if told else "",
    }


def refusal_json(refused: Refused, document: Document) -> dict[str, Any]:
    """Why an edit was refused: text, the parts concerned and the place."""
    return {
        "detail": drawing.refusal_text(refused, document),
        "code": refused.code,
        "keys": list(refused.keys),
        "place": list(refused.place) if refused.place else None,
    }
