// A full phone. What gives way, in this order: photos that have arrived at the server, then the pictures of the map;
// never anything that was not sent.
//
//   isFull(error) -> whether an error says so
//   sendForRoom(queue) -> what queue.send() answers    sends what waits, and lets go of the photos that arrived
//   dropMap(queue)    the pictures of the map; they can be downloaded again
//   spare: two megabytes kept for the moment when a phone is full: giving them up lets what is small be written still

import { forgetTiles } from "./tiles.js";
import { purge } from "./uploads.js";

const SPARE = "dongne-spare";
const SPARE_BYTES = 2_000_000;
const AT = "/spare";
const PATIENCE = 60;

export const isFull = (error) => error?.name === "QuotaExceededError";

export async function sendForRoom(queue) {
  await purge(queue, { all: true });
  let result = await queue.send({ force: true });
  // What is being sent already, here or in another tab, is waited for.
  for (let waited = 0; result.reason === "busy" && waited < PATIENCE; waited += 1) {
    await new Promise((go) => setTimeout(go, 1000));
    result = await queue.send({ force: true });
  }
  await purge(queue, { all: true });
  return result;
}

export const dropMap = (queue) => forgetTiles(queue.store.userId);

export const spare = {
  /** Where there is no room for it there is none. */
  async lay() {
    try {
      const cache = await caches.open(SPARE);
      if (await cache.match(AT)) return;
      await cache.put(AT, new Response(new Uint8Array(SPARE_BYTES)));
    } catch {
      await caches.delete(SPARE).catch(() => {});
    }
  },
  /** Whether there was something to give up. */
  give: () => caches.delete(SPARE),
};
