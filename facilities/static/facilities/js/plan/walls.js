// Walls as people mean them: the whole straight run a dragged side belongs to, and the wall an opening stands in.

import {
  add,
  cross,
  direction,
  distance,
  dot,
  left,
  middle,
  rounded,
  SAME,
  same,
  scale,
  subtract,
  THICKEST,
} from "./geometry.js";
import { nearestWall } from "./snapping.js";

// Straight enough to be one wall: metres off the line.
const OFF_LINE = 0.002;

function onLine({ a, along }, { a: first, b: second }) {
  return (
    Math.abs(cross(along, subtract(first, a))) < OFF_LINE && Math.abs(cross(along, subtract(second, a))) < OFF_LINE
  );
}

const stretch = ({ a, along }, side) =>
  [dot(subtract(side.a, a), along), dot(subtract(side.b, a), along)].sort((first, second) => first - second);

/**
 * The corners that must move when a side of a room is dragged: those of every side that lies on the same straight
 * line and hangs together with it, on both faces of the wall. A wall that ended in the middle would be bent by moving
 * one of its ends, so the run goes on to where it turns. `sides` are [{a, b, unit}].
 */
export function wallRun(a, b, sides) {
  const line = { a, along: direction(a, b) };
  const candidates = sides
    .filter((side) => onLine(line, side))
    .map((side) => ({ side, span: stretch(line, side) }))
    .sort((first, second) => first.span[0] - second.span[0]);
  let [from, to] = stretch(line, { a, b });
  for (let grew = true; grew; ) {
    grew = false;
    for (const { span } of candidates) {
      const joins = span[0] <= to + OFF_LINE && span[1] >= from - OFF_LINE;
      if (joins && (span[0] < from - OFF_LINE || span[1] > to + OFF_LINE)) {
        from = Math.min(from, span[0]);
        to = Math.max(to, span[1]);
        grew = true;
      }
    }
  }
  const inRun = candidates.filter(({ span }) => span[0] >= from - OFF_LINE && span[1] <= to + OFF_LINE);
  return distinct([a, b, ...inRun.flatMap(({ side }) => [side.a, side.b])]);
}

function distinct(points) {
  const found = [];
  for (const point of points) if (!found.some((other) => same(other, point))) found.push(point);
  return found;
}

/** The moves that shift a wall run across itself by a distance (metres, to the left of a to b). */
export function shiftWall(a, b, by, sides) {
  const across = scale(left(direction(a, b)), by);
  return wallRun(a, b, sides).map((from) => ({ from, to: rounded(add(from, across)) }));
}

/**
 * The moves that give the side index of a ring its exact length: the wall at its far end is shifted along it.
 * A wall that does not stand square to the side has its corners moved in the side's direction all the same.
 */
export function lengthen(ring, index, length, sides) {
  const corners = ring.slice(0, -1);
  const [a, b] = [corners[index], corners[(index + 1) % corners.length]];
  const next = corners[(index + 2) % corners.length];
  const by = scale(direction(a, b), length - distance(a, b));
  return wallRun(b, next, sides).map((from) => ({ from, to: rounded(add(from, by)) }));
}

/**
 * The side of a ring that runs most nearly in a direction. Lengthened, it moves the wall it runs to: the right one
 * for [1, 0], the upper one for [0, 1].
 */
export function sideTowards(ring, wanted) {
  const along = ring.slice(1).map((end, index) => dot(direction(ring[index], end), wanted));
  return along.indexOf(Math.max(...along));
}

/** A geometry with the corners at certain places moved, as a preview of what the server will do. */
export function withMoves(geometry, moves) {
  const moved = (point) => moves.find(({ from }) => same(from, point))?.to ?? point;
  return { ...geometry, coordinates: geometry.coordinates.map((ring) => ring.map(moved)) };
}

/**
 * The wall an opening stands in: {along, across, thickness, near, far} with near and far the offsets (metres, to the
 * left) of the wall's faces from the opening's own line.
 */
export function wallOf(opening, sides) {
  const [a, b] = ends(opening);
  const along = direction(a, b);
  const centre = middle(a, b);
  const offsets = [];
  const reach = THICKEST + SAME;
  const misses = (axis, side) =>
    Math.min(side.a[axis], side.b[axis]) > centre[axis] + reach ||
    Math.max(side.a[axis], side.b[axis]) < centre[axis] - reach;
  for (const side of sides) {
    if (misses(0, side) || misses(1, side)) continue;
    const first = subtract(side.a, centre);
    const second = subtract(side.b, centre);
    if (Math.abs(cross(along, direction(side.a, side.b))) > 0.02) continue;
    const offset = cross(along, first);
    if (Math.abs(offset) > THICKEST) continue;
    const [from, to] = [dot(along, first), dot(along, second)].sort((one, other) => one - other);
    if (from <= 0 && to >= 0) offsets.push(offset);
  }
  const near = Math.min(0, ...offsets);
  const far = Math.max(0, ...offsets);
  const thickness = far - near > THICKEST ? 0 : far - near;
  return { along, across: left(along), near: thickness ? near : 0, far: thickness ? far : 0, thickness };
}

export const ends = ({ geometry }) => [geometry.coordinates[0], geometry.coordinates.at(-1)];

// Openings stop at these steps (metres) along their wall.
const STEP_ALONG = 0.05;

/**
 * Where an opening of a width comes to stand when it is put near a place: {at, ends: [a, b], wall: [a, b]}, or null
 * when no wall long enough is within `tolerance`. `stepped` makes it stop at every 5 cm from the wall's end.
 */
export function standOnWall(place, walls, width, tolerance, stepped = true) {
  const long = walls.filter(([a, b]) => distance(a, b) >= width - SAME);
  const wall = nearestWall(place, long, tolerance);
  if (!wall) return null;
  const { a, b } = wall;
  const length = distance(a, b);
  const along = direction(a, b);
  const wanted = wall.t * length - width / 2;
  const from = Math.max(0, Math.min(length - width, stepped ? Math.round(wanted / STEP_ALONG) * STEP_ALONG : wanted));
  const start = rounded(add(a, scale(along, from)));
  const end = rounded(add(a, scale(along, from + width)));
  return { at: rounded(middle(start, end)), ends: [start, end], wall: [a, b] };
}
