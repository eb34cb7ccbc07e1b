// "This phone says 143, the server says 143": what both have is compared, and what the server lacks goes again.
// Used by queue.js only.

import { last, stateOf, unsettled } from "./ledger.js";
import { failed } from "./round.js";

const answered = (record) => record.entries.filter(({ settled }) => settled !== null);

export async function reconcile(queue) {
  const records = (await queue.store.all("records")).filter((record) => answered(record).length);
  const entries = records.flatMap(answered).sort((a, b) => a.sequence - b.sequence);
  const head = await queue.store.get("meta", "head");
  const { oldest } = await queue.summary();
  const body = JSON.stringify({
    device: head.device,
    count: records.length,
    sequence: entries.at(-1)?.sequence ?? 0,
    chain: entries.at(-1)?.chain ?? "",
    records: records.map((record) => {
      const { sha256, sent } = answered(record).at(-1);
      return { kind: record.kind, uuid: record.uuid, body_sha256: sent ?? sha256 };
    }),
    unsent: unsettled(await queue.store.all("records")).length,
    oldest_unsent_at: oldest,
    time: new Date(queue.now()).toISOString(),
  });
  const headers = { "Content-Type": "application/json" };
  const answer = await queue.request("POST", `${queue.base}/reconcile`, { headers, body });
  if (answer.status < 200 || answer.status >= 300 || !answer.json) {
    return failed(queue, { failed: 0, inRow: 0 }, answer);
  }
  for (const each of answer.json.missing ?? []) await sendAgain(queue, each.uuid ?? each);
  const { agrees, device_count, server_count, chain_agrees } = answer.json;
  const told = { key: "reconciled", at: queue.now(), agrees, device_count, server_count, chain_agrees };
  await queue.store.write({ put: [["meta", told]] });
}

/** The text and its number are the same as before, so that a server which has it after all takes it once. */
function sendAgain(queue, uuid) {
  return queue.apply(uuid, (record) => {
    if (stateOf(record) === "queued" || !last(record)) return null;
    const entries = [...record.entries.slice(0, -1), { ...last(record), settled: null, if_match: null }];
    return { ...record, entries, receipt: null, base: null };
  });
}
