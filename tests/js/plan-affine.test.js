import assert from "node:assert/strict";
import { test } from "node:test";
import { applied, inverse, knownLength, provisional } from "../../facilities/static/facilities/js/plan/affine.js";

const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) < 1e-9);

test("a pixel and its place lead to one another", () => {
  const matrix = [0.01, 0.002, 0.002, -0.01, 3, 8];
  assert.ok(near(applied(inverse(matrix), applied(matrix, [120, 340])), [120, 340]));
});

test("a picture without a scale stands upright, its lower left corner at the origin", () => {
  const matrix = provisional(3000, 2000);
  assert.deepEqual(applied(matrix, [0, 2000]), [0, 0]);
  assert.ok(near(applied(matrix, [3000, 2000]), [30, 0]));
});

test("a known length keeps its first end where it is, and its second so far away", () => {
  const [first, second] = knownLength(provisional(3000, 2000), [100, 1000], [1100, 1000], 25, false);
  assert.ok(near(first.place, [1, 10]));
  assert.ok(near(second.place, [26, 10]));
});

test("a line that should be straight turns the picture", () => {
  const [first, second] = knownLength(provisional(3000, 2000), [0, 2000], [20, 1000], 10, true);
  assert.ok(near(second.place, [first.place[0], first.place[1] + 10]));
});
