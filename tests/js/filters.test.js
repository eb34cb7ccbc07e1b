import assert from "node:assert/strict";
import { test } from "node:test";
import {
  activeCount,
  bboxText,
  fromEntries,
  isEmpty,
  params,
  withParams,
} from "../../gis_core/static/gis_core/js/map/filters.js";

test("what was left empty is no filter", () => {
  const filter = fromEntries([
    ["grade", "1"],
    ["grade", "2"],
    ["q", "  "],
    ["status", ""],
  ]);
  assert.deepEqual(filter, { grade: ["1", "2"] });
  assert.equal(activeCount(filter), 1);
  assert.ok(isEmpty(fromEntries([])));
});

test("filter and area become one query for tiles, counts and table", () => {
  const query = params({ grade: ["1", "2"] }, 7);
  assert.equal(query.toString(), "grade=1&grade=2&area=7");
  assert.equal(params({}, null).toString(), "");
});

test("parameters are added to an address that already has some", () => {
  const extra = new URLSearchParams({ area: 7 });
  assert.equal(withParams("/tiles?buffer=128", extra), "/tiles?buffer=128&area=7");
  assert.equal(withParams("/records/", extra), "/records/?area=7");
  assert.equal(withParams("/records/", new URLSearchParams()), "/records/");
});

test("a view larger than the world is cut to it, and no view gives no bbox", () => {
  assert.equal(bboxText({ west: -200, south: -95, east: 200, north: 95 }), "-180.00000,-85.00000,180.00000,85.00000");
  assert.equal(bboxText({ west: 127, south: 36, east: 127, north: 36 }), null);
});
