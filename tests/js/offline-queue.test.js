import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256hex } from "../../gis_core/static/gis_core/js/offline/chain.js";
import { createQueue, localTime } from "../../gis_core/static/gis_core/js/offline/queue.js";
import { MemoryStore } from "./offline-memory.js";
import { dice, faulty, Server } from "./offline-server.js";

const START = Date.parse("2026-11-02T01:00:00Z");

async function phone(server, { fetch = server.fetch, store = new MemoryStore(), clock = { now: START } } = {}) {
  const base = "/api/survey";
  const queue = await createQueue({
    store,
    base,
    session: `${base}/session`,
    fetch,
    now: () => clock.now,
    locks: null,
    chunk: 10,
  });
  const state = async (uuid) => (await queue.list()).find((record) => record.uuid === uuid)?.state;
  return { queue, store, clock, state };
}

async function photo(text) {
  const bytes = new TextEncoder().encode(text).buffer;
  return { sha256: await sha256hex(bytes), bytes, type: "image/jpeg" };
}

const visit = (note, photos = []) => ({ note, photos: photos.map(({ sha256 }) => ({ sha256 })) });

test("a record with a photo goes, in pieces, and is done when the server has all of it", async () => {
  const server = new Server();
  const { queue, state } = await phone(server);
  const picture = await photo("a picture of some thirty bytes");
  await queue.save("visits", "u1", visit("leaning", [picture]), [picture]);
  assert.equal(await state("u1"), "queued");
  assert.deepEqual(await queue.send(), { reason: "done", sent: 1 });
  assert.equal(await state("u1"), "done");
  assert.deepEqual(server.files.get(picture.sha256).bytes, new Uint8Array(picture.bytes));
  assert.equal(server.log.filter((line) => line.startsWith("PATCH")).length, 3);
  assert.equal((await queue.summary()).unsent, 0);
});

test("a rejected record comes back with its reason, holds up nobody, and can be corrected", async () => {
  const server = new Server();
  server.rejects = ({ note }) => (note === "bad" ? "why not" : null);
  const { queue, state, store } = await phone(server);
  await queue.save("visits", "u1", visit("bad"));
  await queue.save("visits", "u2", visit("good"));
  await queue.send();
  assert.equal(await state("u1"), "rejected");
  assert.equal((await store.get("records", "u1")).problems[0].message, "why not");
  assert.equal(await state("u2"), "done");
  await queue.save("visits", "u1", visit("better"));
  await queue.send();
  assert.equal(await state("u1"), "done");
});

test("a server that fails on one record gets the others", async () => {
  const server = new Server();
  server.breaks = (method, path) => (method === "PUT" && path.endsWith("u1") ? 500 : null);
  const { queue, state, clock } = await phone(server);
  for (const uuid of ["u1", "u2", "u3"]) await queue.save("visits", uuid, visit(uuid));
  assert.equal((await queue.send()).reason, "left");
  assert.deepEqual([await state("u1"), await state("u2"), await state("u3")], ["queued", "done", "done"]);
  assert.equal((await queue.send()).reason, "later");
  clock.now += 60_000;
  server.breaks = () => null;
  assert.equal((await queue.send()).reason, "done");
  assert.equal(await state("u1"), "done");
});

test("when the session ran out everything stays and the person is asked to sign in", async () => {
  const server = new Server();
  const { queue, state } = await phone(server);
  await queue.save("visits", "u1", visit("one"));
  server.user = null;
  assert.equal((await queue.send()).reason, "signin");
  server.user = 8;
  assert.equal((await queue.send({ force: true })).reason, "other");
  assert.equal(server.records.size, 0);
  server.user = 7;
  await queue.send({ force: true });
  assert.equal(await state("u1"), "done");
});

test("an edit before sending replaces the text, and the chain stays whole", async () => {
  const server = new Server();
  const { queue, store } = await phone(server);
  for (const uuid of ["u1", "u2", "u3"]) await queue.save("visits", uuid, visit(uuid));
  await queue.save("visits", "u1", visit("changed"));
  await queue.send();
  assert.equal(server.records.get("u1").body.note, "changed");
  assert.equal(server.brokenChains, 0);
  assert.equal((await store.get("meta", "head")).sequence, 3);
  await queue.save("visits", "u1", visit("changed again"));
  await queue.save("visits", "u1", visit("and again"));
  await queue.send();
  assert.equal(server.records.get("u1").body.note, "and again");
  assert.equal(server.records.get("u1").version, 2);
});

test("two edits of which the first got no answer do not clash with each other", async () => {
  const server = new Server();
  let isCut = false;
  const fetch = async (url, options) => {
    const answer = await server.fetch(url, options);
    if (isCut && options.method === "PUT") throw new TypeError("network");
    return answer;
  };
  const { queue, state } = await phone(server, { fetch });
  await queue.save("visits", "u1", visit("one"));
  await queue.send();
  isCut = true;
  await queue.save("visits", "u1", visit("two"));
  assert.equal((await queue.send()).reason, "offline");
  await queue.save("visits", "u1", visit("three"));
  isCut = false;
  await queue.send({ force: true });
  assert.equal(await state("u1"), "done");
  assert.equal(server.records.get("u1").body.note, "three");
});

test("a change by somebody else is shown, and either way out of it ends the conflict", async () => {
  for (const [way, note] of [
    ["keepMine", "mine"],
    ["takeTheirs", "theirs"],
  ]) {
    const server = new Server();
    const { queue, state } = await phone(server);
    await queue.save("visits", "u1", visit("one"));
    await queue.send();
    server.records.set("u1", { body: visit("theirs"), sha256: "x", version: 2 });
    await queue.save("visits", "u1", visit("mine"));
    await queue.send();
    assert.equal(await state("u1"), "conflict");
    assert.equal((await queue.open("u1")).record.difference.current.note, "theirs");
    await queue[way]("u1");
    await queue.send();
    assert.equal(await state("u1"), "done");
    assert.equal((await queue.open("u1")).object.note, note);
    assert.equal(server.records.get("u1").body.note, note);
  }
});

test("a phone restored from an old copy does not write over what its numbers stood for", async () => {
  const server = new Server();
  const { queue, store } = await phone(server);
  const old = structuredClone(store.tables);
  await queue.save("visits", "u1", visit("one"));
  await queue.send();
  store.tables = old;
  await queue.save("visits", "u2", visit("two"));
  await queue.save("visits", "u3", visit("three"));
  assert.equal((await queue.send()).reason, "done");
  assert.deepEqual([...server.records.keys()].sort(), ["u1", "u2", "u3"]);
});

test("what the server turns out to lack is sent again", async () => {
  const server = new Server();
  const { queue, clock } = await phone(server);
  await queue.save("visits", "u1", visit("one"));
  await queue.send();
  server.records.clear();
  server.sequences.clear();
  clock.now += 25 * 60 * 60 * 1000;
  await queue.send();
  await queue.send();
  assert.ok(server.records.has("u1"));
});

test("a wireless network's own sign-in page is no receipt", async () => {
  const portal = async () => new Response("<html>", { status: 200, headers: { "Content-Type": "text/html" } });
  const { queue, state } = await phone(new Server(), { fetch: portal });
  await queue.save("visits", "u1", visit("one"));
  assert.equal((await queue.send()).reason, "offline");
  assert.equal(await state("u1"), "queued");
});

test("photos leave the phone a week after everything arrived, and never before", async () => {
  const server = new Server();
  const { queue, clock, store } = await phone(server);
  const picture = await photo("picture");
  await queue.save("visits", "u1", visit("one", [picture]), [picture]);
  await queue.send();
  assert.ok(await store.get("bytes", picture.sha256));
  clock.now += 8 * 24 * 60 * 60 * 1000;
  await queue.send();
  assert.equal(await store.get("bytes", picture.sha256), undefined);
});

test("a record whose photos have left the phone can still be changed", async () => {
  const server = new Server();
  const { queue, clock, state } = await phone(server);
  const picture = await photo("seen long ago");
  await queue.save("visits", "u1", visit("leaning", [picture]), [picture]);
  await queue.send();
  clock.now += 8 * 24 * 60 * 60 * 1000;
  await queue.save("visits", "u2", visit("other"), []);
  await queue.send();
  const { files } = await queue.open("u1");
  assert.equal(files[0].bytes, null);
  await queue.save("visits", "u1", visit("fallen", [picture]), files, { draft: true });
  await queue.save("visits", "u1", visit("fallen", [picture]), files);
  await queue.send();
  assert.equal(await state("u1"), "done");
  assert.equal(server.records.get("u1").body.note, "fallen");
});

test("a draft stays on the phone, and a save that fails half-way leaves what was there", async () => {
  const server = new Server();
  const { queue, state, store } = await phone(server);
  await queue.save("visits", "u1", visit("half"), [], { draft: true });
  assert.equal((await queue.send()).reason, "nothing");
  assert.equal(await state("u1"), "draft");
  store.crash = true;
  await assert.rejects(queue.save("visits", "u1", visit("whole")));
  assert.equal((await queue.open("u1")).object.note, "half");
  assert.equal((await store.get("meta", "head")).sequence, 0);
});

test("over a network that loses, doubles and fails, nothing is lost and nothing doubled", async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const random = dice(seed);
    const server = new Server();
    server.rejects = ({ note }) => (note === "bad" ? "why not" : null);
    const clock = { now: START };
    const store = new MemoryStore();
    let { queue } = await phone(server, { fetch: faulty(server.fetch, random), clock, store });
    const wanted = new Map();
    for (let step = 0; step < 12; step += 1) {
      const uuid = `u${Math.floor(random() * 6)}`;
      const picture = await photo(`picture ${seed} ${step}`);
      const note = random() < 0.15 ? "bad" : `note ${step}`;
      await queue.save("visits", uuid, visit(note, [picture]), [picture]);
      wanted.set(uuid, note);
      if (random() < 0.5) await queue.send({ force: true });
      // The tab is closed and opened again: all that counts is in the store.
      if (random() < 0.2) ({ queue } = await phone(server, { fetch: faulty(server.fetch, random), clock, store }));
    }
    for (let round = 0; round < 200; round += 1) {
      const { reason } = await queue.send({ force: true });
      if (["done", "nothing"].includes(reason)) break;
    }
    for (const record of await queue.list()) {
      const note = wanted.get(record.uuid);
      assert.equal(record.state, note === "bad" ? "rejected" : "done", `seed ${seed} ${record.uuid}`);
      if (note !== "bad") assert.equal(server.records.get(record.uuid).body.note, note, `seed ${seed} ${record.uuid}`);
    }
    assert.equal((await queue.list()).length, wanted.size);
  }
});

test("times carry the phone's own offset", () => {
  assert.equal(Date.parse(localTime(START)), START);
  assert.match(localTime(START), /[+-]\d\d:\d\d$/);
});
