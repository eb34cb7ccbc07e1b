// The search box: an ARIA combobox over records and areas.

import { debounce, getJson, h } from "./dom.js";
import { t } from "./text.js";

const SHORTEST = 2;

export class Search {
  /** `onChoose` gets the chosen result as the server gave it: {layer, id, label, detail, kind, bbox}. */
  constructor(input, list, url, { onChoose, status }) {
    this.input = input;
    this.list = list;
    this.url = url;
    this.onChoose = onChoose;
    this.status = status;
    this.results = [];
    this.active = -1;
    this.asked = null;
    this.ask = debounce(() => this.#ask(), 250);
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("focus", () => this.results.length && this.#open());
    input.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    input.form?.addEventListener("submit", (event) => event.preventDefault());
  }

  async #ask() {
    this.asked?.abort();
    const text = this.input.value.trim();
    if (text.length < SHORTEST) {
      this.results = [];
      this.#close();
      return;
    }
    this.asked = new AbortController();
    try {
      const url = `${this.url}?${new URLSearchParams({ q: text })}`;
      const { results } = await getJson(url, { signal: this.asked.signal });
      this.results = results;
      this.#show();
    } catch (error) {
      if (error.name !== "AbortError") this.#message(t(error.status === 0 ? "network_failed" : "search_failed"));
    }
  }

  #show() {
    this.active = -1;
    if (!this.results.length) {
      this.#message(t("search_nothing"));
      return;
    }
    this.list.replaceChildren(...this.results.map((result, index) => this.#option(result, index)));
    this.#open();
    this.status.say(t("search_found", { count: this.results.length }));
  }

  #message(text) {
    this.results = [];
    this.list.replaceChildren(h("li", { className: "none", role: "presentation" }, text));
    this.#open();
    this.status.say(text);
  }

  #option({ label, detail, kind }, index) {
    return h(
      "li",
      {
        id: `found-${index}`,
        role: "option",
        "aria-selected": "false",
        onmousedown: (event) => {
          event.preventDefault();
          this.#choose(index);
        },
      },
      h("span", { className: "kind" }, kind),
      h("span", { className: "label" }, label),
      detail ? h("span", { className: "detail" }, detail) : null,
    );
  }

  #key(event) {
    const last = this.results.length - 1;
    const moves = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
    };
    if (event.key in moves && last >= 0) {
      event.preventDefault();
      this.#open();
      this.#activate(moves[event.key]);
    } else if (event.key === "Enter" && last >= 0) {
      event.preventDefault();
      this.#choose(Math.max(this.active, 0));
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.#close();
    }
  }

  #activate(index) {
    this.active = index;
    for (const [at, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `found-${index}`);
  }

  #choose(index) {
    const result = this.results[index];
    this.#close();
    this.input.value = result.label;
    this.onChoose(result);
  }

  #open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
