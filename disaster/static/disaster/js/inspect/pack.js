// The keeper's pack: one download, and everything works without a network. It lies beside the survey's, under a name
// of its own: one person may have both.
//
//   download(url, store) -> row;  current(store) -> {pack, etag, fetched_at} or null.  Throws PackError.

import { PackError } from "../../../gis_core/js/offline/pack.js";

const NAME = "inspection-pack";

export async function current(store) {
  return (await store.get("meta", NAME)) ?? null;
}

export async function download(url, store, { fetch = globalThis.fetch.bind(globalThis), now = Date.now } = {}) {
  const known = await current(store);
  const headers = { Accept: "application/json", ...(known?.etag ? { "If-None-Match": known.etag } : {}) };
  let answer;
  try {
    answer = await fetch(url, { headers, redirect: "error", cache: "no-store" });
  } catch {
    throw new PackError("offline");
  }
  const isSame = answer.status === 304;
  const pack = isSame ? known.pack : await packOf(answer);
  const row = { key: NAME, pack, etag: isSame ? known.etag : answer.headers.get("ETag"), fetched_at: now() };
  const key = pack.key?.public_jwk ? [["meta", { key: "key", value: pack.key }]] : [];
  try {
    await store.write({ put: [["meta", row], ...key] });
  } catch (error) {
    throw new PackError(error.name === "QuotaExceededError" ? "full" : "refused", error.message);
  }
  return row;
}

async function packOf(answer) {
  const isJson = /[/+]json\b/.test(answer.headers.get("Content-Type") ?? "");
  if (answer.status === 401) throw new PackError("signin");
  const told = isJson ? await answer.json().catch(() => null) : null;
  if (answer.ok && told?.depots) return told;
  // A wireless network's own sign-in page answers 200 too.
  throw new PackError(answer.ok ? "offline" : "refused", told?.detail ?? told?.title ?? String(answer.status));
}
