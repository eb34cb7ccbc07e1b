import assert from "node:assert/strict";
import { test } from "node:test";
import { polygon, rectangle } from "../../facilities/static/facilities/js/plan/geometry.js";
import { PlanState } from "../../facilities/static/facilities/js/plan/state.js";
import { isOverlap, isSettled, keysOf } from "../../facilities/static/facilities/js/plan/superseded.js";

const room = (key, x) => ({ key, level: "L1", geometry: polygon(rectangle([x, 0], [x + 4, 3])) });
const document = { levels: [{ key: "L1", ordinal: 0 }], units: [room("a", 0), room("b", 4), room("c", 20)] };
const state = new PlanState({ version: 1, document: { ...document, openings: [], fixtures: [], amenities: [] } });
const move = (from, to) => ({ op: "move_corners", level: "L1", moves: [{ from, to }] });

test("the parts an edit is about are told by its operations", () => {
  assert.deepEqual(keysOf([{ op: "set", keys: ["a", "b"] }], state), ["a", "b"]);
  assert.deepEqual(keysOf([{ op: "split", unit: "a" }], state), ["a"]);
  assert.deepEqual(keysOf([{ op: "merge", units: ["a", "b"], into: "a" }], state), ["a", "b"]);
  assert.deepEqual(keysOf([{ op: "move_opening", key: "d" }], state), ["d"]);
  assert.deepEqual(keysOf([{ op: "draw", level: "L1" }], state), []);
  assert.deepEqual(keysOf(undefined, state), []);
});

test("a moved corner is of every room that has it, before or after", () => {
  assert.deepEqual(keysOf([move([4, 0], [5, 0])], state), ["a", "b"]);
  assert.deepEqual(keysOf([move([19, 0], [20, 0])], state), ["c"]);
});

const refusal = (operations, status = 422) => ({ keys: keysOf(operations, state), status, job: { operations } });
const done = (...operations) => ({ operations, keys: keysOf(operations, state) });

test("an edit of the same part settles what was refused; an edit of another does not", () => {
  const refused = refusal([move([4, 0], [1e9, 0])]);
  assert.equal(isSettled(refused, done(move([4, 0], [5, 0]))), true);
  assert.equal(isSettled(refused, done({ op: "set", keys: ["a"] })), true);
  assert.equal(isSettled(refused, done({ op: "set", keys: ["c"] })), false);
});

test("a drawing that was refused stays, whatever is done to the rooms it met", () => {
  assert.equal(isSettled(refusal([{ op: "draw", level: "L1" }]), done({ op: "set", keys: ["a"] })), false);
});

test("what somebody else's edit stopped can still be applied after an edit of another sort", () => {
  const refused = refusal([{ op: "remove", keys: ["a"] }], 409);
  assert.equal(isSettled(refused, done({ op: "set", keys: ["a"] })), false);
  assert.equal(isSettled(refused, done({ op: "remove", keys: ["a"] })), true);
});

test("only where rooms overlap is there something to cut out", () => {
  assert.equal(isOverlap("no_free_space"), true);
  assert.equal(isOverlap("overlap"), true);
  assert.equal(isOverlap("malformed"), false);
  assert.equal(isOverlap(undefined), false);
});
