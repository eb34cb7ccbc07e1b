import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, picked } from "../../gis_core/static/gis_core/js/offline/clash.js";
import { createQueue } from "../../gis_core/static/gis_core/js/offline/queue.js";
import { MemoryStore } from "./offline-memory.js";
import { Server } from "./offline-server.js";

const TOLD = {
  difference: {
    note: { base: "", current: "theirs", yours: "mine" },
    "answers.roof": { base: "fair", current: "bad", yours: "poor" },
    "answers.water": { base: "yes", current: "no", yours: null },
  },
  merged: { note: "theirs", outcome: "surveyed", answers: { roof: "bad", water: "no", power: "cut" } },
};

async function phone(server, clock = { now: Date.parse("2026-11-02T01:00:00Z") }) {
  const store = new MemoryStore();
  const base = "/api/survey";
  const facts = { store, base, session: `${base}/session`, fetch: server.fetch, now: () => clock.now, locks: null };
  return { queue: await createQueue(facts), store, clock };
}

test("what clashes is told field by field, and each pick counts for its own", () => {
  assert.deepEqual(
    fieldsOf(TOLD).map(({ field }) => field),
    ["note", "answers.roof", "answers.water"],
  );
  const object = picked(
    TOLD,
    {},
    new Map([
      ["note", "mine"],
      ["answers.roof", "theirs"],
      ["answers.water", "mine"],
    ]),
  );
  assert.deepEqual(object, { note: "mine", outcome: "surveyed", answers: { roof: "bad", power: "cut" } });
  assert.equal(TOLD.merged.note, "theirs", "what was told stays as it is");
});

test("a resolved clash says which text it answers, and the server's next word is the last", async () => {
  const server = new Server();
  const sent = [];
  const { queue } = await phone({
    fetch: (url, options) => {
      if (options.method === "PUT") sent.push(options.headers);
      return server.fetch(url, options);
    },
  });
  await queue.save("visits", "u1", { note: "one" });
  await queue.send();
  server.records.set("u1", { body: { note: "theirs", reason: "added" }, sha256: "x", version: 2 });
  await queue.save("visits", "u1", { note: "mine" });
  await queue.send();
  const { record, object } = await queue.open("u1");
  await queue.resolve("u1", picked(record.difference, object, new Map([["note", "mine"]])));
  assert.equal((await queue.send()).reason, "done");
  assert.equal(sent.at(-1)["Dongne-Resolves"], record.entries.at(-1).sha256);
  assert.equal(sent.at(-1)["If-Match"], '"2"');
  assert.deepEqual(server.records.get("u1").body, { note: "mine", reason: "added" });
});

test("taking the office's text leaves both sides with the same history", async () => {
  const server = new Server();
  const { queue, clock } = await phone(server);
  await queue.save("visits", "u1", { note: "one" });
  await queue.send();
  server.records.set("u1", { body: { note: "theirs" }, sha256: "x", version: 2 });
  await queue.save("visits", "u1", { note: "mine" });
  const [, { sha256 }] = (await queue.open("u1")).record.entries;
  await queue.send();
  await queue.takeTheirs("u1");
  let told = null;
  server.reconcile = (said) => {
    told = said;
    return new Response("{}", { headers: { "Content-Type": "application/json" } });
  };
  clock.now += 25 * 60 * 60 * 1000;
  await queue.send();
  assert.equal(told.records[0].body_sha256, sha256, "what was sent under this number, not what is shown now");
});

test("what the office decided comes with ordinary sending, and is not asked again once it is final", async () => {
  const server = new Server();
  const { queue, clock } = await phone(server);
  await queue.save("visits", "u1", { note: "one" });
  await queue.send();
  server.decisions.set("u1", { state: "returned", comment: "the roof, please" });
  assert.equal((await queue.send({ force: true })).reason, "nothing", "it was asked a moment ago");
  clock.now += 60_000;
  assert.deepEqual(await queue.send({ force: true }), { reason: "nothing", sent: 0 });
  assert.equal((await queue.open("u1")).record.receipt.target.comment, "the roof, please");
  await queue.save("visits", "u1", { note: "better" });
  server.decisions.set("u1", { state: "accepted", is_final: true });
  await queue.send();
  assert.equal((await queue.open("u1")).record.receipt.target.state, "accepted");
  const asked = server.log.length;
  clock.now += 60 * 60_000;
  await queue.send({ force: true });
  assert.equal(server.log.length, asked);
});

test("that the office cannot be asked is no news to somebody with nothing to send", async () => {
  const server = new Server();
  const { queue, clock } = await phone(server);
  await queue.save("visits", "u1", { note: "one" });
  await queue.send();
  clock.now += 60_000;
  server.breaks = () => 500;
  assert.equal((await queue.send({ force: true })).reason, "nothing");
});

test("a visit of another phone is gone on with under its own name and version", async () => {
  const server = new Server();
  server.records.set("u1", { body: { note: "from the other phone" }, sha256: "x", version: 3 });
  const { queue } = await phone(server);
  await queue.adopt("visits", "u1", { note: "from the other phone" }, 3);
  await queue.adopt("visits", "u1", { note: "twice" }, 4);
  assert.equal((await queue.list())[0].state, "draft");
  await queue.save("visits", "u1", { note: "better" });
  assert.equal((await queue.send()).reason, "done");
  assert.deepEqual([...server.records.keys()], ["u1"]);
  assert.equal(server.records.get("u1").body.note, "better");
});
