import assert from "node:assert/strict";
import { test } from "node:test";
import { SendQueue } from "../../facilities/static/facilities/js/plan/queue.js";
import { Unsent } from "../../facilities/static/facilities/js/plan/unsent.js";

const quiet = () => new Promise((resolve) => setTimeout(resolve, 5));
const failure = (status) => Object.assign(new Error("no"), { status, answer: {} });

function line(send) {
  const log = { sent: [], answered: [], refused: [] };
  let number = 0;
  const queue = new SendQueue({
    send: async (job) => {
      log.sent.push([job.name, job.token]);
      return send(job);
    },
    newToken: () => `token-${++number}`,
    answered: (_answer, job) => log.answered.push(job.name),
    refused: (error, job) => log.refused.push([job.name, error.status]),
  });
  return { queue, log };
}

test("quick edits are sent one after another, in order", async () => {
  let flying = 0;
  let most = 0;
  const { queue, log } = line(async () => {
    flying += 1;
    most = Math.max(most, flying);
    await quiet();
    flying -= 1;
  });
  for (const name of ["one", "two", "three"]) queue.push({ name });
  await quiet().then(quiet).then(quiet).then(quiet);
  assert.deepEqual(log.answered, ["one", "two", "three"]);
  assert.equal(most, 1);
  assert.equal(queue.state, "idle");
});

test("without a network everything waits, and is sent again with the same tokens", async () => {
  let offline = true;
  const { queue, log } = line(async () => {
    if (offline) throw failure(0);
  });
  queue.push({ name: "one" });
  queue.push({ name: "two" });
  await quiet();
  assert.equal(queue.state, "stopped");
  assert.equal(queue.size, 2);
  offline = false;
  queue.retry();
  await quiet();
  assert.deepEqual(log.answered, ["one", "two"]);
  assert.deepEqual(
    log.sent.map(([, token]) => token),
    ["token-1", "token-1", "token-2"],
  );
});

test("one refused edit does not hold up the others", async () => {
  const { queue, log } = line(async ({ name }) => {
    if (name === "bad") throw failure(422);
  });
  for (const name of ["one", "bad", "two"]) queue.push({ name });
  await quiet();
  assert.deepEqual(log.answered, ["one", "two"]);
  assert.deepEqual(log.refused, [["bad", 422]]);
});

test("an edit pushed while the line is stopped waits behind the others", async () => {
  const { queue } = line(async () => {
    throw failure(503);
  });
  queue.push({ name: "one" });
  await quiet();
  queue.push({ name: "two" });
  await quiet();
  assert.deepEqual(
    queue.jobs.map(({ name }) => name),
    ["one", "two"],
  );
  assert.equal(queue.discard().length, 2);
  assert.equal(queue.state, "idle");
});

test("what was not sent survives a reload of the page", () => {
  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  new Unsent(storage, 1, 7).keep([{ token: "t", operations: [{ op: "set" }] }]);
  assert.deepEqual(new Unsent(storage, 1, 7).find(), [{ token: "t", operations: [{ op: "set" }] }]);
  assert.deepEqual(new Unsent(storage, 1, 8).find(), []);
  assert.deepEqual(new Unsent(storage, 2, 7).find(), []);
  new Unsent(storage, 1, 7).keep([]);
  assert.deepEqual(new Unsent(storage, 1, 7).find(), []);
});

test("who is signed out loses nothing: the edit waits", async () => {
  const { queue, log } = line(async () => {
    throw failure(401);
  });
  queue.push({ name: "one" });
  await quiet();
  assert.equal(queue.state, "stopped");
  assert.deepEqual(log.refused, []);
});
