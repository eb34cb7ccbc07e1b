"""Whether the members of a zone hang together, and what shape they make. Pure: shapes in EPSG:5179, metres.

Two areas are neighbours when they share a border of some length; a common point is none. Boundaries of two sources
leave gaps and slivers, so that a border counts as shared where the two lie within ``TOLERANCE_M`` of each other. A zone
whose members do not hang together is told of, never refused: people on two shores may well have something in common.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import pi

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

# How far two drawings of the same border may lie apart.
TOLERANCE_M = 5.0
# Where two areas meet in a point, both borders are near each other on both sides of it: twice the tolerance for a right
# angle, this much for one of 11 degrees.
MIN_BORDER_M = 50.0
# Slivers between boundaries of two sources are no overlap.
LEAST_OVERLAP_KM2 = 0.01

Borders = Mapping[int, Mapping[int, float]]


def shared_border(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres of the smaller area's edge that lie in the larger one or within the tolerance of it, in pieces of at least
    ``MIN_BORDER_M``: many points in which two areas touch are no border either."""
    small, large = sorted((one, other), key=lambda shape: float(shape.area))
    if small.distance(large) > TOLERANCE_M:
        return 0.0
    shared = shapely.line_merge(small.boundary.intersection(large.buffer(TOLERANCE_M, quad_segs=2)))
    return float(sum(piece.length for piece in shapely.get_parts(shared) if piece.length >= MIN_BORDER_M))


def borders(shapes: Mapping[int, BaseGeometry]) -> dict[int, dict[int, float]]:
    """Metres of shared border per neighbour; an area without neighbours has an empty dict."""
    ids = list(shapes)
    if not ids:
        return {}
    tree = shapely.STRtree([shapes[area] for area in ids])
    found: dict[int, dict[int, float]] = {area: {} for area in ids}
    near = tree.query([shapes[area] for area in ids], predicate="dwithin", distance=TOLERANCE_M)
    for left, right in near.T:
        if left < right:
            one, other = ids[left], ids[right]
            if metres := shared_border(shapes[one], shapes[other]):
                found[one][other] = found[other][one] = metres
    return found


def components(members: Collection[int], neighbours: Borders) -> list[frozenset[int]]:
    """The members in groups that hang together, the largest group first, then by the lowest number."""
    left, groups = set(members), []
    while left:
        group, front = set(), {min(left)}
        while front:
            group |= front
            front = {other for area in front for other in neighbours.get(area, {}) if other in left} - group
        groups.append(frozenset(group))
        left -= group
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def apart(members: Collection[int], neighbours: Borders) -> list[frozenset[int]]:
    """The groups that lie apart from the largest one; empty when all members hang together."""
    return components(members, neighbours)[1:]


def compactness(shape: BaseGeometry | None) -> float | None:
    """Polsby-Popper: 4 pi times the area over the square of the outer edge's length; 1 is a circle.

    Holes are filled and gaps that the tolerance spans are closed, for they come from the boundaries and say nothing of
    the zone; islands count as they are. After D. D. Polsby and R. D. Popper, "The Third Criterion", Yale Law & Policy
    Review 9 (1991), 301. None without a shape.
    """
    if shape is None or shape.is_empty or not shape.area:
        return None
    closed = shape.buffer(TOLERANCE_M, join_style="mitre").buffer(-TOLERANCE_M, join_style="mitre")
    outer = [Polygon(part.exterior) for part in shapely.get_parts(closed) if isinstance(part, Polygon)]
    area, edge = sum(part.area for part in outer), sum(part.length for part in outer)
    return min(1.0, 4 * pi * area / edge**2) if edge else None


@dataclass(frozen=True)
class Overlap:
    """What two zones have in common: members, and km2 of their extents (which may have been drawn)."""

    zone: int
    km2: float
    members: frozenset[int]


def overlaps(
    members: Collection[int], shape: BaseGeometry | None, others: Iterable[tuple[int, BaseGeometry, frozenset[int]]]
) -> list[Overlap]:
    """The zones (number, extent, members) that share a member or ground with these members, the largest first."""
    found = []
    for zone, extent, theirs in others:
        shared = frozenset(members) & theirs
        km2 = 0.0 if shape is None else float(shape.intersection(extent).area) / 1e6
        if shared or km2 >= LEAST_OVERLAP_KM2:
            found.append(Overlap(zone, km2, shared))
    return sorted(found, key=lambda each: (-each.km2, each.zone))


@dataclass(frozen=True)
class Without:
    """What a zone is without one of its members."""

    member: int
    groups: tuple[frozenset[int], ...]

    @property
    def is_needed(self) -> bool:
        """Whether the others hang together only through this member."""
        return len(self.groups) > 1


def without(member: int, members: Collection[int], neighbours: Borders) -> Without:
    """The groups in which the other members hang together when one leaves."""
    return Without(member, tuple(components(set(members) - {member}, neighbours)))


def bridges(members: Collection[int], neighbours: Borders) -> frozenset[int]:
    """Members whose leaving would part others that hang together now."""
    whole = len(components(members, neighbours))
    # One that lies alone takes its group with it.
    return frozenset(
        area
        for area in members
        if any(other in members for other in neighbours.get(area, {}))
        and len(without(area, members, neighbours).groups) > whole
    )
