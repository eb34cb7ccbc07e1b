// Where a point goes when it is near something: a corner, a wall, a right angle, a line with another corner, the grid.

import { add, cross, direction, distance, dot, foot, nearestOnSegment, rounded, scale, subtract } from "./geometry.js";

// The grid's steps in metres, and how many pixels two of its lines must lie apart.
const STEPS = [0.1, 0.5, 1, 5, 10, 50];
const FINEST_PIXELS = 9;

/** The grid step that can be told apart at a scale (pixels per metre). */
export function gridStep(pixelsPerMetre) {
  return STEPS.find((step) => step * pixelsPerMetre >= FINEST_PIXELS) ?? STEPS.at(-1);
}

const onGrid = (value, step) => Math.round(value / step) * step;

/**
 * Snap a point. `near` holds `walls` ([[a, b]…]), `corners`, `tolerance` (metres), `grid` (metres, 0 for none) and
 * `from` (the corner a line is drawn from, or null). Returns {point, kind, guides}, kind one of "corner",
 * "perpendicular", "edge", "square", "align", "grid", "none"; guides are lines to show why.
 */
export function snap(place, near) {
  const { tolerance, from = null } = near;
  const corner = nearestCorner(place, near.corners, tolerance);
  if (corner) return { point: corner, kind: "corner", guides: [] };
  const wall = nearestWall(place, near.walls, tolerance);
  if (wall) return onWall(place, wall, near);
  const square = from && squareTo(place, from, tolerance);
  if (square) return alongAxis(square, near);
  return aligned(place, near);
}

function nearestCorner(place, corners, tolerance) {
  let best = null;
  let least = tolerance;
  for (const corner of corners) {
    // The cheap test first: most corners of a large level are far away.
    if (Math.abs(corner[0] - place[0]) > least || Math.abs(corner[1] - place[1]) > least) continue;
    const far = distance(corner, place);
    if (far <= least) {
      best = corner;
      least = far;
    }
  }
  return best;
}

/** The nearest wall within a distance: {a, b, point, distance, t}, or null. */
export function nearestWall(place, walls, tolerance) {
  let best = null;
  const [x, y] = place;
  for (const wall of walls) {
    const [a, b] = wall;
    if (x < Math.min(a[0], b[0]) - tolerance || x > Math.max(a[0], b[0]) + tolerance) continue;
    if (y < Math.min(a[1], b[1]) - tolerance || y > Math.max(a[1], b[1]) + tolerance) continue;
    const found = nearestOnSegment(place, a, b);
    if (found.distance <= tolerance && (!best || found.distance < best.distance)) best = { ...found, a, b };
  }
  return best;
}

function onWall(place, { a, b, point }, { from = null, tolerance, grid }) {
  if (from) {
    const right = foot(from, a, b);
    const isOn = nearestOnSegment(right, a, b).distance < 1e-6;
    if (isOn && distance(right, point) <= tolerance && distance(from, right) > 1e-6) {
      return { point: rounded(right), kind: "perpendicular", guides: [[from, right]] };
    }
    const level = meeting(place, from, a, b, tolerance);
    if (level) return { point: rounded(level), kind: "perpendicular", guides: [[from, level]] };
  }
  const along = direction(a, b);
  if (grid && (Math.abs(along[0]) < 1e-9 || Math.abs(along[1]) < 1e-9)) {
    const axis = Math.abs(along[0]) < 1e-9 ? 1 : 0;
    const stepped = [...point];
    stepped[axis] = onGrid(point[axis], grid);
    if (nearestOnSegment(stepped, a, b).distance < 1e-6) return { point: rounded(stepped), kind: "edge", guides: [] };
  }
  return { point: rounded(point), kind: "edge", guides: [] };
}

/** Where an upright or level line from `from` meets a wall near the pointer. */
function meeting(place, from, a, b, tolerance) {
  const along = subtract(b, a);
  for (const axis of [
    [1, 0],
    [0, 1],
  ]) {
    const turn = cross(axis, along);
    if (Math.abs(turn) < 1e-9) continue;
    const found = add(from, scale(axis, cross(subtract(a, from), along) / turn));
    if (distance(found, place) <= tolerance && nearestOnSegment(found, a, b).distance < 1e-6) return found;
  }
  return null;
}

function squareTo(place, from, tolerance) {
  const [dx, dy] = subtract(place, from);
  if (Math.abs(dx) < tolerance && Math.abs(dy) < tolerance) return null;
  if (Math.abs(dy) <= tolerance) return { point: [place[0], from[1]], axis: 0, from };
  if (Math.abs(dx) <= tolerance) return { point: [from[0], place[1]], axis: 1, from };
  return null;
}

/** On a right angle the free coordinate still goes to a corner's height or to the grid. */
function alongAxis({ point, axis, from }, near) {
  const other = nearestCoordinate(point[axis], near.corners, axis, point, near.tolerance);
  const found = [...point];
  found[axis] = other ? other[axis] : near.grid ? onGrid(point[axis], near.grid) : point[axis];
  const guides = [[from, found]];
  if (other) guides.push([other, found]);
  return { point: rounded(found), kind: "square", guides };
}

// Only corners in sight of the pointer are worth lining up with.
const ALIGN_REACH = 15;

function nearestCoordinate(value, corners, axis, place, tolerance) {
  let best = null;
  let least = tolerance;
  for (const corner of corners) {
    const off = Math.abs(corner[axis] - value);
    if (off <= least && Math.abs(corner[1 - axis] - place[1 - axis]) <= ALIGN_REACH) {
      best = corner;
      least = off;
    }
  }
  return best;
}

function aligned(place, near) {
  const tolerance = near.tolerance / 2;
  const found = [...place];
  const guides = [];
  for (const axis of [0, 1]) {
    const corner = near.align === false ? null : nearestCoordinate(place[axis], near.corners, axis, place, tolerance);
    if (corner) {
      found[axis] = corner[axis];
      guides.push(corner);
    } else if (near.grid) found[axis] = onGrid(place[axis], near.grid);
  }
  const point = rounded(found);
  const kind = guides.length ? "align" : near.grid ? "grid" : "none";
  return { point, kind, guides: guides.map((corner) => [corner, point]) };
}

/** A point at an exact distance from another, in the direction of a third. */
export function atLength(from, towards, length) {
  const along = direction(from, towards);
  return rounded(add(from, scale(dot(along, along) ? along : [1, 0], length)));
}

/** A point at a distance and an angle (degrees, counterclockwise from the x axis). */
export function atAngle(from, length, degrees) {
  const angle = (degrees * Math.PI) / 180;
  return rounded(add(from, [Math.cos(angle) * length, Math.sin(angle) * length]));
}

/** The direction from one point to another in degrees, 0 to 360. */
export function angleOf(from, to) {
  const [dx, dy] = subtract(to, from);
  return (((Math.atan2(dy, dx) * 180) / Math.PI) % 360) + (dy < 0 ? 360 : 0);
}
