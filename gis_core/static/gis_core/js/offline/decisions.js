// What the office decided about records that have arrived: asked now and then, with ordinary sending. Used by sending.js.

import { stateOf } from "./ledger.js";
import { failed } from "./round.js";

const EVERY = 10 * 60_000;
// Somebody who looks at the page again may wait for an answer.
const AT_ONCE = 30_000;
const MOST = 500;

const isUndecided = (record) => ["done", "waiting"].includes(stateOf(record)) && !record.receipt?.target?.is_final;

async function undecided(queue) {
  const records = (await queue.store.all("records")).filter(isUndecided);
  return records.sort((a, b) => b.created_at - a.created_at).slice(0, MOST);
}

export async function isCurious(queue, force) {
  const asked = (await queue.store.get("meta", "decisions"))?.at ?? 0;
  if (queue.now() - asked < (force ? AT_ONCE : EVERY)) return false;
  return (await undecided(queue)).length > 0;
}

export async function askDecisions(queue, round) {
  const open = await undecided(queue);
  for (const kind of new Set(open.map((record) => record.kind))) {
    const headers = { "Content-Type": "application/json" };
    const uuids = open.filter((record) => record.kind === kind).map(({ uuid }) => uuid);
    const body = JSON.stringify({ uuids });
    const answer = await queue.request("POST", `${queue.base}/records/${kind}`, { headers, body });
    if (answer.status !== 200 || !Array.isArray(answer.json?.records)) return failed(queue, round, answer);
    for (const { uuid, target } of answer.json.records) await take(queue, uuid, target);
  }
  await queue.store.write({ put: [["meta", { key: "decisions", at: queue.now() }]] });
}

/** What was changed on this phone meanwhile is newer than what the office said of the text before. */
function take(queue, uuid, target) {
  return queue.apply(uuid, (record) => {
    const { state, comment } = record.receipt?.target ?? {};
    const isKnown = state === target.state && comment === target.comment;
    return isKnown || !isUndecided(record) ? null : { ...record, receipt: { ...record.receipt, target } };
  });
}
