import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "../../gis_core/static/gis_core/js/map/hits.js";

const background = new Set(["areas"]);
const area = { layer: "areas", id: 1, kind: "polygon", distance: 0 };
const zone = { layer: "zones", id: 5, kind: "polygon", distance: 0 };
const house = { layer: "vacant-houses", id: 9, kind: "point", distance: 3 };
const parcel = { layer: "vacant-houses", id: 9, kind: "outline", distance: 0 };
const near = { layer: "centres", id: 2, kind: "point", distance: 1 };

test("a click on a house opens the house, not the town below it", () => {
  assert.deepEqual(choose([area, house], background), [house]);
});

test("a house hit by its point and its parcel counts once", () => {
  assert.deepEqual(choose([parcel, area, house], background), [house]);
});

test("a click on nothing but a town is the town", () => {
  assert.deepEqual(choose([area], background), [area]);
});

test("several records are offered, nearest point first and the town last", () => {
  assert.deepEqual(choose([area, zone, house, near], background), [near, house, zone, area]);
});

test("a line is nearer to what was meant than the zone it runs through", () => {
  const line = { layer: "projects", id: 1, label: "", kind: "line", distance: 0 };
  assert.deepEqual(choose([zone, line], background), [line, zone]);
});
