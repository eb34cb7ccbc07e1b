// The side panel: server-made fragments (htmx) about one record, or a choice between several.

import { h } from "./dom.js";
import { t } from "./text.js";

const { htmx } = window;

export class Panel {
  /**
   * `element` holds a bar and a body. `onSection` hears of every fragment that arrives, as its section.panel;
   * `onClose` of the close button.
   */
  constructor(element, { onSection, onClose }) {
    this.element = element;
    this.body = element.querySelector(".panel-body");
    this.onSection = onSection;
    this.opener = null;
    element.querySelector("[data-panel=close]").addEventListener("click", onClose);
    element.querySelector("[data-panel=fold]").addEventListener("click", () => this.fold());
    new MutationObserver(() => this.#arrived()).observe(this.body, { childList: true });
    this.body.addEventListener("htmx:beforeRequest", (event) => this.#before(event));
    this.body.addEventListener("htmx:afterRequest", (event) => this.#after(event));
    this.body.addEventListener("htmx:sendError", (event) => this.#failed(event, t("network_failed")));
    this.body.addEventListener("htmx:load", (event) => this.#keepForms(event.detail.elt));
    this.body.addEventListener("htmx:timeout", (event) => this.#failed(event, t("network_failed")));
    this.body.addEventListener("htmx:responseError", (event) => this.#failed(event, reasonOf(event.detail.xhr)));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  get section() {
    return this.body.querySelector(".panel");
  }

  /** Whether the panel shows a record's facts. */
  shows({ layer, id }) {
    const { mode, layer: shown, id: shownId } = this.section?.dataset ?? {};
    return this.isOpen && mode === "view" && shown === layer && shownId === String(id);
  }

  /** Show the fragment at an address. */
  load(url) {
    this.#show();
    this.body.setAttribute("aria-busy", "true");
    const waiting = h("p", { className: "panel-wait" }, t("loading"));
    // What is there stays until the answer comes, unless it comes slowly.
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.body.replaceChildren(waiting), 400);
    this.url = url;
    // Failures are told by htmx's events, which #failed hears.
    htmx.ajax("GET", url, { source: this.body, target: this.body, swap: "innerHTML" }).catch(() => {});
  }

  #answered() {
    clearTimeout(this.waiting);
    this.body.removeAttribute("aria-busy");
  }

  /** Let the user choose between records at one place: [{text, detail, mark, run}]. */
  choose(title, choices) {
    this.#show();
    const buttons = choices.map(({ text, detail, mark, run }) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", className: "choice", onclick: run },
          mark,
          h("span", {}, text),
          h("small", {}, detail),
        ),
      ),
    );
    this.body.replaceChildren(
      h("section", { className: "chooser" }, h("h2", { tabindex: "-1" }, title), h("ul", {}, ...buttons)),
    );
    this.focus();
  }

  close() {
    this.element.hidden = true;
    this.body.replaceChildren();
    document.body.classList.remove("panel-open");
  }

  /** On a phone the panel can be folded to its bar, so that the map can be seen and drawn on. */
  fold(folded = !this.element.classList.contains("folded")) {
    this.element.classList.toggle("folded", folded);
    const button = this.element.querySelector("[data-panel=fold]");
    button.setAttribute("aria-expanded", String(!folded));
  }

  /** Bring the keyboard into the panel. */
  focus() {
    (this.body.querySelector("[data-focus]") ?? this.body.querySelector("h2"))?.focus({ preventScroll: true });
  }

  /** A message at the top of the panel, such as a failure. */
  message(text, { kind = "error", actions = [] } = {}) {
    this.body.querySelector(".panel-message")?.remove();
    const buttons = actions.map(({ label, run }) =>
      h("button", { type: "button", className: "button small", onclick: run }, label),
    );
    const role = kind === "error" ? "alert" : "status";
    const notice = h(
      "div",
      { className: `notice panel-message ${kind} icon icon-${kind}`, role, tabindex: "-1" },
      h("div", {}, h("p", {}, text), h("div", { className: "buttons" }, ...buttons)),
    );
    this.body.prepend(notice);
    if (kind === "error") this.body.scrollTo({ top: 0 });
    return notice;
  }

  #show() {
    if (this.element.hidden) {
      this.element.hidden = false;
      document.body.classList.add("panel-open");
    }
    this.fold(false);
  }

  #arrived() {
    const { section } = this;
    if (!section || section === this.seen) return;
    this.seen = section;
    this.element.querySelector("[data-panel=title]").textContent =
      section.querySelector("h2")?.textContent.trim() ?? "";
    this.onSection(section);
  }

  /** Forms made for a page (putting back an old version, in the history) answer into the panel too. */
  #keepForms(element) {
    for (const form of element.querySelectorAll("form[method=post]:not([hx-post])")) {
      form.setAttribute("hx-post", form.action);
      form.setAttribute("hx-target", "closest .panel");
      form.setAttribute("hx-swap", "outerHTML");
      htmx.process(form);
    }
  }

  #before(event) {
    const form = event.target.closest("form");
    if (!form || event.detail.requestConfig.verb === "get") return;
    // Two clicks on save are one save.
    if (form.dataset.sending) event.preventDefault();
    else form.dataset.sending = "true";
  }

  #after(event) {
    this.#answered();
    const form = event.target.closest?.("form");
    if (form) delete form.dataset.sending;
  }

  #failed(event, text) {
    this.#answered();
    const source = event.detail.elt;
    const again =
      source.tagName === "FORM"
        ? () => source.requestSubmit()
        : () => (source === this.body || !source.isConnected ? this.load(this.url) : source.click());
    const status = event.detail.xhr?.status ?? 0;
    // Asking again helps against a lost network or a busy server, not against a refusal.
    const actions = status === 0 || status >= 500 ? [{ label: t("try_again"), run: again }] : [];
    if (!this.section) this.body.replaceChildren();
    this.message(text, { actions });
  }
}

/** What the server said, from its small HTML page; a general text when it said nothing. */
function reasonOf(xhr) {
  if (xhr.status === 404) return t("not_found");
  if (xhr.status >= 500) return t("server_failed");
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.body.textContent.replace(/\s+/g, " ").trim().slice(0, 400) || t("server_failed");
}
