import assert from "node:assert/strict";
import { test } from "node:test";
import {
  categoryOf,
  countRadius,
  countText,
  knownShapes,
  labelZoom,
  legend,
  mainCategory,
  paintRules,
  shapePath,
} from "../../gis_core/static/gis_core/js/map/style.js";

const style = {
  property: "grade",
  categories: [
    { value: "1", label: "1등급", color: "#0072b2", shape: "circle" },
    { value: "2", label: "2등급", color: "#e69f00", shape: "triangle" },
  ],
};
const houses = {
  id: "vacant-houses",
  geometryType: "Point",
  outline: "parcel",
  clusterBelow: 14,
  style,
};

test("a feature looks like its category, whatever type the value has in the tile", () => {
  assert.equal(categoryOf(style, { grade: "2" }).shape, "triangle");
  assert.equal(categoryOf(style, { grade: 2 }).shape, "triangle");
});

test("an undeclared value still gets a symbol", () => {
  assert.equal(categoryOf(style, { grade: "9" }).shape, "circle");
  assert.equal(categoryOf(style, {}).shape, "circle");
  assert.equal(legend({ style: { property: null, categories: [] } }).length, 1);
});

test("every shape differs from every other, so that colour is never alone", () => {
  const paths = knownShapes.map((shape) => shapePath(shape, 8));
  assert.equal(new Set(paths).size, knownShapes.length);
  for (const path of paths) assert.match(path, /^M.*Z$/);
});

test("a point layer paints outlines under symbols and counts on top", () => {
  assert.deepEqual(
    paintRules(houses).map(({ dataLayer, kind }) => [dataLayer, kind]),
    [
      ["vacant-houses-outline", "outline"],
      ["vacant-houses", "symbol"],
      ["vacant-houses-count", "count"],
    ],
  );
});

test("layers of few lasting places stand out as badges", () => {
  const rules = paintRules({ ...houses, id: "depots", outline: null, clusterBelow: null });
  assert.deepEqual(
    rules.map(({ kind }) => kind),
    ["badge"],
  );
});

test("areas are boundaries by level, provinces on top", () => {
  const rules = paintRules({ id: "areas", geometryType: "MultiPolygon", style });
  assert.deepEqual(
    rules.map(({ level }) => level),
    ["eupmyeondong", "sigungu", "sido"],
  );
});

test("names of dense layers wait for a close look", () => {
  assert.ok(labelZoom(houses) > labelZoom({ ...houses, clusterBelow: null }));
  assert.equal(labelZoom({ id: "areas" }), null);
});

test("count circles grow with the count but never beyond their cell", () => {
  assert.ok(countRadius(1) < countRadius(100));
  assert.ok(countRadius(1e9) <= 26);
});

test("large counts are short, in the reader's language", () => {
  assert.equal(countText(999, "ko"), "999");
  assert.equal(countText(1200, "en"), "1.2K");
  assert.equal(countText(1200, "ko"), "1.2천");
  assert.equal(countText(15_000, "ko"), "2만");
});

test("a count's colour is that of its most frequent category", () => {
  assert.equal(mainCategory(style, { count: 5, n_1: 2, n_2: 3 }).value, "2");
  assert.equal(mainCategory(style, { count: 5 }), null);
});

test("a layer of any shape paints areas below lines below points, each feature once", () => {
  const rules = paintRules({ id: "projects", geometryType: "Geometry", clusterBelow: null, style });
  assert.deepEqual(
    rules.map(({ kind, only }) => [kind, only]),
    [
      ["polygon", "Polygon"],
      ["line", "Line"],
      ["badge", "Point"],
    ],
  );
});
