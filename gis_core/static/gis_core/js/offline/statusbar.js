// The line that is always in sight: whether there is a network, what waits and since when, and what a person can do.
//
//   const bar = statusBar(element, {onsend, onexport, others})
//   bar.summary(queue.summary()), bar.result(queue.send()), bar.version(take), bar.kept(askToKeep()), bar.install(install)
//   `element` is the page's <div data-offline-bar>; words come from words.js

import { h } from "../map/dom.js";
import { sendText, summaryText, t } from "./words.js";

export function statusBar(element, { onsend, onexport, others = 0, signIn = "/sign-in/" }) {
  const network = h("span", { className: "offline-network" });
  const text = h("span", { className: "offline-text" });
  const told = h("span", { className: "offline-told" });
  const send = button("send_now", onsend);
  const save = button("export", onexport);
  const link = h(
    "a",
    { className: "button small", href: `${signIn}?next=${encodeURIComponent(location.pathname)}` },
    t("sign_in"),
  );
  const notes = h("div", { className: "offline-notes" });
  const line = h("p", { className: "offline-line", role: "status" }, network, text, told);
  element.replaceChildren(line, h("div", { className: "buttons" }, send, save, link), notes);
  link.hidden = true;
  const connection = () => {
    network.textContent = t(navigator.onLine ? "online" : "offline");
    element.dataset.online = navigator.onLine ? "yes" : "no";
  };
  window.addEventListener("online", connection);
  window.addEventListener("offline", connection);
  connection();
  const noted = new Map();
  const note = (key, ...children) => {
    noted.get(key)?.remove();
    noted.delete(key);
    if (children.length === 0) return;
    const made = h("p", { className: "offline-note" }, ...children);
    noted.set(key, made);
    notes.append(made);
  };
  if (others) note("others", t("others_unsent", { count: others }));
  return {
    note,
    summary(summary) {
      text.textContent = summaryText(summary);
      send.hidden = summary.unsent === 0;
      save.hidden = summary.unsent === 0;
      element.dataset.unsent = String(summary.unsent);
    },
    result({ reason }) {
      // What was answered but needs a decision is no longer on its way, and yet not all is well.
      const isOpen = reason === "done" && Number(element.dataset.unsent) > 0;
      told.textContent = isOpen || ["nothing", "busy"].includes(reason) ? "" : sendText(reason);
      link.hidden = !["signin", "other"].includes(reason);
      element.dataset.result = reason;
    },
    version: (take) => note("version", t("new_version"), " ", button("take_version", take)),
    kept({ persisted, installHint, quota, usage }) {
      if (installHint) note("hint", t(installHint));
      else if (!persisted) note("hint", t("not_persisted"));
      if (quota && quota - usage < 200_000_000) note("space", t("little_space"));
    },
    install: (install) => (install ? note("install", button("install_now", install)) : note("install")),
  };
}

function button(key, onclick) {
  return h("button", { type: "button", className: "button small", onclick }, t(key));
}
