// Requests that never throw: {status, json, headers}, with status 0 where no answer of our server came.

export const OFFLINE = 0;
const SECONDS = 60;

const cookie = (name) => globalThis.document?.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1] ?? "";

/** `fetch` may be a test's own. A page of a wireless network's sign-in answers 200 too: only JSON and empties count. */
export function client(fetch, timeout = SECONDS * 1000) {
  return async (method, url, { headers = {}, body } = {}) => {
    const all = { Accept: "application/json", ...headers };
    if (method !== "GET" && method !== "HEAD") all["X-CSRFToken"] = cookie("csrftoken");
    try {
      const signal = AbortSignal.timeout(timeout);
      const answer = await fetch(url, { method, headers: all, body, signal, redirect: "error", cache: "no-store" });
      const isJson = /[/+]json\b/.test(answer.headers.get("Content-Type") ?? "");
      const text = method === "HEAD" || answer.status === 204 ? "" : await answer.text();
      const isForeign = answer.ok && text !== "" && !isJson;
      if (isForeign) return { status: OFFLINE, json: null, headers: answer.headers };
      return { status: answer.status, json: isJson && text ? JSON.parse(text) : null, headers: answer.headers };
    } catch {
      return { status: OFFLINE, json: null, headers: new Headers() };
    }
  };
}

export const isSignIn = (status) => status === 401 || status === 403;

/** Milliseconds until attempt number `failures` + 1: doubled each time, spread so that phones do not come as one. */
export function backoff(failures, retryAfter = null, random = Math.random) {
  const asked = Number(retryAfter) * 1000 || 0;
  const own = Math.min(2000 * 2 ** Math.max(0, failures - 1), 300_000);
  return Math.max(asked, own * (0.5 + random() / 2));
}
