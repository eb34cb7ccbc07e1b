import assert from "node:assert/strict";
import { test } from "node:test";
import { polygon, rectangle } from "../../facilities/static/facilities/js/plan/geometry.js";
import { PlanState } from "../../facilities/static/facilities/js/plan/state.js";

const room = (key, x, level = "L1") => ({ key, level, geometry: polygon(rectangle([x, 0], [x + 4, 3])), teams: [] });
const door = (key, level = "L1") => ({
  key,
  level,
  geometry: {
    type: "LineString",
    coordinates: [
      [4, 1],
      [4, 2],
    ],
  },
});
const plan = () =>
  new PlanState({
    version: 3,
    document: {
      levels: [
        { key: "L2", ordinal: 1 },
        { key: "L1", ordinal: 0 },
      ],
      units: [room("a", 0), room("b", 4), room("up", 0, "L2")],
      openings: [door("d")],
      fixtures: [],
      amenities: [],
      teams: [{ key: "t", name: "민원팀" }],
    },
  });

test("levels are in the order of the building, whatever the order they came in", () => {
  assert.deepEqual(
    plan().levels.map(({ key }) => key),
    ["L1", "L2"],
  );
});

test("changes make, change and remove parts, and those that change nothing are not told", () => {
  const state = plan();
  const told = state.apply([
    { kind: "units", key: "a", after: { ...room("a", 0), name_ko: "사무실" } },
    { kind: "units", key: "b", after: room("b", 4) },
    { kind: "units", key: "c", after: room("c", 8) },
    { kind: "openings", key: "d", after: null },
    { kind: "openings", key: "gone", after: null },
  ]);
  assert.deepEqual(
    told.map(({ key }) => key),
    ["a", "c", "d"],
  );
  assert.equal(told[0].before.name_ko, undefined);
  assert.deepEqual(
    state.on("units", "L1").map(({ key }) => key),
    ["a", "b", "c"],
  );
  assert.equal(state.on("openings", "L1").length, 0);
});

test("the same changes twice change nothing the second time", () => {
  const state = plan();
  const changes = [{ kind: "units", key: "c", after: room("c", 8) }];
  state.apply(changes);
  assert.deepEqual(state.apply(changes), []);
});

test("the smallest thing under the pointer is found first", () => {
  const state = plan();
  assert.equal(state.at("L1", [4.05, 1.5], 0.1).part.key, "d");
  assert.equal(state.at("L1", [2, 1.5], 0.1).part.key, "a");
  assert.equal(state.at("L1", [20, 20], 0.1), null);
  assert.equal(state.at("L2", [5, 1], 0.1), null);
});

test("walls shared by two rooms have their corners once", () => {
  assert.equal(plan().corners("L1").length, 6);
  assert.equal(plan().walls("L1").length, 8);
});

test("a team is found in the rooms of every level", () => {
  const state = plan();
  state.apply([{ kind: "units", key: "up", after: { ...room("up", 0, "L2"), teams: ["t"] } }]);
  assert.deepEqual(
    state.roomsOf("t").map(({ key }) => key),
    ["up"],
  );
});
