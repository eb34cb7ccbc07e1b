// The service worker of an app that must open without a network. The server puts SHELL = {id, version, page, urls}
// before this text (gis_core/views/offline_shell.py). It keeps pages, scripts and tiles; records are the page's business.

/* global SHELL */
const PREFIX = `dongne-shell-${SHELL.id}-`;
const CACHE = `${PREFIX}${SHELL.version}`;
const PATIENCE = 4000;
const KEPT = new Set([SHELL.page, ...SHELL.urls]);

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

/** All of it or nothing: a shell with a hole would open and then fail in the field. */
async function keep() {
  const cache = await caches.open(CACHE);
  const requests = [...KEPT].map((url) => new Request(url, { cache: "no-cache" }));
  const answers = await Promise.all(requests.map((request) => fetch(request)));
  const isWhole = answers.every((answer) => answer.ok && !answer.redirected);
  // A deployment between two of these requests would mix two versions.
  const page = answers[0]?.headers.get("Dongne-Shell");
  if (!isWhole || page !== SHELL.version) {
    await caches.delete(CACHE);
    throw new Error("the app's files could not all be kept");
  }
  await Promise.all(requests.map((request, index) => cache.put(request.url, answers[index])));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("message", ({ data }) => {
  if (data?.type === "take-over") self.skipWaiting();
});

self.addEventListener("sync", (event) => {
  if (event.tag === "dongne-send") event.waitUntil(wakePages());
});

async function wakePages() {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ type: "send" });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL.page) event.respondWith(openPage(request));
    // The app is told which address below its own was asked for: a scanned label's, for one.
    else event.respondWith(fetch(request).catch(() => Response.redirect(`${SHELL.page}#${rest(url)}`)));
  } else if (KEPT.has(url.pathname)) {
    event.respondWith(file(event, url.pathname));
  } else if (request.destination === "image" || url.pathname.includes("/tiles/")) {
    event.respondWith(tile(request));
  }
});

const rest = ({ pathname }) => pathname.slice(SHELL.page.length);

async function kept(path) {
  return (await caches.open(CACHE)).match(path);
}

/**
 * The page from the server when it is of this version (its language may have changed), else the one that is kept: a new
 * page with the old scripts would be neither. The new version comes by way of its own worker.
 */
async function openPage(request) {
  const own = await kept(SHELL.page);
  try {
    const answer = await fetch(request, own ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (!own) return answer;
    if (answer.ok && !answer.redirected && answer.headers.get("Dongne-Shell") === SHELL.version) {
      (await caches.open(CACHE)).put(SHELL.page, answer.clone());
      return answer;
    }
    self.registration.update().catch(() => {});
    return own;
  } catch (error) {
    if (own) return own;
    throw error;
  }
}

/** The office's pages under the same address want today's files; only the app itself lives on those that are kept. */
async function file({ request, clientId }, path) {
  const client = await self.clients.get(clientId);
  const isApp = !client || new URL(client.url).pathname === SHELL.page;
  const own = isApp && (await kept(path));
  return own || fetch(request).catch(async (error) => (await kept(path)) ?? Promise.reject(error));
}

async function tile(request) {
  const found = await caches.match(request.url);
  return found ?? fetch(request);
}
