import assert from "node:assert/strict";
import { test } from "node:test";
import { angleOf, atAngle, atLength, gridStep, snap } from "../../facilities/static/facilities/js/plan/snapping.js";

const walls = [
  [
    [0, 0],
    [10, 0],
  ],
  [
    [10, 0],
    [10, 6],
  ],
];
const corners = [
  [0, 0],
  [10, 0],
  [10, 6],
];
const near = (more = {}) => ({ walls, corners, tolerance: 0.3, grid: 0, from: null, ...more });

test("a corner is preferred to the wall it ends", () => {
  const { point, kind } = snap([9.9, 0.1], near());
  assert.deepEqual(point, [10, 0]);
  assert.equal(kind, "corner");
});

test("near a wall the point goes onto it, and along it to the grid", () => {
  assert.deepEqual(snap([4.23, 0.2], near()), { point: [4.23, 0], kind: "edge", guides: [] });
  assert.deepEqual(snap([4.23, 0.2], near({ grid: 0.5 })).point, [4, 0]);
});

test("a line drawn to a wall meets it at a right angle", () => {
  const { point, kind } = snap([3.1, 0.1], near({ from: [3, 4] }));
  assert.deepEqual(point, [3, 0]);
  assert.equal(kind, "perpendicular");
});

test("a line goes square to the axes when it nearly does", () => {
  const { point, kind } = snap([5.1, 3.05], near({ from: [1, 3] }));
  assert.deepEqual(point, [5.1, 3]);
  assert.equal(kind, "square");
});

test("on the square a point lines up with a corner further off", () => {
  const { point, guides } = snap([9.8, 3.05], near({ from: [1, 3] }));
  assert.deepEqual(point, [10, 3]);
  assert.ok(guides.length >= 1);
});

test("in the open a point goes to the grid, and stays where it is without one", () => {
  assert.deepEqual(snap([4.26, 3.31], near({ grid: 0.5, corners: [] })).point, [4.5, 3.5]);
  assert.deepEqual(snap([4.26, 3.31], near({ corners: [] })), { point: [4.26, 3.31], kind: "none", guides: [] });
});

test("with snapping suspended nothing is moved", () => {
  assert.deepEqual(snap([9.99, 0.01], { walls: [], corners: [], tolerance: 0, grid: 0 }).point, [9.99, 0.01]);
});

test("a typed length is kept in the direction of the pointer", () => {
  assert.deepEqual(atLength([1, 1], [1, 9], 4.2), [1, 5.2]);
  assert.deepEqual(atAngle([0, 0], 2, 90), [0, 2]);
  assert.equal(angleOf([0, 0], [0, -3]), 270);
  assert.equal(angleOf([0, 0], [2, 2]), 45);
});

test("the grid is as fine as can be told apart", () => {
  assert.equal(gridStep(100), 0.1);
  assert.equal(gridStep(30), 0.5);
  assert.equal(gridStep(10), 1);
  assert.equal(gridStep(2), 5);
});
