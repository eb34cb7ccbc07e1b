import assert from "node:assert/strict";
import { test } from "node:test";
import { byRoute, dayOf, hasRoute, routed } from "../../vacanthouses/static/vacanthouses/js/survey/day-route.js";

const houses = [1, 2, 3, 4].map((assignment) => ({ assignment, order: null }));
const pack = {
  routes: [
    { day: "2026-11-28", stops: [3, 1] },
    { day: "2026-11-29", stops: [2, 99] },
  ],
};
const orders = (found) => found.map(({ order }) => order);

test("the day is the phone's own, not Greenwich's", () => {
  assert.equal(dayOf(new Date(2026, 0, 5, 0, 30)), "2026-01-05");
  assert.equal(dayOf(new Date(2026, 10, 28, 23, 59)), "2026-11-28");
});

test("a pack of the evening before shows the route of the day it is used on", () => {
  assert.deepEqual(orders(routed(houses, pack, "2026-11-28")), [2, null, 1, null]);
  assert.deepEqual(orders(routed(houses, pack, "2026-11-29")), [null, 1, null, null]);
  assert.equal(hasRoute(routed(houses, pack, "2026-11-30")), false);
});

test("a pack from before routes were told keeps the order it came with", () => {
  const old = [{ assignment: 1, order: 5 }];
  assert.deepEqual(routed(old, {}, "2026-11-28"), old);
});

test("the route comes first and the rest stays in its order", () => {
  const rows = routed(houses, pack, "2026-11-28").map((house) => ({ house, distance: 0 }));
  assert.deepEqual(
    byRoute(rows).map(({ house }) => house.assignment),
    [3, 1, 2, 4],
  );
});
