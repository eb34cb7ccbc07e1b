import assert from "node:assert/strict";
import { test } from "node:test";
import * as geometry from "../../facilities/static/facilities/js/plan/geometry.js";

const square = (x, y, width, depth = width) => geometry.polygon(geometry.rectangle([x, y], [x + width, y + depth]));
const ell = geometry.polygon([
  [0, 0],
  [10, 0],
  [10, 2],
  [2, 2],
  [2, 8],
  [0, 8],
]);

test("a room's area is what its sides make it, to the square centimetre", () => {
  assert.equal(geometry.area(square(0, 0, 4.2, 3.15)), 4.2 * 3.15);
  assert.ok(Math.abs(geometry.area(ell) - 32) < 1e-9);
});

test("a hole is not floor", () => {
  const holed = { type: "Polygon", coordinates: [...square(0, 0, 10).coordinates, ...square(4, 4, 2).coordinates] };
  assert.equal(geometry.area(holed), 96);
  assert.equal(geometry.contains(holed, [5, 5]), false);
  assert.equal(geometry.contains(holed, [1, 1]), true);
});

test("coordinates are those the server keeps", () => {
  assert.deepEqual(geometry.rounded([1.000049, 2.00005]), [1, 2.0001]);
});

test("typed sides make an exact rectangle towards the pointer, in every direction", () => {
  assert.deepEqual(geometry.oppositeCorner([1, 1], [9, 9], 4.2, 3.1), [5.2, 4.1]);
  assert.deepEqual(geometry.oppositeCorner([1, 1], [-9, -9], 4.2, 3.1), [-3.2, -2.1]);
  assert.deepEqual(geometry.oppositeCorner([1, 1], [3.3, 9], null, 3.1), [3.3, 4.1]);
});

test("a rectangle is told as width and depth, with corners of neighbours on its walls", () => {
  assert.deepEqual(geometry.rectangleSides(square(0, 0, 6, 4)), { width: 6, depth: 4 });
  const withCorner = geometry.polygon([
    [0, 0],
    [3, 0],
    [6, 0],
    [6, 4],
    [0, 4],
  ]);
  assert.deepEqual(geometry.rectangleSides(withCorner), { width: 6, depth: 4 });
  assert.equal(geometry.rectangleSides(ell), null);
});

test("a rectangle that begins with its depth is still as wide as it is along x", () => {
  const turned = geometry.polygon([
    [0, 0],
    [0, 4],
    [6, 4],
    [6, 0],
  ]);
  assert.deepEqual(geometry.rectangleSides(turned), { width: 6, depth: 4 });
});

test("a label stands inside its room, where there is most space", () => {
  const { point, width } = geometry.labelSpots(ell)[0];
  assert.ok(geometry.contains(ell, point));
  assert.ok(width >= 2);
  assert.deepEqual(geometry.labelSpots(square(0, 0, 6, 4))[0].point, [3, 2]);
});

test("the distance to a room is the distance to its nearest wall", () => {
  assert.equal(geometry.distanceTo(square(0, 0, 4), [2, 5]), 1);
  assert.equal(geometry.distanceTo({ type: "Point", coordinates: [0, 0] }, [3, 4]), 5);
});
