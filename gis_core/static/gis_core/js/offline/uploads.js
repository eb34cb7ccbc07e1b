// Files go in pieces and go on where they stopped; a record is done when the server says that all of them arrived.
// Used by queue.js only.

import { OFFLINE } from "./http.js";
import { last } from "./ledger.js";
import { failed } from "./round.js";

const WEEK = 7 * 24 * 60 * 60 * 1000;
const RESTARTS = 3;

const isWaiting = (record) => last(record)?.settled === "accepted" && record.receipt?.state === "waiting";

export async function sendFiles(queue, round) {
  for (const record of (await queue.store.all("records")).filter(isWaiting)) {
    queue.sending = record.uuid;
    await queue.changed();
    const problems = [];
    for (const sha256 of record.receipt.missing ?? []) {
      const problem = await sendFile(queue, round, sha256);
      if (!problem) continue;
      problems.push(problem);
      // Not a failure of the network, but trying again at once would send the same photo over and over.
      round.failed += 1;
    }
    await askReceipt(queue, round, record, problems);
  }
  await purge(queue);
}

async function sendFile(queue, round, sha256) {
  const file = await queue.store.get("files", sha256);
  const bytes = (await queue.store.get("bytes", sha256))?.bytes;
  if (!file || !bytes) return { sha256, reason: "not_on_phone" };
  const url = `${queue.base}/files/${sha256}`;
  const head = await queue.request("HEAD", url);
  if (head.status !== 200 && head.status !== 404) return void (await failed(queue, round, head));
  let offset = head.status === 200 ? Number(head.headers.get("Upload-Offset")) : 0;
  let isComplete = head.headers.get("Upload-Complete") === "?1";
  for (let restarts = 0; !isComplete; ) {
    const answer = await queue.request("PATCH", url, piece(bytes, offset, queue.chunk));
    const told = Number(answer.headers.get("Upload-Offset") ?? Number.NaN);
    if (answer.status === 204) {
      round.inRow = 0;
      offset = Number.isNaN(told) ? offset + queue.chunk : told;
      isComplete = offset >= file.size;
    } else if (answer.status === 409 && told !== offset && !Number.isNaN(told)) {
      offset = told;
      isComplete = offset >= file.size;
    } else if (answer.status === 422 && restarts < RESTARTS) {
      restarts += 1;
      offset = 0;
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 403, 429].includes(answer.status)) {
      return { sha256, reason: answer.status === 413 ? "too_large" : "refused", message: answer.json?.detail ?? "" };
    } else {
      return void (await failed(queue, round, answer));
    }
  }
  await queue.store.write({ put: [["files", { ...file, complete: true }]] });
  return null;
}

function piece(bytes, offset, size) {
  const body = bytes.slice(offset, offset + size);
  const headers = { "Upload-Offset": String(offset), "Upload-Length": String(bytes.byteLength) };
  return { headers: { ...headers, "Content-Type": "application/octet-stream" }, body };
}

async function askReceipt(queue, round, { uuid, kind }, problems) {
  const answer = await queue.request("GET", `${queue.base}/records/${kind}/${uuid}`);
  const receipt = answer.json;
  if (answer.status === OFFLINE || answer.status >= 400 || receipt?.uuid !== uuid) return failed(queue, round, answer);
  await queue.apply(uuid, (record) => {
    if (!isWaiting(record)) return null;
    return {
      ...record,
      receipt: { ...record.receipt, ...receipt },
      problems: [...problems, ...(receipt.damaged ?? [])],
    };
  });
}

/**
 * Photos leave the phone a week after the server had all of every record that shows them, or at once where room is
 * needed (`all`); texts stay.
 */
export async function purge(queue, { all = false } = {}) {
  const isGone = (record) => isSafe(record) && (all || queue.now() - record.updated_at > WEEK);
  const records = await queue.store.all("records");
  const needed = new Set(records.flatMap((record) => (isGone(record) ? [] : names(record))));
  for (const { sha256 } of (await queue.store.all("files")).filter((file) => file.isHere && !needed.has(file.sha256))) {
    if (!records.some((record) => names(record).includes(sha256))) continue;
    await queue.change(async ({ records: now }) => {
      const isUsed = now.some((record) => names(record).includes(sha256) && !isGone(record));
      const file = await queue.store.get("files", sha256);
      const gone = { ...file, isHere: false, complete: true };
      return isUsed ? null : { put: [["files", gone]], remove: [["bytes", sha256]] };
    });
  }
}

const names = (record) => [...record.entries.flatMap(({ files }) => files), ...(record.draft?.files ?? [])];

const isSafe = (record) =>
  last(record)?.settled === "accepted" && record.receipt?.state === "accepted" && !record.draft;
