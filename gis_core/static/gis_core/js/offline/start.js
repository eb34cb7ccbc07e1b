// Everything an app on the offline shell begins with: who is working, that person's store and queue, the bar, the
// worker, sending by itself.
//
//   startApp({base, bar, settings}) -> {person, store, queue, bar, settings} or null when nobody ever signed in here
//       base: "/api/survey"; bar: the element for the status bar; settings: the page's <script id="config">
//   onchange(callback)   callback(summary) after every change of the queue

import { h, json } from "../map/dom.js";
import { NoKey } from "./exporter.js";
import { askToKeep, oninstallable } from "./persist.js";
import { createQueue } from "./queue.js";
import { spare } from "./room.js";
import { deviceLabel, othersUnsent, rememberUnsent, whoIs } from "./session.js";
import { startShell } from "./shell.js";
import { statusBar } from "./statusbar.js";
import { openStore } from "./store.js";
import { keepSending } from "./triggers.js";
import { t } from "./words.js";

const listeners = new Set();

export function onchange(callback) {
  listeners.add(callback);
}

export async function startApp({
  base,
  bar: element = document.querySelector("[data-offline-bar]"),
  settings = json("config"),
}) {
  const { address } = settings;
  const person = await whoIs(address.session);
  if (!person) {
    const href = `${settings.sign_in}?next=${encodeURIComponent(address.app)}`;
    element.replaceChildren(h("a", { className: "button primary", href }, t("sign_in")));
    document.body.dataset.offline = "signed-out";
    return null;
  }
  const store = await openStore(person.user);
  const channel = new BroadcastChannel(`dongne-queue-${person.user}`);
  const queue = await createQueue({ store, base, session: address.session, label: deviceLabel(), channel });
  const bar = statusBar(element, {
    others: othersUnsent(person.user),
    signIn: settings.sign_in,
    onsend: async () => bar.result(await queue.send({ force: true })),
    onexport: () => saveUnsent(queue, person, bar),
  });
  queue.onchange = (summary) => {
    rememberUnsent(person.user, summary.unsent);
    bar.summary(summary);
    for (const listener of listeners) listener(summary);
  };
  queue.onchange(await queue.summary());
  if (person.needsSignIn) bar.result({ reason: "signin" });
  startShell({ worker: address.worker, scope: address.app, onversion: bar.version, onready: () => kept() });
  oninstallable(bar.install);
  askToKeep().then(bar.kept).then(spare.lay);
  keepSending(queue, { onresult: bar.result });
  document.body.dataset.offline = "ready";
  return { person, store, queue, bar, settings };
}

/** For people a quiet nothing; for tests and support the sign that the page opens without a network from now on. */
function kept() {
  document.body.dataset.shell = "kept";
}

async function saveUnsent(queue, { user, name }, bar) {
  try {
    const parts = await queue.exportUnsent({ id: user, name });
    for (const part of parts) download(part);
    bar.note("export", t("export_made", { count: parts.length }));
  } catch (error) {
    bar.note("export", t(error instanceof NoKey ? "export_no_key" : "export_failed"));
  }
}

function download({ name, text }) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
