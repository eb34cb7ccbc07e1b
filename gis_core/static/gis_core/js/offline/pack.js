// The crew's pack: one download, and everything works without a network.
//
//   download(url, store, {onprogress, key, fetch}) -> {pack, isNew, tiles: {wanted, failed}}
//       onprogress({done, of}); `key`: address of the office's key for encrypted exports. Throws PackError
//       (code: offline | signin | refused | full); the pack kept before then stays whole.
//   current(store) -> {pack, etag, fetched_at, tiles} or null

const AT_ONCE = 6;

// Each person's own, so that one pack's renewal does not take the map out of another's.
const tileCache = (userId) => `dongne-tiles-${userId}`;

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
  const cache = await caches.open(tileCache(store.userId));
  const tiles = await fetchTiles(fetch, cache, pack.tiles ?? [], onprogress);
  const row = { key: "pack", pack, etag: isNew ? answer.headers.get("ETag") : known.etag, fetched_at: now(), tiles };
  const put = [["meta", row]];
  const office = pack.key?.public_jwk ? pack.key : await officeKey(fetch, key);
  if (office) put.push(["meta", { key: "key", value: office }]);
  try {
    await store.write({ put });
  } catch (error) {
    throw new PackError(error.name === "QuotaExceededError" ? "full" : "refused", error.message);
  }
  await dropTiles(cache, pack.tiles ?? []);
  return { pack, isNew, tiles };
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

/** Tiles of our own server; a missing one leaves a hole in the picture and is counted, but stops nothing. */
async function fetchTiles(fetch, cache, urls, onprogress) {
  const own = urls.map((url) => new URL(url, location.href)).filter(({ origin }) => origin === location.origin);
  const told = { wanted: urls.length, failed: urls.length - own.length };
  const waiting = own.map(String);
  let done = 0;
  const work = async () => {
    for (let url = waiting.pop(); url; url = waiting.pop()) {
      if (!(await fetchTile(fetch, cache, url))) told.failed += 1;
      done += 1;
      onprogress({ done, of: own.length });
    }
  };
  onprogress({ done, of: own.length });
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return told;
}

async function fetchTile(fetch, cache, url) {
  if (await cache.match(url)) return true;
  try {
    const answer = await fetch(url);
    if (!answer.ok) return false;
    await cache.put(url, answer);
    return true;
  } catch {
    return false;
  }
}

/** Only after the new pack is kept: a download that breaks off must leave the map of the one before. */
async function dropTiles(cache, urls) {
  const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}
