// Who is working: the server's session while there is a network, else the person who signed in last on this phone.
//
//   whoIs(address) -> {user, name, may, isSure} or null     null: nobody, a sign-in is needed
//   rememberUnsent(user, count), othersUnsent(user) -> number of records of other people waiting on this phone
//   forget()   at signing out on this phone: the queue stays, but opens only after signing in again

import { client, OFFLINE } from "./http.js";

const PERSON = "dongne.offline.person";
const WAITING = "dongne.offline.waiting";

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export async function whoIs(address, { fetch = globalThis.fetch.bind(globalThis), timeout = 8000 } = {}) {
  const { status, json } = await client(fetch, timeout)("GET", address);
  const isAnswer = status === 200 && json && "user" in json;
  if (!isAnswer) {
    const person = stored(PERSON);
    return person && (status === OFFLINE || status >= 500) ? { ...person, isSure: false } : null;
  }
  if (json.user === null) {
    // The session ran out, perhaps in the middle of a hill: the person's own queue stays open, sending asks to sign in.
    const person = stored(PERSON);
    return person ? { ...person, isSure: false, needsSignIn: true } : null;
  }
  const { user, name, may } = json;
  localStorage.setItem(PERSON, JSON.stringify({ user, name, may }));
  return { user, name, may, isSure: true };
}

export function forget() {
  localStorage.removeItem(PERSON);
}

export function rememberUnsent(user, count) {
  const counts = { ...stored(WAITING), [user]: count };
  localStorage.setItem(WAITING, JSON.stringify(counts));
}

export function othersUnsent(user) {
  const counts = Object.entries(stored(WAITING) ?? {}).filter(([id]) => id !== String(user));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}

/** A name the office recognises a phone by; headers carry ASCII only. */
export function deviceLabel(agent = navigator.userAgent) {
  const kind = agent.match(/iPhone|iPad|Android[^;)]*|Windows|Mac OS X|Linux/)?.[0] ?? "phone";
  const model = agent.match(/Android[^;]*; ([^;)]+)/)?.[1]?.replace(/ Build.*/, "") ?? "";
  const program = agent.match(/(Edg|SamsungBrowser|Firefox|CriOS|Chrome|Safari)\//)?.[1] ?? "";
  return [kind, model, program]
    .filter(Boolean)
    .join(" ")
    .replace(/[^ -~]/g, "?")
    .slice(0, 100);
}
