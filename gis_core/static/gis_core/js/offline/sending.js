// One round of sending: every entry in the order it was saved, then the files, then what the server says it has.
// Used by queue.js only.

import { digestHeader } from "./chain.js";
import { askDecisions, isCurious } from "./decisions.js";
import { backoff } from "./http.js";
import { unsettled, versionOf } from "./ledger.js";
import { reconcile } from "./reconcile.js";
import { checkSession, failed, Stop } from "./round.js";
import { sendFiles } from "./uploads.js";

const DAY = 24 * 60 * 60 * 1000;

export async function sendAll(queue, force) {
  const round = { sent: 0, failed: 0, inRow: 0, isComplete: false };
  let isOpen = false;
  try {
    const summary = await queue.summary();
    const isDue = queue.now() - ((await queue.store.get("meta", "reconciled"))?.at ?? 0) > DAY;
    isOpen = summary.unsent > summary.counts.rejected + summary.counts.conflict;
    const isKnown = summary.counts.done + summary.counts.rejected + summary.counts.conflict > 0;
    const mayCompare = isOpen || (isDue && isKnown);
    if (!mayCompare && !(await isCurious(queue, force))) return { reason: "nothing", sent: 0 };
    await checkSession(queue);
    await sendEntries(queue, round);
    await sendFiles(queue, round);
    queue.sending = null;
    if (mayCompare && ((await left(queue)) === 0 || isDue)) await reconcile(queue);
    await askDecisions(queue, round);
    if (round.failed) throw new Stop("left");
    Object.assign(queue, { failures: 0, retryAt: 0 });
    if (!mayCompare) return { reason: "nothing", sent: 0 };
    return { reason: (await left(queue)) ? "left" : "done", sent: round.sent };
  } catch (error) {
    // A phone that is full can still be sent from once something else gave way (room.js).
    if (error.name === "QuotaExceededError") return { reason: "full", sent: round.sent };
    if (!(error instanceof Stop)) throw error;
    // Nothing waits here: that the office could not be asked is no news.
    if (!isOpen && ["offline", "later", "left"].includes(error.reason)) return { reason: "nothing", sent: 0 };
    queue.failures += 1;
    queue.retryAt = queue.now() + backoff(queue.failures, error.retryAfter);
    return { reason: error.reason, sent: round.sent };
  } finally {
    queue.sending = null;
    await queue.changed();
  }
}

async function left(queue) {
  const { counts } = await queue.summary();
  return counts.queued + counts.sending + counts.waiting;
}

async function sendEntries(queue, round) {
  const tried = new Set();
  const held = new Set();
  for (let turns = 0; ; ) {
    const open = unsettled(await queue.store.all("records"));
    const next = open.find(([record, { sha256 }]) => !tried.has(`${record.uuid} ${sha256}`) && !held.has(record.uuid));
    if (!next) return;
    const [record, entry] = next;
    queue.sending = record.uuid;
    await queue.changed();
    const outcome = await sendEntry(queue, round, record, entry);
    // Under a new device everything open has new numbers: once is enough, a second time the server would say the same.
    if (outcome === "again" && turns === 0) {
      turns += 1;
      continue;
    }
    tried.add(`${record.uuid} ${entry.sha256}`);
    if (outcome !== "settled") held.add(record.uuid);
  }
}

const same = (a, b) => a.sequence === b.sequence && a.sha256 === b.sha256;

const withEntry = (record, entry, change) => ({
  ...record,
  entries: record.entries.map((each) => (same(each, entry) ? { ...each, ...change } : each)),
});

async function sendEntry(queue, round, { uuid, kind }, entry) {
  const head = await queue.store.get("meta", "head");
  let ifMatch = null;
  let isThere = false;
  // Written down before anything leaves: from here on the text under this number may be known to the server.
  await queue.apply(uuid, (record) => {
    const now = record.entries.find((each) => same(each, entry));
    isThere = Boolean(now);
    ifMatch = now && versionOf(record, now);
    return now && withEntry(record, entry, { attempted: true, if_match: ifMatch });
  });
  if (!isThere) return "settled";
  const headers = {
    "Content-Type": "application/json",
    "Content-Digest": digestHeader(entry.sha256),
    "Dongne-Device": head.device,
    "Dongne-Sequence": String(entry.sequence),
    "Dongne-Previous": entry.previous,
    "Dongne-Time": entry.time,
  };
  if (head.label) headers["Dongne-Device-Label"] = head.label;
  if (ifMatch) headers["If-Match"] = `"${ifMatch}"`;
  if (entry.resolves) headers["Dongne-Resolves"] = entry.resolves;
  const answer = await queue.request("PUT", `${queue.base}/${kind}/${uuid}`, { headers, body: entry.body });
  return take(queue, round, { uuid, entry, ifMatch }, answer);
}

async function take(queue, round, sent, answer) {
  const { status, json, headers } = answer;
  const { uuid, entry } = sent;
  const isReceipt = json?.uuid === uuid && ["accepted", "waiting"].includes(json?.state);
  const settle = (patch) => {
    round.sent += 1;
    round.inRow = 0;
    return queue.apply(uuid, (record) => ({ ...patch(record), tell: null })).then(() => "settled");
  };
  if ((status === 200 || status === 201) && isReceipt) return settle((record) => accepted(record, sent, json));
  if (status === 409) return conflict(queue, settle, sent, json);
  if (status === 412) return settle((record) => clashing(record, entry, json, headers));
  const isRejection = status === 422 || (status >= 400 && status < 500 && (json?.problems || json?.receipt));
  if (isRejection) return settle((record) => rejected(record, entry, json));
  await queue.apply(uuid, (record) => ({ ...record, tell: { status, message: json?.detail ?? json?.title ?? "" } }));
  await failed(queue, round, answer);
  return "failed";
}

/** After a merge the phone does not know the others' changes: its next edit starts from the version it did know. */
export function accepted(record, { entry, ifMatch }, receipt) {
  const base = receipt.merged?.length ? (ifMatch ?? receipt.version) : receipt.version;
  const settled = withEntry(record, entry, { settled: "accepted" });
  return { ...settled, receipt, base, problems: receipt.damaged ?? [], difference: null };
}

function rejected(record, entry, json) {
  const problems = json?.problems ?? [{ field: "", message: json?.detail ?? json?.title ?? "" }];
  return { ...withEntry(record, entry, { settled: "rejected" }), problems, receipt: json?.receipt ?? record.receipt };
}

function clashing(record, entry, json, headers) {
  const tagged = headers.get("ETag")?.match(/\d+/)?.[0];
  const version = json?.version ?? (tagged ? Number(tagged) : null);
  const { difference: fields = {}, current = null, merged = null } = json ?? {};
  const difference = { difference: fields, current, merged, version };
  return { ...withEntry(record, entry, { settled: "conflict" }), difference, problems: [] };
}

async function conflict(queue, settle, { uuid, entry, ifMatch }, json) {
  if (json?.code === "sequence_reused" || json?.code === "not_your_device") {
    await checkSession(queue);
    await queue.becomeNewDevice();
    return "again";
  }
  if (json?.current_sha256 === entry.sha256) {
    const receipt = json.receipt ?? { uuid, state: "waiting", version: json.version, missing: [], merged: [] };
    return settle((record) => accepted(record, { entry, ifMatch }, receipt));
  }
  return settle((record) => clashing(record, entry, json, new Headers()));
}
