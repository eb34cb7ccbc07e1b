import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, format, parse, parseSelection, sameSelection } from "../../gis_core/static/gis_core/js/map/state.js";

const LAYERS = ["areas", "centres", "vacant-houses"];

test("a permalink brings back view, layers, selection, filters, area and base map", () => {
  const state = {
    at: { zoom: 14, lat: 36.891, lng: 126.629 },
    layers: ["areas", "vacant-houses"],
    selected: { layer: "vacant-houses", id: 12 },
    area: "7",
    base: "3:0.6",
    filters: { "vacant-houses": { grade: ["1", "2"], q: ["읍내 1번지"] } },
  };
  assert.deepEqual(parse(format(state), LAYERS), state);
});

test("the default map has a bare address", () => {
  assert.equal(format(EMPTY), "");
  assert.deepEqual(parse("", LAYERS), { ...EMPTY, filters: {} });
});

test("a link from a colleague with more rights opens without the layers one may not see", () => {
  const state = parse("?on=areas,secrets&sel=secrets/4&secrets.grade=1&centres.staff=3", LAYERS);
  assert.deepEqual(state.layers, ["areas"]);
  assert.equal(state.selected, null);
  assert.deepEqual(state.filters, { centres: { staff: ["3"] } });
});

test("no layer visible is not the same as the default layers", () => {
  assert.deepEqual(parse(format({ ...EMPTY, layers: [] }), LAYERS).layers, []);
});

test("nonsense in the address is ignored", () => {
  for (const text of ["?at=x/y/z", "?at=99/0/0", "?at=4/95/0", "?sel=centres", "?sel=centres/1x", "?area=%27"]) {
    assert.deepEqual(parse(text, LAYERS), { ...EMPTY, filters: {} }, text);
  }
});

test("the address is readable: no escaped slashes or commas", () => {
  const text = format({
    ...EMPTY,
    at: { zoom: 14.5, lat: 36.891, lng: 126.629 },
    layers: ["areas", "centres"],
  });
  assert.equal(text, "?at=14.5/36.8910/126.6290&on=areas,centres");
});

test("selections compare by value", () => {
  const one = parseSelection("centres/1", LAYERS);
  assert.ok(sameSelection(one, { layer: "centres", id: 1 }));
  assert.ok(!sameSelection(one, null));
  assert.ok(sameSelection(null, null));
});
