// Affine matrices [a, b, c, d, e, f] that take pixels (y down) to metres (y up), in the order of SVG: as
// facilities/plan/underlay.py has them.

import { distance } from "./geometry.js";

export const applied = ([a, b, c, d, e, f], [x, y]) => [a * x + c * y + e, b * x + d * y + f];

export function inverse([a, b, c, d, e, f]) {
  const determinant = a * d - b * c;
  return [
    d / determinant,
    -b / determinant,
    -c / determinant,
    a / determinant,
    (c * f - d * e) / determinant,
    (b * e - a * f) / determinant,
  ];
}

/** Where a picture without a scale is put until it has one: upright, so many metres wide. */
export function provisional(width, height, metres = 30) {
  const scale = metres / width;
  return [scale, 0, 0, -scale, 0, height * scale];
}

/**
 * Two control points for a line whose true length is known. The first stays where it is shown; with `straight` the
 * picture is turned so that the line runs along the nearer of the building's axes.
 */
export function knownLength(matrix, first, second, metres, straight) {
  const start = applied(matrix, first);
  const end = applied(matrix, second);
  let angle = Math.atan2(end[1] - start[1], end[0] - start[0]);
  if (straight) angle = Math.round(angle / (Math.PI / 2)) * (Math.PI / 2);
  const place = [start[0] + Math.cos(angle) * metres, start[1] + Math.sin(angle) * metres];
  return [
    { pixel: first, place: start },
    { pixel: second, place },
  ];
}

/** Metres by which each point misses its place under a matrix. */
export const misses = (matrix, points) => points.map(({ pixel, place }) => distance(applied(matrix, pixel), place));
