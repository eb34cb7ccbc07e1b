// GeoJSON geometry, without a map. Coordinates are [lng, lat]; every function returns new data.

/** The polygons of a Polygon or MultiPolygon: a list of lists of rings; [] for anything else. */
export function polygons(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

/** The same kind of geometry around other polygons. */
function rebuild(geometry, parts) {
  return geometry.type === "Polygon" && parts.length === 1
    ? { type: "Polygon", coordinates: parts[0] }
    : { type: "MultiPolygon", coordinates: parts };
}

export const rings = (geometry) => polygons(geometry).flat();

export const isLine = (geometry) => geometry?.type === "LineString";

/** What a person draws a shape of this type as: "Point", "LineString" or "Polygon"; null for no type. */
export const drawnKind = (type) => (type === "MultiPolygon" ? "Polygon" : (type ?? null));

const same = (a, b) => a[0] === b[0] && a[1] === b[1];

export function closeRing(ring) {
  return ring.length && !same(ring[0], ring.at(-1)) ? [...ring, ring[0]] : ring;
}

/** Every ring closed, as GeoJSON wants it; rings of fewer than three corners dropped, with their holes. */
export function closed(geometry) {
  const parts = polygons(geometry)
    .map((part) => {
      const whole = part.map(closeRing);
      return whole[0]?.length >= 4 ? whole.filter((ring) => ring.length >= 4) : [];
    })
    .filter((part) => part.length);
  return parts.length ? rebuild(geometry, parts) : null;
}

export function equals(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** A polygon as the type the layer keeps. */
export function asType(geometry, type) {
  if (!geometry || geometry.type === type) return geometry;
  if (type === "MultiPolygon" && geometry.type === "Polygon") return { type, coordinates: [geometry.coordinates] };
  if (type === "Polygon" && geometry.type === "MultiPolygon" && geometry.coordinates.length === 1)
    return { type, coordinates: geometry.coordinates[0] };
  return geometry;
}

function shoelace(ring) {
  // Relative to the first corner: projected coordinates are large and their products lose digits.
  const [x0, y0] = ring[0];
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[(i + 1) % ring.length];
    sum += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  }
  return sum / 2;
}

/** Area in square metres, holes taken out. `project` turns [lng, lat] into metres. */
export function area(geometry, project) {
  let sum = 0;
  for (const part of polygons(geometry)) {
    for (const [index, ring] of part.entries()) {
      const size = Math.abs(shoelace(ring.map(project)));
      sum += index === 0 ? size : -size;
    }
  }
  return sum;
}

/** Length of all rings, or of a line, in metres. */
export function perimeter(geometry, project) {
  let sum = 0;
  for (const corners of isLine(geometry) ? [geometry.coordinates] : rings(geometry).map(closeRing)) {
    const line = corners.map(project);
    for (let i = 1; i < line.length; i++) {
      sum += Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
    }
  }
  return sum;
}

/** [west, south, east, north]; null for no coordinates. */
export function bounds(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value) => {
    if (typeof value[0] === "number") {
      box[0] = Math.min(box[0], value[0]);
      box[1] = Math.min(box[1], value[1]);
      box[2] = Math.max(box[2], value[0]);
      box[3] = Math.max(box[3], value[1]);
    } else {
      for (const item of value) visit(item);
    }
  };
  if (geometry?.coordinates?.length) visit(geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

/** The box around boxes, nulls left out; null for none. */
export function union(boxes) {
  const known = boxes.filter(Boolean);
  if (!known.length) return null;
  const side = (index, pick) => known.map((box) => box[index]).reduce((a, b) => pick(a, b));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

export function inRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The geometry with every position replaced by `move(position)`. */
export function moved(geometry, move) {
  const visit = (value) => (typeof value[0] === "number" ? move(value) : value.map(visit));
  return geometry && { type: geometry.type, coordinates: visit(geometry.coordinates) };
}

/** Which polygon has the point inside its outer ring and outside its holes; -1 for none. */
export function partAt(geometry, point) {
  return polygons(geometry).findIndex(
    ([outer, ...holes]) => inRing(point, outer) && !holes.some((hole) => inRing(point, hole)),
  );
}

/**
 * The geometry with a hole cut into the polygon that holds the whole ring; null when no polygon does, so that a hole
 * never cuts an edge and never joins another hole.
 */
export function addHole(geometry, ring) {
  const hole = closeRing(ring);
  if (hole.length < 4) return null;
  const target = partAt(geometry, hole[0]);
  if (target < 0) return null;
  const parts = polygons(geometry);
  const [, ...holes] = parts[target];
  if (parts[target].some((edge) => ringsCross(edge, hole))) return null;
  if (holes.some((other) => inRing(other[0], hole))) return null;
  if (hole.some((corner) => partAt(geometry, corner) !== target)) return null;
  return rebuild(
    geometry,
    parts.map((part, index) => (index === target ? [...part, hole] : part)),
  );
}

/** The geometry with one more polygon. */
export function addPart(geometry, ring) {
  const part = [closeRing(ring)];
  return geometry
    ? { type: "MultiPolygon", coordinates: [...polygons(geometry), part] }
    : { type: "Polygon", coordinates: part };
}

/** Take away ring `ringIndex` of polygon `partIndex`; an outer ring goes with its holes. Null when nothing is left. */
export function removeRing(geometry, partIndex, ringIndex) {
  const parts = polygons(geometry)
    .map((part, index) => {
      if (index !== partIndex) return part;
      return ringIndex === 0 ? [] : part.filter((_, i) => i !== ringIndex);
    })
    .filter((part) => part.length);
  return parts.length ? rebuild(geometry, parts) : null;
}

/** Where a corner is: {part, ring, corner}; null when no corner has these coordinates. A line is the first of all. */
export function findCorner(geometry, point, tolerance = 1e-9) {
  for (const [part, list] of (isLine(geometry) ? [[geometry.coordinates]] : polygons(geometry)).entries()) {
    for (const [ring, corners] of list.entries()) {
      const corner = corners.findIndex(
        ([x, y]) => Math.abs(x - point[0]) <= tolerance && Math.abs(y - point[1]) <= tolerance,
      );
      if (corner >= 0) return { part, ring, corner };
    }
  }
  return null;
}

function editRing(geometry, at, edit) {
  if (isLine(geometry)) return { ...geometry, coordinates: edit(geometry.coordinates) };
  const parts = polygons(geometry).map((part, p) =>
    part.map((ring, r) => {
      if (p !== at.part || r !== at.ring) return ring;
      const open = same(ring[0], ring.at(-1)) ? ring.slice(0, -1) : [...ring];
      return closeRing(edit(open));
    }),
  );
  return rebuild(geometry, parts);
}

export function moveCorner(geometry, at, point) {
  return editRing(geometry, at, (ring) => ring.map((corner, index) => (index === at.corner ? point : corner)));
}

/** Without one corner; the whole ring goes when only two would be left, a line when only one would. Null for nothing. */
export function deleteCorner(geometry, at) {
  if (isLine(geometry) && geometry.coordinates.length <= 2) return null;
  if (isLine(geometry)) return editRing(geometry, at, (corners) => corners.filter((_, index) => index !== at.corner));
  const ring = polygons(geometry)[at.part][at.ring];
  const corners = closeRing(ring).length - 1;
  if (corners <= 3) return removeRing(geometry, at.part, at.ring);
  return editRing(geometry, at, (open) => open.filter((_, index) => index !== at.corner));
}

function cross(o, a, b) {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

function segmentsCross(a, b, c, d) {
  return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

const edges = (ring) =>
  closeRing(ring)
    .slice(1)
    .map((point, index) => [closeRing(ring)[index], point]);

function ringsCross(first, second) {
  const others = edges(second);
  return edges(first).some(([a, b]) => others.some(([c, d]) => segmentsCross(a, b, c, d)));
}

/** A point at which a ring crosses itself or another ring of its polygon; null when it never does. */
export function selfCrossing(geometry) {
  for (const part of polygons(geometry)) {
    const all = part.flatMap(edges);
    for (let i = 0; i < all.length; i++) {
      for (let j = i + 1; j < all.length; j++) {
        if (segmentsCross(...all[i], ...all[j])) return meeting(...all[i], ...all[j]);
      }
    }
  }
  return null;
}

function meeting(a, b, c, d) {
  const total = cross(a, b, c) - cross(a, b, d);
  const share = cross(a, b, c) / total;
  return [c[0] + share * (d[0] - c[0]), c[1] + share * (d[1] - c[1])];
}

/** "1,234.5 m²" or "3.21 km²" in the reader's number style. */
export function areaText(squareMetres, language) {
  const large = squareMetres >= 1e6;
  const number = new Intl.NumberFormat(language, {
    maximumFractionDigits: large ? 2 : 1,
  });
  return large ? `${number.format(squareMetres / 1e6)} km²` : `${number.format(squareMetres)} m²`;
}

export function lengthText(metres, language) {
  const large = metres >= 10_000;
  const number = new Intl.NumberFormat(language, {
    maximumFractionDigits: large ? 2 : 1,
  });
  return large ? `${number.format(metres / 1000)} km` : `${number.format(metres)} m`;
}
