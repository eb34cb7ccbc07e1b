import assert from "node:assert/strict";
import { test } from "node:test";
import { draftKey, drop, find, keep } from "../../gis_core/static/gis_core/js/map/drafts.js";

function memory() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

test("a draft is found again with its fields and its shape", () => {
  const storage = memory();
  const key = draftKey(1, "centres", 12);
  const draft = { fields: [["name", "송악읍"]], shape: { geometry: null, outline: null } };
  assert.ok(keep(storage, key, draft));
  const found = find(storage, key);
  assert.deepEqual(found.fields, draft.fields);
  assert.ok(Date.parse(found.saved));
  drop(storage, key);
  assert.equal(find(storage, key), null);
});

test("people who share a computer do not see each other's drafts", () => {
  assert.notEqual(draftKey(1, "centres", 12), draftKey(2, "centres", 12));
  assert.notEqual(draftKey(1, "centres", null), draftKey(1, "centres", 12));
});

test("a full or forbidden storage never stops the work", () => {
  const broken = {
    getItem: () => "{not json",
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
    removeItem: () => {
      throw new Error("SecurityError");
    },
  };
  assert.equal(keep(broken, "key", {}), false);
  assert.equal(find(broken, "key"), null);
  assert.doesNotThrow(() => drop(broken, "key"));
});
