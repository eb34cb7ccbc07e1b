// Plane geometry in the building's metres. Points are [x, y]; rings are GeoJSON's (closed). Nothing here knows a page.

// What the server snaps coordinates to.
const GRID = 1e4;
// Corners nearer than this are one corner: half of what a planner can mean.
export const SAME = 0.001;
// The thickest wall that can lie between two rooms.
export const THICKEST = 0.6;

export const round = (value) => Math.round(value * GRID) / GRID;
export const rounded = ([x, y]) => [round(x), round(y)];
export const add = ([ax, ay], [bx, by]) => [ax + bx, ay + by];
export const subtract = ([ax, ay], [bx, by]) => [ax - bx, ay - by];
export const scale = ([x, y], factor) => [x * factor, y * factor];
export const dot = ([ax, ay], [bx, by]) => ax * bx + ay * by;
export const cross = ([ax, ay], [bx, by]) => ax * by - ay * bx;
export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
export const same = (a, b) => distance(a, b) < SAME;

/** The direction from a to b as a vector one metre long; [0, 0] when they are the same. */
export function direction(a, b) {
  const length = distance(a, b);
  return length ? scale(subtract(b, a), 1 / length) : [0, 0];
}

/** A vector turned by 90° to the left. */
export const left = ([x, y]) => [-y, x];

/** The place on the segment a-b that is nearest to a point: {point, t, distance}, t from 0 at a to 1 at b. */
export function nearestOnSegment(point, a, b) {
  const along = subtract(b, a);
  const squared = dot(along, along);
  const t = squared ? Math.min(1, Math.max(0, dot(subtract(point, a), along) / squared)) : 0;
  const found = add(a, scale(along, t));
  return { point: found, t, distance: distance(point, found) };
}

/** The foot of the perpendicular from a point on the line through a and b. */
export function foot(point, a, b) {
  const along = direction(a, b);
  return add(a, scale(along, dot(subtract(point, a), along)));
}

/** The sides of a ring, [[a, b]…]. */
export const edges = (ring) => ring.slice(1).map((point, index) => [ring[index], point]);

/** All rings of a Polygon or MultiPolygon. */
export function ringsOf(geometry) {
  if (geometry?.type === "Polygon") return geometry.coordinates;
  if (geometry?.type === "MultiPolygon") return geometry.coordinates.flat();
  return [];
}

/** Every point of a GeoJSON geometry. */
export function pointsOf(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(pointsOf);
  if (geometry.type === "Point") return [geometry.coordinates];
  const depth = { LineString: 0, MultiPoint: 0, Polygon: 1, MultiLineString: 1, MultiPolygon: 2 }[geometry.type] ?? 0;
  return geometry.coordinates.flat(depth);
}

/** [west, south, east, north] of points; null of none. */
export function boxOf(points) {
  if (!points.length) return null;
  const box = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

export const boxesMeet = (a, b, by = 0) =>
  a[0] <= b[2] + by && b[0] <= a[2] + by && a[1] <= b[3] + by && b[1] <= a[3] + by;

const signedArea = (ring) => edges(ring).reduce((sum, [a, b]) => sum + cross(a, b), 0) / 2;

/** m² of a Polygon or MultiPolygon. */
export function area(geometry) {
  const polygons = geometry?.type === "MultiPolygon" ? geometry.coordinates : [ringsOf(geometry)];
  return polygons.reduce(
    (sum, rings) => sum + rings.reduce((part, ring, index) => part + Math.abs(signedArea(ring)) * (index ? -1 : 1), 0),
    0,
  );
}

export const lengthOf = (points) =>
  points.slice(1).reduce((sum, point, index) => sum + distance(points[index], point), 0);

function inRing([x, y], ring) {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of edges(ring)) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Whether a point lies in a Polygon or MultiPolygon (holes do not count). */
export function contains(geometry, point) {
  const polygons = geometry?.type === "MultiPolygon" ? geometry.coordinates : [ringsOf(geometry)];
  return polygons.some(([outer, ...holes]) => {
    return outer !== undefined && inRing(point, outer) && !holes.some((hole) => inRing(point, hole));
  });
}

/** The distance of a point from a polygon's edge, or from a line's. */
export function distanceTo(geometry, point) {
  if (geometry.type === "Point") return distance(geometry.coordinates, point);
  const lines = geometry.type === "LineString" ? [geometry.coordinates] : ringsOf(geometry);
  return Math.min(...lines.flatMap(edges).map(([a, b]) => nearestOnSegment(point, a, b).distance));
}

/** A Polygon from corners (not closed), its corners on the grid. */
export const polygon = (corners) => ({
  type: "Polygon",
  coordinates: [[...corners, corners[0]].map(rounded)],
});

export const line = (points) => ({ type: "LineString", coordinates: points.map(rounded) });
export const point = (place) => ({ type: "Point", coordinates: rounded(place) });

/** The corners of the upright rectangle between two opposite corners, counterclockwise from the lower left. */
export function rectangle(a, b) {
  const [west, south, east, north] = boxOf([a, b]);
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
}

/**
 * The opposite corner of a rectangle that starts at `start` and opens towards `towards`, with exact sides where they
 * are given (metres).
 */
export function oppositeCorner(start, towards, width, depth) {
  const sign = (value) => (value < 0 ? -1 : 1);
  const [dx, dy] = subtract(towards, start);
  return rounded([
    width === null ? towards[0] : start[0] + sign(dx) * width,
    depth === null ? towards[1] : start[1] + sign(dy) * depth,
  ]);
}

/** Whether a Polygon is a rectangle; then {width, depth}: of its first side (along x for an upright one), and across. */
export function rectangleSides(geometry) {
  const rings = ringsOf(geometry);
  if (geometry?.type !== "Polygon" || rings.length !== 1) return null;
  const corners = withoutStraight(rings[0]);
  if (corners.length !== 4) return null;
  const sides = corners.map((corner, index) => subtract(corners[(index + 1) % 4], corner));
  const square = sides.every((side, index) => {
    const next = sides[(index + 1) % 4];
    return Math.abs(dot(side, next)) < SAME * Math.hypot(...side) * 2;
  });
  if (!square) return null;
  const first = Math.abs(sides[0][0]) >= Math.abs(sides[0][1]) ? 0 : 1;
  return { width: Math.hypot(...sides[first]), depth: Math.hypot(...sides[1 - first]) };
}

/** The corners of a ring at which it turns. */
export function withoutStraight(ring) {
  const corners = ring.slice(0, -1);
  return corners.filter((corner, index) => {
    const before = corners.at(index - 1);
    const after = corners[(index + 1) % corners.length];
    return Math.abs(cross(direction(before, corner), direction(corner, after))) > 1e-6;
  });
}

/** Where a label may stand, the best place first: middles of wide clear places with {width, height} in metres. */
export function labelSpots(geometry) {
  const rings = ringsOf(geometry);
  const box = boxOf(rings[0]);
  const sides = rings.flatMap(edges);
  const found = [];
  for (const part of [0.5, 0.35, 0.65, 0.2, 0.8]) {
    const y = box[1] + (box[3] - box[1]) * part;
    for (const chord of chords(sides, y, 0)) {
      for (const across of [0.5, 0.28, 0.72]) found.push(spotOn(sides, chord, across, y, part === 0.5));
    }
  }
  return found.sort((a, b) => b.worth - a.worth);
}

/** A spot at a share of a level chord; `centred` lets it go up or down to the middle of the space there. */
function spotOn(sides, [west, east], across, y, centred) {
  const x = west + (east - west) * across;
  const [south, north] = chords(sides, x, 1).find(([low, high]) => low <= y && y <= high) ?? [y, y];
  const at = centred ? (south + north) / 2 : y;
  const height = 2 * Math.min(north - at, at - south);
  const width = 2 * Math.min(east - x, x - west);
  return { point: [x, at], width, height, worth: Math.min(width, height * 3) };
}

/** The stretches of a line y = value (axis 0) or x = value (axis 1) that lie inside. */
function chords(sides, value, axis) {
  const other = 1 - axis;
  const crossings = [];
  for (const [a, b] of sides) {
    if (a[other] > value !== b[other] > value) {
      crossings.push(a[axis] + ((b[axis] - a[axis]) * (value - a[other])) / (b[other] - a[other]));
    }
  }
  crossings.sort((first, second) => first - second);
  const found = [];
  for (let index = 0; index + 1 < crossings.length; index += 2) found.push([crossings[index], crossings[index + 1]]);
  return found;
}
