"""What a vacant house could be used for again: gates that must all be passed, then a score of opportunity. Pure.

Which gates and parts there are is a table's matter, but for one: that all owners agree stands in the code, because no
table may leave it out. What is not known passes no gate and counts for no part; both are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from vacanthouses.rule_reading import BadRule, at, mapping, number, sequence, text, titles

CONSENT = "consent"
KINDS = ("returning_farmers", "village_rest", "parking", "garden", "arts")
# What is measured; every other fact is an answer of a survey, or the grade.
NUMBERS = frozenset({"parcel_m2", "built_year", "office_m", "lived_near", "vacant_near"})

State = Literal["pass", "fail", "unknown"]
Standing = Literal["matched", "open", "ruled_out"]
# The better first.
STANDINGS: tuple[Standing, ...] = ("matched", "open", "ruled_out")


@dataclass(frozen=True)
class Facts:
    """What is known of a house. ``consents``: for each current owner, whether they agreed to reuse (none: no owner is
    known). ``numbers`` in the units of the table (m², m, years, houses); what is unknown is missing or None."""

    consents: tuple[bool, ...] = ()
    numbers: Mapping[str, float | None] | None = None
    choices: Mapping[str, str] | None = None

    def of(self, fact: str) -> float | str | None:
        return (self.numbers or {}).get(fact) if fact in NUMBERS else (self.choices or {}).get(fact)


@dataclass(frozen=True)
class Gate:
    """Passed by a number within its limits, or by an answer of ``passes``; an answer of neither list tells nothing."""

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    passes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """Worth nothing at ``start`` and all of its ``weight`` at ``end`` (which may be the smaller one), or by answer."""

    fact: str
    weight: float
    start: float = 0
    end: float = 0
    points: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Kind:
    gates: tuple[Gate, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Fact:
    title: Mapping[str, str]
    unit: str


@dataclass(frozen=True)
class ReuseTable:
    facts: Mapping[str, Fact]
    answers: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Kind]


@dataclass(frozen=True)
class GateFound:
    fact: str
    state: State
    value: float | str | None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class PartFound:
    """``share`` (0 to 1) of its weight that the house gets, ``points`` what that is of the score; null: unknown."""

    fact: str
    weight: float
    value: float | str | None
    share: float | None
    points: float | None


@dataclass(frozen=True)
class Match:
    """``score`` (0 to 100) over the parts that are known, null where a gate fails or consent is missing; ``least`` and
    ``most`` are what the unknown parts could make of it."""

    kind: str
    standing: Standing
    gates: tuple[GateFound, ...]
    parts: tuple[PartFound, ...] = ()
    score: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def is_partial(self) -> bool:
        """Whether something that counts is not known."""
        return any(part.share is None for part in self.parts)

    @property
    def consented(self) -> bool:
        return self.gates[0].state == "pass"

    def not_passed(self) -> tuple[GateFound, ...]:
        return tuple(gate for gate in self.gates if gate.state != "pass")

    def kept(self) -> dict[str, Any]:
        """As ``Measure.match`` keeps it."""
        return asdict(self)


def restored(kept: Mapping[str, Any]) -> Match:
    """What ``Match.kept`` gave."""
    gates = tuple(GateFound(**gate) for gate in kept["gates"])
    parts = tuple(PartFound(**part) for part in kept["parts"])
    return Match(kept["kind"], kept["standing"], gates, parts, kept["score"], kept["least"], kept["most"])


def explain(table: ReuseTable | None, kind: str, facts: Facts) -> Match:
    """How a house stands to one kind of reuse. Without a table only the owners are asked about.

    A kind the table does not tell of has no gates but consent.
    """
    rules = table.kinds.get(kind, Kind((), ())) if table else Kind((), ())
    gates = (consent(facts.consents), *(_gate(gate, facts) for gate in rules.gates))
    states = {gate.state for gate in gates}
    if "fail" in states or gates[0].state != "pass":
        return Match(kind, "ruled_out" if "fail" in states else "open", gates)
    standing: Standing = "open" if "unknown" in states else "matched"
    return _scored(kind, standing, gates, rules.parts, facts)


def consent(consents: Sequence[bool]) -> GateFound:
    """Whether all current owners agreed. Nobody known is nobody asked. ``value`` is how many did, of ``at_least``."""
    state: State = "unknown" if not consents else "pass" if all(consents) else "fail"
    return GateFound(CONSENT, state, sum(consents), at_least=len(consents))


def best(matches: Sequence[Match]) -> Match:
    """The one to look at first: by standing, by how many gates are not passed, then by what of the score is sure."""
    return min(matches, key=rank)


def rank(match: Match) -> tuple[int, int, float]:
    return STANDINGS.index(match.standing), len(match.not_passed()), -(match.least or 0)


def _gate(gate: Gate, facts: Facts) -> GateFound:
    value = facts.of(gate.fact)
    return GateFound(gate.fact, _state(gate, value), value, gate.at_least, gate.at_most)


def _state(gate: Gate, value: float | str | None) -> State:
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return "pass" if value in gate.passes else "fail" if value in gate.fails else "unknown"
    low = gate.at_least is None or value >= gate.at_least
    high = gate.at_most is None or value <= gate.at_most
    return "pass" if low and high else "fail"


def _scored(
    kind: str, standing: Standing, gates: tuple[GateFound, ...], parts: tuple[Part, ...], facts: Facts
) -> Match:
    shares = [_share(part, facts.of(part.fact)) for part in parts]
    whole = sum(part.weight for part in parts)
    known = sum(part.weight for part, share in zip(parts, shares, strict=True) if share is not None)
    found = tuple(
        PartFound(
            part.fact, part.weight, facts.of(part.fact), share,
            None if share is None else 100 * part.weight * share / known,
        )
        for part, share in zip(parts, shares, strict=True)
    )  # fmt: skip
    if not known:
        return Match(kind, standing, gates, found)
    got = sum(part.weight * share for part, share in zip(parts, shares, strict=True) if share is not None)
    return Match(
        kind, standing, gates, found, 100 * got / known, 100 * got / whole, 100 * (got + whole - known) / whole
    )


def _share(part: Part, value: float | str | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, str):
        return (part.points or {}).get(value)
    return min(max((value - part.start) / (part.end - part.start), 0.0), 1.0)


def read(body: Any) -> ReuseTable:
    """Raises BadRule with the place of the first fault."""
    body = mapping(body, "")
    facts = {name: _fact(found, at("facts", name)) for name, found in mapping(body.get("facts"), "facts").items()}
    answers = {
        name: titles(mapping(found, at("answers", name)), at("answers", name))
        for name, found in mapping(body.get("answers", {}), "answers").items()
    }
    given = mapping(body.get("kinds"), "kinds")
    for name in given:
        if name not in KINDS:
            raise BadRule(at("kinds", name), "not_one_of", names=", ".join(KINDS))
    if not given:
        raise BadRule("kinds", "empty")
    kinds = {name: _kind(found, at("kinds", name), facts) for name, found in given.items()}
    return ReuseTable(facts, answers, kinds)


def _fact(found: Any, path: str) -> Fact:
    found = mapping(found, path)
    return Fact(titles(found, path), text(found, "unit", path, default=""))


def _kind(found: Any, path: str, facts: Mapping[str, Fact]) -> Kind:
    found, gates, parts = mapping(found, path), at(path, "gates"), at(path, "parts")
    return Kind(
        tuple(_read_gate(row, at(gates, n), facts) for n, row in enumerate(sequence(found.get("gates", []), gates))),
        tuple(_read_part(row, at(parts, n), facts) for n, row in enumerate(sequence(found.get("parts", []), parts))),
    )


def _named(row: Mapping[str, Any], path: str, facts: Mapping[str, Fact]) -> str:
    name = text(row, "fact", path)
    if name not in facts:
        raise BadRule(at(path, "fact"), "not_one_of", names=", ".join(facts))
    return name


def _read_gate(row: Any, path: str, facts: Mapping[str, Fact]) -> Gate:
    row = mapping(row, path)
    name = _named(row, path, facts)
    if name not in NUMBERS:
        passes, fails = (_words(row, key, path) for key in ("pass", "fail"))
        if not passes:
            raise BadRule(at(path, "pass"), "missing")
        for word in fails:
            if word in passes:
                raise BadRule(at(path, "fail"), "twice", name=word)
        return Gate(name, passes=passes, fails=fails)
    limits = {key: number(row, key, path) for key in ("at_least", "at_most") if key in row}
    if not limits:
        raise BadRule(at(path, "at_least"), "missing")
    if len(limits) == 2 and limits["at_most"] < limits["at_least"]:
        raise BadRule(at(path, "at_most"), "out_of_range", low=limits["at_least"], high=None)
    return Gate(name, limits.get("at_least"), limits.get("at_most"))


def _words(row: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
    found = sequence(row.get(key, []), at(path, key))
    for n, word in enumerate(found):
        if not isinstance(word, str):
            raise BadRule(at(at(path, key), n), "not_a_text")
    return tuple(found)


def _read_part(row: Any, path: str, facts: Mapping[str, Fact]) -> Part:
    row = mapping(row, path)
    name, weight = _named(row, path, facts), number(row, "weight", path, low=0)
    if weight == 0:
        raise BadRule(at(path, "weight"), "not_positive")
    if name in NUMBERS:
        start, end = number(row, "from", path), number(row, "to", path)
        if start == end:
            raise BadRule(at(path, "to"), "same_ends")
        return Part(name, weight, start, end)
    where = at(path, "points")
    given = mapping(row.get("points"), where)
    points = {str(answer): number(given, answer, where, low=0, high=1) for answer in given}
    if not points or max(points.values()) == min(points.values()):
        raise BadRule(where, "no_difference")
    return Part(name, weight, points=points)
