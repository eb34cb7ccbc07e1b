// The pictures of a pack's map, kept in the browser's cache. They are the first to give way when a phone is full: they
// can be downloaded again, records cannot.
//
//   fetchTiles(fetch, userId, urls, onprogress) -> {wanted, failed, isFull}    goes on where it stopped
//   dropTiles(userId, urls)    leaves only these;  forgetTiles(userId) -> whether there were any

const AT_ONCE = 6;
// Left for the photos of a week: pictures of the map stop before.
const RESERVE = 150_000_000;
const LOOK_EVERY = 40;

// Each person's own, so that one pack's renewal does not take the map out of another's.
const name = (userId) => `dongne-tiles-${userId}`;

/** Tiles of our own server; a missing one leaves a hole in the picture and is counted, but stops nothing. */
export async function fetchTiles(fetch, userId, urls, onprogress, storage = navigator.storage) {
  const own = urls.map((url) => new URL(url, location.href)).filter(({ origin }) => origin === location.origin);
  const told = { wanted: urls.length, failed: urls.length - own.length, isFull: false };
  if (own.length === 0) return told;
  const cache = await caches.open(name(userId));
  const waiting = own.map(String).reverse();
  let done = 0;
  const work = async () => {
    for (let url = waiting.pop(); url; url = waiting.pop()) {
      if (done % LOOK_EVERY === 0) told.isFull ||= await isFull(storage);
      if (!(await fetchTile(fetch, cache, url, told))) told.failed += 1;
      done += 1;
      onprogress({ done, of: own.length });
    }
  };
  onprogress({ done, of: own.length });
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return told;
}

async function isFull(storage) {
  const { quota, usage } = (await storage?.estimate?.()) ?? {};
  return Boolean(quota) && quota - usage < RESERVE;
}

async function fetchTile(fetch, cache, url, told) {
  if (await cache.match(url)) return true;
  if (told.isFull) return false;
  try {
    // A session that ran out would answer with the sign-in page.
    const answer = await fetch(url, { redirect: "error" });
    const isPicture = /^image\//.test(answer.headers.get("Content-Type") ?? "");
    if (answer.status !== 200 || !isPicture) return false;
    await cache.put(url, answer);
    return true;
  } catch (error) {
    told.isFull ||= error.name === "QuotaExceededError";
    return false;
  }
}

/** Only after the new ones are here: a download that breaks off must leave the map of the one before. */
export async function dropTiles(userId, urls) {
  const cache = await caches.open(name(userId));
  const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

export const forgetTiles = (userId) => caches.delete(name(userId));
