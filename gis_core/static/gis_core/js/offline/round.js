// What ends or delays a round of sending. Used by sending.js, uploads.js and reconcile.js.

import { isSignIn, OFFLINE } from "./http.js";

const SERVER_IS_DOWN = 3;

/** Ends a round early; `reason` is what queue.send() answers. */
export class Stop extends Error {
  constructor(reason, retryAfter = null) {
    super(reason);
    Object.assign(this, { reason, retryAfter });
  }
}

/** Whose session this is now: on a shared phone somebody else may have signed in, in another tab. */
export async function checkSession(queue) {
  if (!queue.session) return;
  const { status, json } = await queue.request("GET", queue.session);
  if (isSignIn(status)) throw new Stop("signin");
  if (status !== 200 || !json) throw new Stop("offline");
  if (json.user === null) throw new Stop("signin");
  if (String(json.user) !== String(queue.store.userId)) throw new Stop("other");
}

/** A failure that is no answer: without network the round ends; a server in trouble is left alone for a while. */
export async function failed(queue, round, { status, headers }) {
  if (status === OFFLINE) throw new Stop("offline");
  if (isSignIn(status)) await checkSession(queue);
  round.failed += 1;
  round.inRow += 1;
  if (round.inRow >= SERVER_IS_DOWN || status === 429) throw new Stop("later", headers.get("Retry-After"));
}
