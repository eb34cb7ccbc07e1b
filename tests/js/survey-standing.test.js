import assert from "node:assert/strict";
import { test } from "node:test";
import { touched } from "../../vacanthouses/static/vacanthouses/js/survey/hits.js";
import { fitting, townOf } from "../../vacanthouses/static/vacanthouses/js/survey/rounds.js";
import { housesOf, standings } from "../../vacanthouses/static/vacanthouses/js/survey/standing.js";

const FETCHED = Date.parse("2026-11-02T09:00:00+09:00");
const house = (assignment, more = {}) => ({ id: assignment, assignment, address: `house ${assignment}`, ...more });
const returned = { uuid: "u", state: "returned", comment: "the roof, please" };
const row = (houses, done = []) => ({ pack: { houses, done }, fetched_at: FETCHED });

/** A record of this phone, saved at an hour of that day. */
function saved(assignment, { state = "done", hour = 8, target } = {}) {
  const time = `2026-11-02T${String(hour).padStart(2, "0")}:00:00+09:00`;
  const entries = state === "draft" ? [] : [{ time }];
  return { object: { assignment }, record: { state, entries, receipt: { target } } };
}

const stateOf = (...args) => standings(...args).get(1).state;

test("a house is to do, done in the pack, or done on this phone", () => {
  assert.equal(stateOf(row([house(1)]), []), "todo");
  assert.equal(stateOf(row([], [house(1)]), []), "done");
  assert.equal(stateOf(row([house(1)]), [saved(1, { state: "queued", hour: 10 })]), "done");
  assert.equal(stateOf(row([house(1)]), [saved(1, { state: "draft" })]), "todo");
  assert.deepEqual(housesOf({ houses: [], done: [house(1)] })[0].reasons, []);
});

test("a returned visit is to be done again until it is saved again", () => {
  const pack = row([house(1, { last: returned })]);
  assert.deepEqual(standings(pack, []).get(1), { state: "returned", comment: "the roof, please", record: null });
  assert.equal(stateOf(pack, [saved(1, { hour: 8 })]), "returned", "what was sent before the download");
  assert.equal(stateOf(pack, [saved(1, { hour: 10 })]), "done", "what was sent after it");
  assert.equal(stateOf(pack, [saved(1, { hour: 8, state: "queued" })]), "done", "what still waits answers it");
  assert.equal(stateOf(pack, [saved(1, { state: "draft" })]), "returned");
});

test("what the office said after the download counts more than the pack", () => {
  const asked = FETCHED + 1000;
  const told = { state: "returned", comment: "the yard" };
  const found = standings(row([house(1)]), [saved(1, { target: told })], asked).get(1);
  assert.deepEqual([found.state, found.comment], ["returned", "the yard"]);
  assert.equal(stateOf(row([house(1)]), [saved(1, { target: told, hour: 10, state: "queued" })], asked), "done");
  const pack = row([house(1, { last: returned })]);
  assert.equal(stateOf(pack, [saved(1, { target: { state: "submitted", comment: "" } })], asked), "done");
  assert.equal(stateOf(pack, [saved(1, { target: { state: "submitted" } })], FETCHED - 1000), "returned");
});

const square = (west, south, east, north) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const AREAS = {
  features: [
    { properties: { name: "hole", within: [1, 9] }, geometry: polygon(square(0, 0, 10, 10), square(4, 4, 6, 6)) },
    {
      properties: { name: "two", within: [2, 9] },
      geometry: { type: "MultiPolygon", coordinates: [[square(4, 4, 6, 6)], [square(10, 0, 12, 2)]] },
    },
  ],
};

function polygon(...rings) {
  return { type: "Polygon", coordinates: rings };
}

test("a place belongs to the town around it, and to the rounds of that town and of those above it", () => {
  const campaigns = [
    { id: 1, area: 9 },
    { id: 2, area: 1 },
    { id: 3, area: 2 },
  ];
  const ids = (lon, lat) => fitting({ campaigns, areas: AREAS }, { lon, lat }).map(({ id }) => id);
  assert.equal(townOf(AREAS, { lon: 1, lat: 1 }).properties.name, "hole");
  assert.equal(townOf(AREAS, { lon: 5, lat: 5 }).properties.name, "two");
  assert.deepEqual(ids(1, 1), [1, 2]);
  assert.deepEqual(ids(11, 1), [1, 3]);
  assert.deepEqual(ids(50, 50), [1, 2, 3], "of a town the phone does not know it cannot tell");
});

test("a finger means the nearest mark in reach, and a crowd is enlarged first", () => {
  const marks = [
    { id: 1, x: 100, y: 100 },
    { id: 2, x: 106, y: 100 },
    { id: 3, x: 140, y: 100 },
  ];
  assert.equal(touched(marks, { x: 300, y: 100 }), null);
  assert.equal(touched(marks, { x: 150, y: 110 }).mark.id, 3);
  assert.deepEqual(touched(marks, { x: 100, y: 102 }, { canGrow: true }), { isCrowd: true });
  assert.equal(touched(marks, { x: 100, y: 102 }).mark.id, 1);
});
