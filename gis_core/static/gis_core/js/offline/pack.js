// The crew's pack: one download, and everything works without a network.
//
//   download(url, store, {onprogress, key, fetch}) -> {pack, isNew, tiles: {wanted, failed, isFull}}
//       onprogress({done, of}); `key`: address of the office's key for encrypted exports. Throws PackError
//       (code: offline | signin | refused | full); the pack kept before then stays whole.
//   current(store) -> {pack, etag, fetched_at, tiles} or null;  `tiles` is null while they are still coming

import { dropTiles, fetchTiles } from "./tiles.js";

export class PackError extends Error {
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

export async function current(store) {
  return (await store.get("meta", "pack")) ?? null;
}

export async function download(
  url,
  store,
  { onprogress = () => {}, key = null, fetch = globalThis.fetch, now = Date.now } = {},
) {
  const known = await current(store);
  const answer = await asked(fetch, url, known?.etag ? { "If-None-Match": known.etag } : {});
  const isNew = answer.status !== 304;
  const pack = isNew ? await answer.json() : known.pack;
  const etag = isNew ? answer.headers.get("ETag") : known.etag;
  // Houses and forms first: they are small, and without them nobody can work. The pictures follow, and go on later.
  const row = { key: "pack", pack, etag, fetched_at: now(), tiles: null };
  const office = pack.key?.public_jwk ? pack.key : await officeKey(fetch, key);
  await keep(store, [["meta", row], ...(office ? [["meta", { key: "key", value: office }]] : [])]);
  const tiles = await fetchTiles(fetch, store.userId, pack.tiles ?? [], onprogress);
  await keep(store, [["meta", { ...row, tiles }]]);
  await dropTiles(store.userId, pack.tiles ?? []);
  return { pack, isNew, tiles };
}

async function keep(store, put) {
  try {
    await store.write({ put });
  } catch (error) {
    throw new PackError(error.name === "QuotaExceededError" ? "full" : "refused", error.message);
  }
}

/** The pack serves without the key as well; a key of an earlier download stays. */
async function officeKey(fetch, address) {
  try {
    return address && (await (await asked(fetch, address)).json());
  } catch {
    return null;
  }
}

async function asked(fetch, url, headers = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      headers: { Accept: "application/json", ...headers },
      redirect: "error",
      cache: "no-store",
    });
  } catch {
    throw new PackError("offline");
  }
  if (answer.status === 401) throw new PackError("signin");
  const isJson = /[/+]json\b/.test(answer.headers.get("Content-Type") ?? "");
  if (answer.status !== 304 && !(answer.ok && isJson)) {
    const told = isJson ? await answer.json().catch(() => ({})) : {};
    throw new PackError(answer.ok ? "offline" : "refused", told.detail ?? told.title ?? String(answer.status));
  }
  return answer;
}
