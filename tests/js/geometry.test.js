import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addHole,
  addPart,
  area,
  areaText,
  asType,
  bounds,
  closed,
  closeRing,
  deleteCorner,
  drawnKind,
  equals,
  findCorner,
  moveCorner,
  moved,
  partAt,
  perimeter,
  removeRing,
  selfCrossing,
  union,
} from "../../gis_core/static/gis_core/js/map/geometry.js";

const metres = (point) => point;
const square = (x, y, size) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const polygon = (...rings) => ({ type: "Polygon", coordinates: rings });

test("an area leaves its holes out, whichever way the rings turn", () => {
  const hole = square(2, 2, 3);
  assert.equal(area(polygon(square(0, 0, 10)), metres), 100);
  assert.equal(area(polygon(square(0, 0, 10), hole), metres), 91);
  assert.equal(area(polygon(square(0, 0, 10), [...hole].reverse()), metres), 91);
});

test("the area of a small parcel far from the origin keeps its digits", () => {
  const found = area(polygon(square(1_000_000, 1_700_000, 0.1)), metres);
  assert.ok(Math.abs(found - 0.01) < 1e-6, found);
});

test("the perimeter counts the edges of holes", () => {
  assert.equal(perimeter(polygon(square(0, 0, 10), square(2, 2, 3)), metres), 52);
});

test("a hole is cut only where the whole ring lies inside one polygon", () => {
  const outer = polygon(square(0, 0, 10));
  const cut = addHole(outer, square(2, 2, 3).slice(0, 4));
  assert.deepEqual(cut.coordinates[1], square(2, 2, 3));
  assert.equal(addHole(outer, square(8, 8, 5)), null, "over the edge");
  assert.equal(addHole(outer, square(20, 20, 2)), null, "outside");
  assert.equal(addHole(cut, square(1, 1, 6)), null, "around another hole");
  assert.equal(addHole(cut, square(3, 3, 1)), null, "inside another hole");
  assert.equal(
    addHole(outer, [
      [1, 1],
      [2, 2],
    ]),
    null,
    "no ring at all",
  );
});

test("a hole goes into the right part of a multipolygon and leaves the rest alone", () => {
  const two = addPart(polygon(square(0, 0, 10)), square(20, 0, 10));
  assert.equal(two.type, "MultiPolygon");
  const cut = addHole(two, square(22, 2, 3));
  assert.deepEqual(cut.coordinates[0], two.coordinates[0]);
  assert.equal(cut.coordinates[1].length, 2);
});

test("removing an outer ring takes its holes along; removing a hole leaves the rest", () => {
  const shape = polygon(square(0, 0, 10), square(2, 2, 3));
  assert.deepEqual(removeRing(shape, 0, 1), polygon(square(0, 0, 10)));
  assert.equal(removeRing(shape, 0, 0), null);
});

test("moving the first corner moves the closing one with it", () => {
  const shape = polygon(square(0, 0, 10), square(2, 2, 3));
  const moved = moveCorner(shape, { part: 0, ring: 0, corner: 0 }, [-1, -1]);
  assert.deepEqual(moved.coordinates[0][0], [-1, -1]);
  assert.deepEqual(moved.coordinates[0].at(-1), [-1, -1]);
  assert.deepEqual(moved.coordinates[1], shape.coordinates[1]);
  assert.deepEqual(shape.coordinates[0][0], [0, 0], "the original is untouched");
});

test("deleting a corner of a triangular hole removes the hole, of a square one keeps it", () => {
  const triangle = [
    [2, 2],
    [4, 2],
    [3, 4],
    [2, 2],
  ];
  const at = { part: 0, ring: 1, corner: 0 };
  assert.equal(deleteCorner(polygon(square(0, 0, 10), triangle), at).coordinates.length, 1);
  const left = deleteCorner(polygon(square(0, 0, 10), square(2, 2, 3)), at);
  assert.equal(left.coordinates[1].length, 4);
  assert.deepEqual(left.coordinates[1][0], left.coordinates[1].at(-1));
});

test("a corner is found by its coordinates, in holes too", () => {
  const shape = polygon(square(0, 0, 10), square(2, 2, 3));
  assert.deepEqual(findCorner(shape, [5, 2]), { part: 0, ring: 1, corner: 1 });
  assert.equal(findCorner(shape, [9, 9]), null);
});

test("open rings are closed, and rings without an area are dropped with their holes", () => {
  assert.deepEqual(
    closeRing([
      [0, 0],
      [1, 0],
      [1, 1],
    ]).length,
    4,
  );
  assert.deepEqual(closed(polygon(square(0, 0, 4).slice(0, 4))), polygon(square(0, 0, 4)));
  assert.equal(
    closed(
      polygon(
        [
          [0, 0],
          [1, 1],
        ],
        square(0, 0, 1),
      ),
    ),
    null,
  );
});

test("a polygon fits a layer of multipolygons and back", () => {
  const one = polygon(square(0, 0, 1));
  const many = asType(one, "MultiPolygon");
  assert.equal(many.type, "MultiPolygon");
  assert.ok(equals(asType(many, "Polygon"), one));
  assert.equal(asType(null, "Polygon"), null);
});

test("a bow tie is found with the place where it crosses itself", () => {
  assert.equal(selfCrossing(polygon(square(0, 0, 10), square(2, 2, 3))), null);
  const bowTie = polygon([
    [0, 0],
    [10, 10],
    [10, 0],
    [0, 10],
    [0, 0],
  ]);
  assert.deepEqual(selfCrossing(bowTie), [5, 5]);
  assert.ok(selfCrossing(polygon(square(0, 0, 10), square(8, 2, 5))), "hole over the edge");
});

test("positions can be moved in shapes of any kind", () => {
  const east = ([x, y]) => [x + 1, y];
  assert.deepEqual(moved({ type: "Point", coordinates: [1, 2] }, east).coordinates, [2, 2]);
  assert.deepEqual(moved(polygon(square(0, 0, 1)), east), polygon(square(1, 0, 1)));
  assert.equal(moved(null, east), null);
});

test("a point in a hole is in no part", () => {
  const shape = polygon(square(0, 0, 10), square(2, 2, 3));
  assert.equal(partAt(shape, [1, 1]), 0);
  assert.equal(partAt(shape, [3, 3]), -1);
});

test("bounds cover points and polygons; nothing has none", () => {
  assert.deepEqual(bounds(polygon(square(1, 2, 3))), [1, 2, 4, 5]);
  assert.deepEqual(bounds({ type: "Point", coordinates: [1, 2] }), [1, 2, 1, 2]);
  assert.equal(bounds(null), null);
});

test("the box around several shapes leaves out those without a place", () => {
  assert.deepEqual(union([[0, 0, 1, 1], null, [3, -1, 4, 0]]), [0, -1, 4, 1]);
  assert.equal(union([null]), null);
});

test("areas are read in the unit their size asks for", () => {
  assert.equal(areaText(1234.56, "ko"), "1,234.6 m²");
  assert.equal(areaText(69_160_000, "en"), "69.16 km²");
});

test("a line's corners move and go like those of an outline, and two are the least", () => {
  const line = {
    type: "LineString",
    coordinates: [
      [0, 0],
      [3, 4],
      [6, 0],
    ],
  };
  assert.equal(perimeter(line, metres), 10);
  const at = findCorner(line, [3, 4]);
  assert.deepEqual(moveCorner(line, at, [3, 5]).coordinates, [
    [0, 0],
    [3, 5],
    [6, 0],
  ]);
  const shorter = deleteCorner(line, at);
  assert.deepEqual(shorter.coordinates, [
    [0, 0],
    [6, 0],
  ]);
  assert.equal(deleteCorner(shorter, findCorner(shorter, [6, 0])), null);
});

test("an area is drawn the same way whether it has one part or several", () => {
  assert.deepEqual(["Point", "LineString", "Polygon", "MultiPolygon", undefined].map(drawnKind), [
    "Point",
    "LineString",
    "Polygon",
    "Polygon",
    null,
  ]);
});
