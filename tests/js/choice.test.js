import assert from "node:assert/strict";
import { test } from "node:test";
import { inRing } from "../../gis_core/static/gis_core/js/map/geometry.js";
import { changed, inside, sent, summary, toggled } from "../../vacanthouses/static/vacanthouses/js/choice.js";

const house = (id, lon, lat, crew = "", done = false) => ({ id, lon, lat, crew_name: crew, done, version: id * 2 });
const houses = [house(1, 1, 1), house(2, 2, 2, "1반"), house(3, 9, 9, "1반"), house(4, 3, 1, "2반", true)];
const ring = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];

test("a drawn ring chooses the houses inside it", () => {
  assert.deepEqual(inside(houses, ring, inRing), [1, 2, 4]);
});

test("a ring that crosses itself chooses what it really encloses", () => {
  const eight = [
    [0, 0],
    [4, 4],
    [4, 0],
    [0, 4],
    [0, 0],
  ];
  assert.deepEqual(inside([house(1, 0.5, 2), house(2, 2, 0.5)], eight, inRing), [1]);
});

test("rings add to the choice or take out of it, and a click does one house", () => {
  const first = changed(new Set([3]), [1, 2], false);
  assert.deepEqual([...first], [3, 1, 2]);
  assert.deepEqual([...changed(first, [1, 9], true)], [3, 2]);
  assert.deepEqual([...toggled(first, 3)], [1, 2]);
  assert.deepEqual([...toggled(new Set(), 3)], [3]);
});

test("the summary says who has the houses and counts visited ones apart", () => {
  assert.deepEqual(summary(houses, new Set([1, 2, 3, 4])), {
    crews: [
      ["1반", 2],
      ["", 1],
    ],
    visited: 1,
  });
});

test("the choice is sent with the version that was looked at", () => {
  assert.equal(sent(houses, new Set([3, 1])), "1:2,3:6");
});
