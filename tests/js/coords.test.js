import assert from "node:assert/strict";
import { test } from "node:test";
import proj4 from "proj4";
import { CODES, inKorea, numbers, parse, plainText, projector } from "../../gis_core/static/gis_core/js/map/coords.js";

const projection = projector(proj4);

// From the server's own PROJ (pyproj 3.7, always_xy).
const KNOWN = [
  [[126.629, 36.891], "EPSG:5179", [922390.52, 1877319.868], 0.01],
  [[126.629, 36.891], "EPSG:5186", [166929.526, 476980.777], 0.01],
  [[126.629, 36.891], "EPSG:5174", [166858.475, 376675.486], 0.1],
  [[127.39, 35.41], "EPSG:5174", [235350.911, 212344.45], 0.1],
  [[128.3, 34.97], "EPSG:5174", [318648.102, 164229.707], 0.1],
];

test("coordinates agree with the server's, Bessel datum shift included", () => {
  for (const [point, code, expected, tolerance] of KNOWN) {
    const found = projection.forward(code, point);
    for (const axis of [0, 1]) assert.ok(Math.abs(found[axis] - expected[axis]) < tolerance, `${code} ${found}`);
  }
});

test("every system returns to where it came from", () => {
  for (const code of CODES) {
    const there = projection.forward(code, [127.39, 35.41]);
    const back = projection.inverse(code, there);
    assert.ok(Math.abs(back[0] - 127.39) < 1e-7 && Math.abs(back[1] - 35.41) < 1e-7, code);
  }
});

test("what the copy button copies can be typed in again", () => {
  for (const code of CODES) {
    const again = parse(projection, code, plainText(projection, code, [127.39, 35.41]));
    assert.ok(Math.abs(again[0] - 127.39) < 1e-5 && Math.abs(again[1] - 35.41) < 1e-5, code);
  }
});

test("degrees are read in either order, with or without signs and letters", () => {
  for (const text of ["35.41, 127.39", "127.39 35.41", "N 35.41° E 127.39°"])
    assert.deepEqual(parse(projection, "EPSG:4326", text), [127.39, 35.41], text);
});

test("metres are read with thousands separators and in either order", () => {
  for (const text of ["990,012.64, 1,712,702.58", "1712702.58 990012.64"]) {
    const [lng, lat] = parse(projection, "EPSG:5179", text);
    assert.ok(Math.abs(lng - 127.39) < 1e-5 && Math.abs(lat - 35.41) < 1e-5, text);
  }
});

test("a place outside Korea or a text that is no place is refused", () => {
  for (const text of ["", "서울", "35.41", "1, 2, 3", "48.85, 2.35"])
    assert.equal(parse(projection, "EPSG:4326", text), null, text);
  assert.ok(!inKorea([2.35, 48.85]));
});

test("degrees have six decimals, metres two", () => {
  assert.deepEqual(numbers(projection, "EPSG:4326", [127.39, 35.41]), ["35.410000", "127.390000"]);
  assert.deepEqual(numbers(projection, "EPSG:5179", [127.39, 35.41]), ["990012.64", "1712702.58"]);
});
