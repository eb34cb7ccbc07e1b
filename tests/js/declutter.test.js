import assert from "node:assert/strict";
import { test } from "node:test";
import { declutter } from "../../gis_core/static/gis_core/js/map/declutter.js";

const label = (id, x, rank = 0) => ({ id, x, y: 0, width: 40, height: 12, rank });
const ids = (found) => found.map(({ id }) => id);
const wall = [-2, -1, 0, 1, 2].map((line) => ({ x: 0, y: line * 14, width: 30, height: 14 }));

test("a name gives way to a symbol by moving, not by vanishing", () => {
  const [placed] = declutter([label("a", 0)], { obstacles: [{ x: 0, y: 0, width: 10, height: 10 }] });
  assert.equal(placed.id, "a");
  assert.notEqual(placed.dy, 0);
});

test("a name with symbols all around stays where it belongs", () => {
  assert.deepEqual(declutter([label("a", 0)], { obstacles: wall }), [{ id: "a", dy: 0 }]);
});

test("of two names in one place the more important one keeps it", () => {
  const [first] = declutter([label("town", 0, 2), label("city", 10, 1)]);
  assert.deepEqual(first, { id: "city", dy: 0 });
});

test("a name that finds no free place is not written", () => {
  const crowd = Array.from({ length: 9 }, (_, index) => label(`n${index}`, 0));
  assert.ok(declutter(crowd).length < crowd.length);
});

test("names with room between them are all written in their place", () => {
  const found = declutter([label("a", 0), label("b", 60), label("c", 120)]);
  assert.deepEqual(ids(found), ["a", "b", "c"]);
  assert.ok(found.every(({ dy }) => dy === 0));
});

test("a name already on the map keeps its place before its equal", () => {
  const [first] = declutter([label("a", 0), label("b", 10)], { shown: new Set(["b"]) });
  assert.deepEqual(first, { id: "b", dy: 0 });
});
