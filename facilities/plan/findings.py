"""What a check of a plan, or the reading of a file, has to tell: a code and its parameters, worded elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Suggestion:
    """What could be done about a finding; ``facilities.words`` words it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True)
class Finding:
    """``level`` and ``keys`` name the parts it is about (the first key is the one to select in the editor).

    ``params`` hold plain values (numbers, text, keys of parts), ``geometry`` the place in local metres.
    """

    code: str
    severity: Severity = "warning"
    level: str = ""
    keys: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    suggestion: Suggestion | None = None

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values, with the geometry as GeoJSON in local metres."""
        return {
            "code": self.code,
            "severity": self.severity,
            "level": self.level,
            "keys": list(self.keys),
            "params": dict(self.params),
            "geometry": None if self.geometry is None else mapping(self.geometry),
            "suggestion": None if self.suggestion is None else self.suggestion.to_json(),
        }


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first; within a severity the order they came in."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
