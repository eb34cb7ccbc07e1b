"""The circulation check: are the ways of the public and of staff apart, by day and after hours?

``check`` answers for a whole plan. The rules are in ``faults``, ``faults_after_hours`` and ``dead_ends``, who is
stopped where in ``passages``, and what would help in ``remedies``.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ..document import Document
from ..findings import Finding, by_severity
from ..topology import Sides
from . import faults, faults_after_hours
from .dead_ends import dead_ends
from .interfaces import Interface, interfaces
from .passages import Network, Rules
from .routes import CounterRoute, to_counters, unreached_counters
from .survey import Survey

__all__ = ["Circulation", "Interface", "Reached", "Rules", "check"]


@dataclass(frozen=True)
class Reached:
    """Keys of the rooms that each reaches from outside: the public; staff; staff without crossing a waiting room; the
    public after hours; the public in a wheelchair, by day and after hours."""

    public: frozenset[str]
    staff: frozenset[str]
    staff_apart: frozenset[str]
    after_hours: frozenset[str]
    step_free: frozenset[str]
    after_hours_step_free: frozenset[str]

    def to_json(self) -> dict[str, list[str]]:
        return {name: sorted(keys) for name, keys in vars(self).items()}


@dataclass(frozen=True)
class Circulation:
    """What the check found, errors first; the interfaces of open and closed; who reaches what; the ways to counters."""

    findings: tuple[Finding, ...]
    interfaces: tuple[Interface, ...]
    reached: Reached
    routes: tuple[CounterRoute, ...]

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values, geometry as GeoJSON in local metres."""
        return {
            "findings": [finding.to_json() for finding in self.findings],
            "interfaces": [asdict(interface) for interface in self.interfaces],
            "reached": self.reached.to_json(),
            "routes": [route.to_json() for route in self.routes],
        }


def check(document: Document, rules: Rules | None = None, known_sides: dict[str, Sides] | None = None) -> Circulation:
    """Check a plan. ``known_sides`` are the openings' sides, where the caller has them from ``topology`` already."""
    survey = Survey(Network(document, rules or Rules(), known_sides))
    between = interfaces(survey.network)
    routes = to_counters(survey.network, survey.public)
    findings = [*_findings(survey, between), *unreached_counters(document, routes)]
    reached = Reached(
        survey.public, survey.staff, survey.staff_apart,
        survey.after_hours, survey.step_free, survey.after_hours_step_free,
    )  # fmt: skip
    return Circulation(tuple(by_severity(findings)), tuple(between), reached, routes)


def _findings(survey: Survey, between: list[Interface]) -> Iterator[Finding]:
    yield from faults.open_rooms(survey)
    yield from faults.closed_rooms(survey)
    yield from faults_after_hours.shared_rooms(survey)
    yield from faults.uncontrolled(survey, between)
    yield from faults_after_hours.interfaces_left_open(survey, between)
    yield from faults.not_step_free(survey)
    yield from faults.doorless_rooms(survey)
    yield from faults.openings(survey)
    yield from faults.shafts(survey)
    yield from dead_ends(survey.network)
