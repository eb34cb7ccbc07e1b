// The records a person saved on this phone, and the way each of them goes to the server. Nothing is forgotten before
// the server has receipted it.
//
//   const queue = await createQueue({store, base, fetch, now, session, locks, label})
//       base: "/api/survey"; session: address of the page's session (see gis_core/views/offline_shell.py)
//   queue.save(kind, uuid, object, files, {draft})   files: [{sha256, bytes, type}] (bytes left out where stored already)
//       A record saved before is edited; `draft: true` keeps the text on the phone without sending it.
//   queue.discardDraft(uuid)          a draft never saved disappears; a saved record keeps its saved text
//   queue.open(uuid) -> {record, object, files}      what the form shows: the draft, or else the last saved text
//   queue.list() -> [record with `state`], the newest first;  queue.summary() -> {counts, unsent, drafts, oldest, age, bytes}
//   queue.send({force}) -> {reason, sent}   reason: done | nothing | offline | signin | other | busy | later | left | full
//   queue.resolve(uuid, object), queue.keepMine(uuid), queue.takeTheirs(uuid)     the ways out of a conflict
//   queue.adopt(kind, uuid, object, version)         a record that this person sent from another phone
//   queue.exportUnsent(user) -> [{name, text}]       encrypted, see exporter.js
//   queue.onchange = (summary) => …                  after every change, also one made in another tab

import { sha256hex } from "./chain.js";
import { fieldsOf, picked } from "./clash.js";
import { exportParts } from "./exporter.js";
import { client } from "./http.js";
import {
  append,
  last,
  objectOf,
  renumber,
  replace,
  replaceable,
  STATES,
  stateOf,
  unsettled,
  versionOf,
} from "./ledger.js";
import { sendAll } from "./sending.js";

const newHead = (label) => ({ key: "head", device: crypto.randomUUID(), sequence: 0, chain: "", label });

/** ISO 8601 of this phone's clock with its offset: the server keeps it beside its own time. */
export function localTime(milliseconds) {
  const minutes = -new Date(milliseconds).getTimezoneOffset();
  const local = new Date(milliseconds + minutes * 60_000).toISOString().slice(0, -1);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

export async function createQueue(options) {
  const queue = new Queue(options);
  await queue.change(async ({ head }) => (head ? null : { put: [["meta", newHead(queue.label)]] }));
  return queue;
}

class Queue {
  constructor({ store, base, session = null, fetch = globalThis.fetch.bind(globalThis), now = Date.now, ...rest }) {
    const { locks = globalThis.navigator?.locks, label = "", channel = null, chunk = 512 * 1024 } = rest;
    Object.assign(this, { store, base, session, now, locks, label, channel, chunk });
    this.request = client(fetch, rest.timeout);
    this.sending = null;
    this.failures = 0;
    this.retryAt = 0;
    this.onchange = () => {};
    if (channel) channel.onmessage = () => this.changed(false);
  }

  /**
   * Read, decide and write as one step: `decide({head, records})` returns what `store.write` takes, or null. When
   * another tab or the sender wrote meanwhile, it is asked again with what is there now.
   */
  async change(decide) {
    for (;;) {
      const records = await this.store.all("records");
      const head = (await this.store.get("meta", "head")) ?? null;
      const writes = await decide({ head, records });
      if (!writes) return;
      const expect = [["meta", "head", head?.rev ?? 0]];
      for (const [table, row] of writes.put ?? [])
        if (table === "records") expect.push([table, row.uuid, row.rev ?? 0]);
      try {
        await this.store.write({ ...writes, expect });
        await this.changed();
        return;
      } catch (error) {
        if (error.name !== "StaleWrite") throw error;
      }
    }
  }

  /** Change one record: `patch(record)` returns the record as it shall be, or null. */
  apply(uuid, patch) {
    return this.change(async ({ records }) => {
      const record = records.find((each) => each.uuid === uuid);
      const changed = record && (await patch(record));
      return changed ? { put: [["records", { ...changed, updated_at: this.now() }]] } : null;
    });
  }

  async changed(tell = true) {
    if (tell) this.channel?.postMessage("changed");
    this.onchange(await this.summary());
  }

  async save(kind, uuid, object, files = [], { draft = false } = {}) {
    const body = JSON.stringify(object);
    const sha256 = await sha256hex(body);
    const names = files.map((file) => file.sha256);
    const photos = await this.#fileRows(files);
    await this.change(async ({ head, records }) => {
      const known = records.find((each) => each.uuid === uuid);
      const record = known ?? { uuid, kind, entries: [], draft: null, created_at: this.now() };
      if (draft) return { put: [["records", { ...record, draft: { body, files: names } }], ...photos] };
      const text = { body, sha256, files: names, time: localTime(this.now()), if_match: record.base ?? null };
      return this.#saved(head, records, { ...record, draft: null }, text, photos);
    });
  }

  async #saved(head, records, record, text, photos) {
    const before = last(record);
    const isSame = before?.sha256 === text.sha256 && [null, "accepted"].includes(before.settled);
    if (isSame) return { put: [["records", record], ...photos] };
    const clean = { ...record, problems: [], difference: null };
    const made = replaceable(records, record)
      ? await replace(head, records, clean, text)
      : await append(head, clean, text);
    const rows = made.records ?? [made.record];
    return { put: [["meta", made.head], ...rows.map((row) => ["records", row]), ...photos] };
  }

  async #fileRows(files) {
    const rows = [];
    for (const { sha256, bytes, type } of files) {
      const known = await this.store.get("files", sha256);
      // One that left the phone a week after it arrived is the server's: it goes on being named.
      if (known?.isHere || (known && !bytes)) continue;
      if (!bytes) throw new Error(`file ${sha256} is not on this phone`);
      const facts = { sha256, type, size: bytes.byteLength, added_at: this.now(), complete: false, isHere: true };
      rows.push(["files", facts], ["bytes", { sha256, bytes }]);
    }
    return rows;
  }

  discardDraft(uuid) {
    return this.change(async ({ records }) => {
      const record = records.find((each) => each.uuid === uuid);
      if (!record?.draft) return null;
      return record.entries.length
        ? { put: [["records", { ...record, draft: null }]] }
        : { remove: [["records", uuid]] };
    });
  }

  async open(uuid) {
    const record = await this.store.get("records", uuid);
    if (!record) return null;
    const { files } = record.draft ?? last(record);
    const rows = await Promise.all(files.map((sha256) => this.#file(sha256)));
    return { record: this.#told(record), object: objectOf(record), files: rows.filter(Boolean) };
  }

  /** A photo with its bytes; `bytes` is null once it has left the phone. */
  async #file(sha256) {
    const file = await this.store.get("files", sha256);
    return file && { ...file, bytes: (await this.store.get("bytes", sha256))?.bytes ?? null };
  }

  #told(record) {
    const state = stateOf(record);
    const isUnderWay = record.uuid === this.sending && ["queued", "waiting"].includes(state);
    return { ...record, state: isUnderWay ? "sending" : state };
  }

  async list() {
    const records = await this.store.all("records");
    return records.map((record) => this.#told(record)).sort((a, b) => b.created_at - a.created_at);
  }

  async summary() {
    const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
    const open = [];
    const records = await this.list();
    for (const record of records) {
      counts[record.state] += 1;
      if (["queued", "sending", "waiting", "rejected", "conflict"].includes(record.state)) open.push(record);
    }
    const times = open.map(
      (record) => record.entries.find(({ settled }) => settled !== "accepted")?.time ?? last(record).time,
    );
    const oldest = times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
    const wanted = new Set(open.flatMap((record) => last(record).files));
    const files = (await this.store.all("files")).filter(({ sha256, complete }) => wanted.has(sha256) && !complete);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const age = oldest ? Math.max(0, this.now() - Date.parse(oldest)) : 0;
    const drafts = records.filter(({ draft }) => draft).length;
    return { counts, unsent: open.length, drafts, oldest, age, bytes, photos: files.length };
  }

  /** One tab sends at a time; `force` does not wait for the time a failure put off the next attempt to. */
  async send({ force = false } = {}) {
    if (!force && this.now() < this.retryAt) return { reason: "later", sent: 0 };
    const run = () => sendAll(this, force);
    const held = (lock) => (lock ? run() : { reason: "busy", sent: 0 });
    if (this.locks) return this.locks.request(`dongne-send-${this.store.userId}`, { ifAvailable: true }, held);
    if (this.isSending) return { reason: "busy", sent: 0 };
    this.isSending = true;
    return run().finally(() => {
      this.isSending = false;
    });
  }

  /** The server knows this number, or this device, otherwise: a new device sends everything that is still open. */
  becomeNewDevice() {
    return this.change(async ({ head, records }) => {
      const isOpen = (entry) => entry.settled === null;
      const made = await renumber({ ...newHead(this.label), rev: head.rev }, records, isOpen);
      return { put: [["meta", made.head], ...made.records.map((row) => ["records", row])] };
    });
  }

  /** A person saw what stands against the record, and this is what shall be: it goes as an answer to that. */
  async resolve(uuid, object) {
    const body = JSON.stringify(object);
    const sha256 = await sha256hex(body);
    const here = new Set((await this.store.all("files")).map((file) => file.sha256));
    const named = (object.photos ?? []).map((photo) => photo.sha256);
    await this.change(async ({ head, records }) => {
      const record = records.find((each) => each.uuid === uuid);
      if (!record || stateOf(record) !== "conflict") return null;
      const { version } = record.difference;
      const files = named.filter((name) => here.has(name));
      const time = localTime(this.now());
      const text = { body, sha256, files, time, if_match: version, resolves: last(record).sha256 };
      const made = await append(head, { ...record, base: version, difference: null, problems: [] }, text);
      const rows = [
        ["meta", made.head],
        ["records", made.record],
      ];
      return { put: rows };
    });
  }

  /** Everything as it was entered here, wherever it clashes. */
  async keepMine(uuid) {
    const { record, object } = await this.open(uuid);
    const all = new Map(fieldsOf(record.difference).map(({ field }) => [field, "mine"]));
    return this.resolve(uuid, all.size ? picked(record.difference, object, all) : object);
  }

  takeTheirs(uuid) {
    return this.apply(uuid, async (record) => {
      if (stateOf(record) !== "conflict") return null;
      const { current, version } = record.difference;
      const { body, sha256, sent } = last(record);
      // `sent`: the text that the server knows under this number.
      const entry = { ...last(record), settled: "accepted", overruled: body, sent: sent ?? sha256 };
      if (current)
        Object.assign(entry, { body: JSON.stringify(current), sha256: await sha256hex(JSON.stringify(current)) });
      const entries = [...record.entries.slice(0, -1), entry];
      return { ...record, entries, base: version, difference: null, problems: [] };
    });
  }

  /** A record of this person that another phone sent, to be gone on with here: a draft until it is saved. */
  adopt(kind, uuid, object, version) {
    return this.change(async ({ records }) => {
      if (records.some((each) => each.uuid === uuid)) return null;
      const draft = { body: JSON.stringify(object), files: [] };
      const row = { uuid, kind, entries: [], draft, base: version, created_at: this.now() };
      return { put: [["records", row]] };
    });
  }

  async exportUnsent(user) {
    const records = await this.store.all("records");
    const head = await this.store.get("meta", "head");
    const key = (await this.store.get("meta", "key"))?.value;
    const names = new Set(
      records.filter((each) => stateOf(each) !== "done").flatMap((each) => last(each)?.files ?? []),
    );
    const files = [];
    for (const sha256 of names) {
      const file = await this.#file(sha256);
      if (file?.bytes && !file.complete) files.push(file);
    }
    const entries = unsettled(records).map(([record, entry]) => {
      return { ...entry, kind: record.kind, uuid: record.uuid, if_match: versionOf(record, entry) };
    });
    return exportParts({ key, user, head, entries, files, time: localTime(this.now()) });
  }
}
