"""Candidates for concentration zones: convex pieces of ground that pass the legal test. Pure.

Shapes are restricted to convex hulls of vacant houses' grounds, so that no candidate reaches out to distant houses
along a thread, which the letter of the test would allow. From every house hulls grow by one neighbour after the other;
of the hulls that began at one house the most promising few go on (a beam search). No border cuts the ground of a house
inside, and ``concentration.proof`` has the last word, so nothing is proposed that does not pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from vacanthouses.concentration import House, Proof, Village, ZoneTable, proof

# What may touch without overlapping: square metres by which rounding makes neighbours overlap.
TOUCHING_M2 = 0.01
# How many hulls of one beginning go on at each step, by each measure of promise.
WIDTH = 3


@dataclass(frozen=True)
class Candidate:
    polygon: Polygon
    proof: Proof


@dataclass(frozen=True)
class _Grounds:
    """The ground each vacant house stands for, and the buildings that are old and that are not known to be."""

    village: Village
    shapes: np.ndarray
    parcel_m2: np.ndarray
    tree: STRtree
    old: STRtree
    young: STRtree


@dataclass(frozen=True)
class _Growing:
    """Hulls of one step, with the house each began at."""

    hulls: np.ndarray
    begun: np.ndarray


def find(village: Village, table: ZoneTable, taken: Iterable[BaseGeometry] = ()) -> list[Candidate]:
    """Zones that pass, overlapping neither one another nor what is ``taken`` (EPSG:5179); most vacant houses first.

    The one with the most vacant houses comes first, of these the one on the least ground; then the next that overlaps
    none of those before. The search is heuristic: that it finds nothing is no proof that nothing is there.
    """
    hulls, vacant = _hopeful(_grounds(village, table), table)
    alive = ~_overlapping(hulls, list(taken))
    tree = STRtree(hulls)
    chosen: list[Candidate] = []
    for n in np.lexsort([shapely.area(hulls), -vacant]):
        if not alive[n]:
            continue
        tested = proof(hulls[n], village, table)
        if tested.passed:
            chosen.append(Candidate(hulls[n], tested))
            near = tree.query(hulls[n], predicate="intersects")
            alive[near[_overlapping(hulls[near], [hulls[n]])]] = False
    return chosen


def ground_of(house: House, yard_m: float) -> Polygon:
    """The convex ground of a house: its parcel with the place itself, or a square around it."""
    x, y = house.point.x, house.point.y
    if house.parcel is None:
        return shapely.box(x - yard_m, y - yard_m, x + yard_m, y + yard_m)
    return shapely.union(house.parcel, house.point).convex_hull


def _grounds(village: Village, table: ZoneTable) -> _Grounds:
    shapes = np.array([ground_of(house, table.search.yard_m) for house in village.houses], dtype=object)
    old = STRtree([building.point for building in village.buildings if building.old])
    young = STRtree([building.point for building in village.buildings if not building.old])
    parcels = np.array([house.parcel.area if house.parcel else 0.0 for house in village.houses])
    return _Grounds(village, shapes, parcels, STRtree(shapes), old, young)


def _seeds(grounds: _Grounds, table: ZoneTable) -> np.ndarray:
    """Houses with enough others near, one hop after the other, for any zone to hold them."""
    neighbours: dict[int, list[int]] = {}
    for one, other in grounds.tree.query(grounds.shapes, predicate="dwithin", distance=table.search.reach_m).T:
        neighbours.setdefault(int(one), []).append(int(other))
    return np.array([seed for seed in neighbours if _reaches(seed, neighbours, table.search.least_vacant)], dtype=int)


def _reaches(seed: int, neighbours: dict[int, list[int]], enough: int) -> bool:
    found, open_ = {seed}, [seed]
    while open_ and len(found) < enough:
        fresh = [other for other in neighbours[open_.pop()] if other not in found]
        found.update(fresh)
        open_ += fresh
    return len(found) >= enough


def _hopeful(grounds: _Grounds, table: ZoneTable) -> tuple[np.ndarray, np.ndarray]:
    """Hulls that may pass, from every seed, and how many vacant houses are in each."""
    seeds = _seeds(grounds, table)
    growing = _Growing(grounds.shapes[seeds], seeds)
    hulls, vacant = [growing.hulls[:0]], [np.zeros(0, dtype=int)]
    while len(growing.hulls):
        number = _counts(grounds.village.house_tree, growing.hulls)
        found = np.flatnonzero(_may_pass(growing.hulls, number, grounds, table))
        hulls.append(growing.hulls[found])
        vacant.append(number[found])
        growing = _grown(growing, grounds, table)
    return np.concatenate(hulls), np.concatenate(vacant)


def _may_pass(hulls: np.ndarray, vacant: np.ndarray, grounds: _Grounds, table: ZoneTable) -> np.ndarray:
    """Without the hulls that cut the ground of a house inside, and those that cannot pass: a proof takes far longer.
    Whole parcels bound the ground that is covered."""
    old, young = _counts(grounds.old, hulls), _counts(grounds.young, hulls)
    aged = (old + young > 0) & (old >= float(table.min_old_share) * (old + young) - 1e-6)
    which, house = grounds.village.house_tree.query(hulls, predicate="covers")
    parcels = np.bincount(which, weights=grounds.parcel_m2[house], minlength=len(hulls))
    of_houses = table.share_of != "area"
    shared = of_houses | (parcels >= float(table.min_share) * shapely.area(hulls) - 1e-6)
    whole = vacant == _counts(grounds.tree, hulls)
    return whole & (vacant >= table.search.least_vacant) & aged & ((vacant >= table.min_vacant) | shared)


def _grown(growing: _Growing, grounds: _Grounds, table: ZoneTable) -> _Growing:
    """Every hull with one neighbour more, without repetition, and of each beginning the most promising."""
    which, near = grounds.tree.query(growing.hulls, predicate="dwithin", distance=table.search.reach_m)
    fresh = ~shapely.covers(growing.hulls[which], grounds.shapes[near])
    which, near = which[fresh], near[fresh]
    pairs = np.column_stack([growing.hulls[which], grounds.shapes[near]])
    hulls = shapely.convex_hull(shapely.geometrycollections(pairs)) if len(pairs) else growing.hulls[:0]
    small = shapely.area(hulls) < table.max_area_m2
    hulls, begun = hulls[small], growing.begun[which[small]]
    # Two hulls over the same grounds are the same hull.
    first: np.ndarray = np.unique(shapely.to_wkb(shapely.normalize(hulls)), return_index=True)[1]
    closed = _Growing(hulls[first], begun[first])
    return _kept(closed, _promising(closed, grounds, table))


def _promising(growing: _Growing, grounds: _Grounds, table: ZoneTable) -> np.ndarray:
    """The best few of each beginning: by least ground, by shortest border, by how many more are old than need be."""
    old, young = _counts(grounds.old, growing.hulls), _counts(grounds.young, growing.hulls)
    area = shapely.area(growing.hulls)
    surplus = old - float(table.min_old_share) * (old + young)
    keep = np.zeros(len(growing.hulls), dtype=bool)
    for measure in (area, shapely.length(growing.hulls), -surplus + area / table.max_area_m2):
        order = np.lexsort([measure, growing.begun])
        begun = growing.begun[order]
        starts = np.flatnonzero(np.r_[True, begun[1:] != begun[:-1]]) if len(begun) else np.array([], dtype=int)
        rank = np.arange(len(begun)) - np.repeat(starts, np.diff(np.r_[starts, len(begun)]))
        keep[order[rank < WIDTH]] = True
    return keep


def _counts(tree: STRtree, hulls: np.ndarray) -> np.ndarray:
    return np.bincount(tree.query(hulls, predicate="covers")[0], minlength=len(hulls))


def _kept(growing: _Growing, keep: np.ndarray) -> _Growing:
    return _Growing(growing.hulls[keep], growing.begun[keep])


def _overlapping(hulls: np.ndarray, blocked: Sequence[BaseGeometry]) -> np.ndarray:
    """Which hulls share ground with what is taken."""
    found = np.zeros(len(hulls), dtype=bool)
    if blocked and len(hulls):
        which, other = STRtree(blocked).query(hulls, predicate="intersects")
        shared = shapely.area(shapely.intersection(hulls[which], np.array(blocked, dtype=object)[other]))
        found[which[shared > TOUCHING_M2]] = True
    return found
