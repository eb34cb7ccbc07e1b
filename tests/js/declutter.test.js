import assert from "node:assert/strict";
import { test } from "node:test";
import { declutter } from "../../gis_core/static/gis_core/js/map/declutter.js";

const label = (id, x, rank = 0) => ({ id, x, y: 0, width: 40, height: 12, rank });

test("of two names in one place the more important one is written", () => {
  assert.deepEqual(declutter([label("town", 0, 2), label("city", 10, 1)]), ["city"]);
});

test("names with room between them are all written", () => {
  assert.equal(declutter([label("a", 0), label("b", 60), label("c", 120)]).length, 3);
});

test("a name already on the map stays rather than give way to its equal", () => {
  assert.deepEqual(declutter([label("a", 0), label("b", 10)], new Set(["b"])), ["b"]);
});
