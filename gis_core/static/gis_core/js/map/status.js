// What the map says: short notes that stay until they no longer hold, and one voice for screen readers.

import { h } from "./dom.js";
import { t } from "./text.js";

export class Status {
  /** `notes` is where notes are shown; `voice` is a polite live region. */
  constructor(notes, voice) {
    this.notes = notes;
    this.voice = voice;
    this.shown = new Map();
    this.said = "";
  }

  /** Say something once, without showing it. */
  say(text) {
    if (text === this.said) return;
    this.said = text;
    this.voice.textContent = text;
  }

  /**
   * Show a note under a name; a second call replaces it. `options`: kind "information", "warning" or "error",
   * actions [{label, run}], seconds after which it goes, closable.
   */
  note(name, text, { kind = "information", actions = [], seconds = 0, closable = false } = {}) {
    this.clear(name);
    const buttons = actions.map(({ label, run }) =>
      h("button", { type: "button", className: "button small", onclick: run }, label),
    );
    const close = closable
      ? h("button", {
          type: "button",
          className: "note-close icon icon-close",
          "aria-label": t("close"),
          onclick: () => this.clear(name),
        })
      : null;
    const role = kind === "error" ? "alert" : "status";
    const element = h(
      "div",
      { className: `map-note ${kind}`, role, "data-note": name },
      h("p", {}, text),
      ...buttons,
      close,
    );
    this.notes.append(element);
    const timer = seconds ? setTimeout(() => this.clear(name), seconds * 1000) : 0;
    this.shown.set(name, { element, timer });
  }

  clear(name) {
    const found = this.shown.get(name);
    if (!found) return;
    clearTimeout(found.timer);
    found.element.remove();
    this.shown.delete(name);
  }
}
