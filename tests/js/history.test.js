import assert from "node:assert/strict";
import { test } from "node:test";
import { canRedo, canUndo, push, redo, start, undo } from "../../gis_core/static/gis_core/js/map/history.js";

test("undo and redo walk through the states in order", () => {
  let history = start("a");
  history = push(push(history, "b"), "c");
  history = undo(undo(history));
  assert.equal(history.present, "a");
  assert.ok(!canUndo(history));
  history = redo(redo(history));
  assert.equal(history.present, "c");
  assert.ok(!canRedo(history));
});

test("a new change after an undo forgets what was undone", () => {
  let history = undo(push(push(start(1), 2), 3));
  history = push(history, 4);
  assert.ok(!canRedo(history));
  assert.equal(undo(history).present, 2);
});

test("undo at the start and redo at the end do nothing", () => {
  const history = start("a");
  assert.equal(undo(history), history);
  assert.equal(redo(history), history);
});

test("a history is never changed in place", () => {
  const first = push(start(1), 2);
  const copy = structuredClone(first);
  push(first, 3);
  undo(first);
  assert.deepEqual(first, copy);
});

test("the last 200 states are kept", () => {
  let history = start(0);
  for (let i = 1; i <= 300; i++) history = push(history, i);
  let steps = 0;
  while (canUndo(history)) {
    history = undo(history);
    steps++;
  }
  assert.equal(steps, 200);
  assert.equal(history.present, 100);
});
