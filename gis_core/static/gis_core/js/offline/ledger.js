// The numbered entries of a device, pure but for hashing. A record has one entry for every text of it that is, was or
// will be sent: {sequence, previous, chain, body, sha256, time, if_match, files, attempted, settled}.
// `settled` is null until the server has answered for good: "accepted", "rejected" or "conflict".

import { chainOf } from "./chain.js";

export const STATES = ["draft", "queued", "sending", "waiting", "done", "rejected", "conflict"];

export const last = (record) => record.entries.at(-1);

/** The record's content as the form shows it: the draft, or else the last saved text. */
export const objectOf = (record) => JSON.parse((record.draft ?? last(record)).body);

/** What a person is told about the record ("sending" is added by the queue, for as long as it lasts). */
export function stateOf(record) {
  if (record.entries.length === 0) return "draft";
  if (record.entries.some(({ settled }) => settled === null)) return "queued";
  const { settled } = last(record);
  if (settled !== "accepted") return settled;
  return record.receipt?.state === "waiting" ? "waiting" : "done";
}

/** Every entry the server has not answered for, as [record, entry], in the order they were saved. */
export function unsettled(records) {
  return records
    .flatMap((record) => record.entries.filter(({ settled }) => settled === null).map((entry) => [record, entry]))
    .sort(([, a], [, b]) => a.sequence - b.sequence);
}

/**
 * The version an entry is an edit of, or null. Until it first leaves that is the newest this phone was told of, so that
 * two edits of one record do not clash with each other; a retry says what was said the first time.
 */
export function versionOf(record, entry) {
  return (entry.attempted ? entry.if_match : record.base) ?? null;
}

async function numbered(head, record, entry) {
  const sequence = head.sequence + 1;
  const chain = await chainOf(head.chain, sequence, record.kind, record.uuid, entry.sha256);
  return { ...entry, sequence, previous: head.chain, chain };
}

/** `record` with one more entry at the device's head. Returns {head, record}. */
export async function append(head, record, entry) {
  const added = await numbered(head, record, { ...entry, attempted: false, settled: null });
  return {
    head: { ...head, sequence: added.sequence, chain: added.chain },
    record: { ...record, entries: [...record.entries, added] },
  };
}

/** Whether the record's last text can still be replaced: neither it nor anything saved after it ever left. */
export function replaceable(records, record) {
  const entry = last(record);
  if (!entry || entry.attempted || entry.settled) return false;
  return !records.some((each) => each.entries.some((other) => other.attempted && other.sequence > entry.sequence));
}

/**
 * The record's last entry gets another text under the same number, and what was chained after it is chained anew.
 * Returns {head, records: those that changed}.
 */
export async function replace(head, records, record, change) {
  const entry = { ...last(record), ...change };
  const changed = { ...record, entries: [...record.entries.slice(0, -1), entry] };
  const all = records.map((each) => (each.uuid === record.uuid ? changed : each));
  return renumber({ ...head, sequence: entry.sequence - 1, chain: entry.previous }, all);
}

/** Number everything after `head` anew, in its order. Returns {head, records: those that changed}. */
export async function renumber(head, records, isLater = (entry) => entry.sequence > head.sequence) {
  const later = records
    .flatMap((record) => record.entries.filter(isLater).map((entry) => [record.uuid, entry]))
    .sort(([, a], [, b]) => a.sequence - b.sequence);
  const byUuid = new Map(records.map((record) => [record.uuid, record]));
  const touched = new Set();
  for (const [uuid, entry] of later) {
    const record = byUuid.get(uuid);
    const renewed = await numbered(head, record, entry);
    head = { ...head, sequence: renewed.sequence, chain: renewed.chain };
    const entries = record.entries.map((each) => (each === entry ? renewed : each));
    byUuid.set(uuid, { ...record, entries });
    touched.add(uuid);
  }
  return { head, records: [...touched].map((uuid) => byUuid.get(uuid)) };
}
