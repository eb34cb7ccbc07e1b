// Talking to the server: JSON, the session's CSRF token, and errors that carry what the server said.

/** The cookie's token first: it changes when somebody signs in again in another tab, the page's own does not. */
function csrf() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  if (cookie) return decodeURIComponent(cookie.slice("csrftoken=".length));
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

async function answerOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

/** Ask the server. Throws an Error with `status` (0: no network) and `answer` (what the server said, or {}). */
async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch (error) {
    throw Object.assign(new Error(url), { status: 0, answer: {}, cause: error });
  }
  // Who is no longer signed in is led to the sign-in page, which would look like success.
  if (response.redirected) throw Object.assign(new Error(url), { status: 401, answer: {} });
  const answer = await answerOf(response);
  if (!response.ok) throw Object.assign(new Error(url), { status: response.status, answer });
  return answer;
}

export const get = (url) => ask(url);

export const send = (method, url, body) =>
  ask(url, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

export const post = (url, body) => send("POST", url, body);

/** Send a form with files; `progress` hears the part sent, 0 to 1. */
export function upload(url, form, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.addEventListener("progress", ({ loaded, total }) => total && progress(loaded / total));
    const fail = (status) =>
      reject(Object.assign(new Error(url), { status, answer: (status && request.response) || {} }));
    request.addEventListener("load", () => (request.status < 300 ? resolve(request.response) : fail(request.status)));
    request.addEventListener("error", () => fail(0));
    request.send(form);
  });
}

/** A new token for an edit. crypto.randomUUID is missing where the page came without TLS. */
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
