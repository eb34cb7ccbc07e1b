import assert from "node:assert/strict";
import { test } from "node:test";
import { edges } from "../../facilities/static/facilities/js/plan/geometry.js";
import * as walls from "../../facilities/static/facilities/js/plan/walls.js";

const box = (x, y, width, depth) => [
  [x, y],
  [x + width, y],
  [x + width, y + depth],
  [x, y + depth],
  [x, y],
];
const sidesOf = (rings) =>
  Object.entries(rings).flatMap(([unit, ring]) => edges(ring).map(([a, b]) => ({ a, b, unit })));
const froms = (moves) => moves.map(({ from }) => from.join(" ")).sort();

// Two rooms above one: the wall between them is one wall with a corner in its middle.
const rings = { hall: box(0, 0, 10, 4), left: box(0, 4, 6, 3), right: box(6, 4, 4, 3) };
const sides = sidesOf(rings);

test("dragging a side moves the whole straight wall, corners of all neighbours with it", () => {
  const moves = walls.shiftWall([0, 4], [6, 4], 0.5, sides);
  assert.deepEqual(froms(moves), ["0 4", "10 4", "6 4"]);
  assert.ok(moves.every(({ to }) => to[1] === 4.5));
});

test("a wall that stands apart is not moved along", () => {
  const apart = [...sides, ...sidesOf({ far: box(12, 0, 3, 4) })];
  assert.deepEqual(froms(walls.shiftWall([0, 4], [6, 4], 0.5, apart)), ["0 4", "10 4", "6 4"]);
});

test("an exact length moves the wall at the side's far end", () => {
  const moves = walls.lengthen(rings.left, 0, 6.25, sides);
  assert.deepEqual(froms(moves), ["6 4", "6 7"]);
  assert.deepEqual(moves[0].to[0], 6.25);
});

test("a preview shows what the server will do", () => {
  const moved = walls.withMoves(
    { type: "Polygon", coordinates: [rings.hall] },
    walls.shiftWall([10, 4], [0, 4], -1, sides),
  );
  assert.deepEqual(moved.coordinates[0][2], [10, 5]);
});

test("a door stands on the nearest wall that is long enough, and never over its ends", () => {
  const long = [
    [
      [0, 0],
      [10, 0],
    ],
    [
      [4, 0.2],
      [4.5, 0.2],
    ],
  ];
  const found = walls.standOnWall([4.2, 0.3], long, 0.9, 1);
  assert.deepEqual(found.ends, [
    [3.75, 0],
    [4.65, 0],
  ]);
  assert.deepEqual(walls.standOnWall([0.1, 0.1], long, 0.9, 1).ends[0], [0, 0]);
  assert.equal(walls.standOnWall([5, 3], long, 0.9, 1), null);
});

test("an opening knows how thick its wall is", () => {
  const thick = sidesOf({ a: box(0, 0, 4, 4), b: box(4.2, 0, 4, 4) });
  const wall = walls.wallOf(
    {
      geometry: {
        coordinates: [
          [4.1, 1],
          [4.1, 1.9],
        ],
      },
    },
    thick,
  );
  assert.ok(Math.abs(wall.thickness - 0.2) < 1e-9);
  assert.ok(Math.abs(wall.near + 0.1) < 1e-9);
  const thin = walls.wallOf(
    {
      geometry: {
        coordinates: [
          [6, 5],
          [6, 5.9],
        ],
      },
    },
    sides,
  );
  assert.equal(thin.thickness, 0);
});

test("a width is changed at the right wall, whichever way round the corners were stored", () => {
  const clockwise = [...rings.left].reverse();
  for (const ring of [rings.left, clockwise]) {
    const moves = walls.lengthen(ring, walls.sideTowards(ring, [1, 0]), 6.5, sides);
    assert.deepEqual(froms(moves), ["6 4", "6 7"]);
    const higher = walls.lengthen(ring, walls.sideTowards(ring, [0, 1]), 3.5, sides);
    assert.ok(higher.every(({ from }) => from[1] === 7));
  }
});
