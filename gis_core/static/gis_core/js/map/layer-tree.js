// The layers: which are on, how many records they have in view, what their symbols mean, their filters and tables.

import { debounce, h } from "./dom.js";
import { activeCount, bboxText, fromEntries, params, withParams } from "./filters.js";
import { mark } from "./legend.js";
import { rove } from "./roving.js";
import { legend } from "./style.js";
import { number, t } from "./text.js";

const { htmx } = window;

export class LayerTree {
  /** `root` holds one [data-layer] item per layer, made by the server; `layers` is the config's list. */
  constructor(root, layers, store) {
    this.store = store;
    this.items = new Map();
    for (const layer of layers) {
      const item = root.querySelector(`[data-layer="${layer.id}"]`);
      this.items.set(layer.id, { layer, item });
      this.#wire(layer, item);
    }
    for (const group of root.querySelectorAll("[role=toolbar]")) rove(group, ".layer-row");
    store.subscribe((state) => this.#reflect(state));
    this.#reflect(store.state);
  }

  #wire(layer, item) {
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    part("on").addEventListener("change", (event) => this.#toggle(layer.id, event.target.checked));
    part("legend").replaceChildren(
      ...legend(layer).map((category) =>
        h("li", {}, mark(layer, category), h("span", {}, category.label ?? layer.title)),
      ),
    );
    const [first] = legend(layer);
    part("mark").replaceChildren(mark(layer, first));
    part("fold").addEventListener("click", () => this.#fold(item));
    part("filter").addEventListener("click", () => this.#filter(layer, item));
    part("form").addEventListener("submit", (event) => event.preventDefault());
    part("form").addEventListener(
      "input",
      debounce(() => this.#filtered(layer, part("form")), 400),
    );
    part("form").addEventListener("click", (event) => {
      if (event.target.closest("[data-part=clear]")) this.#cleared(layer, part("form"));
    });
  }

  #toggle(id, on) {
    const { layers } = this.store.state;
    this.store.set({ layers: [...this.items.keys()].filter((other) => (other === id ? on : layers.includes(other))) });
  }

  #fold(item) {
    const open = item.classList.toggle("unfolded");
    item.querySelector("[data-part=fold]").setAttribute("aria-expanded", String(open));
  }

  async #filter(layer, item) {
    const button = item.querySelector("[data-part=filter]");
    const form = item.querySelector("[data-part=form]");
    const open = form.hidden;
    form.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    if (!form.childElementCount) {
      const query = params(this.store.state.filters[layer.id], null);
      await htmx.ajax("GET", withParams(layer.urls.filters, query), { target: form, swap: "innerHTML" });
    }
    form.querySelector("input, select")?.focus();
  }

  #filtered(layer, form) {
    const filter = fromEntries(new FormData(form));
    this.store.set({ filters: { ...this.store.state.filters, [layer.id]: filter } });
  }

  #cleared(layer, form) {
    for (const field of form.elements) {
      if (field.type === "checkbox") field.checked = false;
      else if ("value" in field) field.value = "";
    }
    this.#filtered(layer, form);
    form.querySelector("input, select")?.focus();
  }

  #reflect(state) {
    for (const [id, { item }] of this.items) {
      const on = state.layers.includes(id);
      item.classList.toggle("off", !on);
      item.querySelector("[data-part=on]").checked = on;
      const active = activeCount(state.filters[id]);
      const badge = item.querySelector("[data-part=active]");
      badge.hidden = active === 0;
      badge.textContent = active;
    }
  }

  /** Point each layer's table at what the map shows: same filter, same area, same place. */
  setView(bounds) {
    const { filters, area } = this.store.state;
    for (const [id, { layer, item }] of this.items) {
      const query = params(filters[id], area);
      const bbox = bboxText(bounds);
      if (bbox) query.set("bbox", bbox);
      item.querySelector("[data-part=table]").href = withParams(layer.urls.list, query);
    }
  }

  /** `counts` is {id: {count, more}}; null means they could not be had. */
  setCounts(counts) {
    for (const [id, { item }] of this.items) {
      const output = item.querySelector("[data-part=count]");
      const found = counts?.[id];
      if (!found) output.textContent = counts ? "" : "–";
      else output.textContent = t(found.more ? "count_more" : "count_exact", { count: number(found.count) });
    }
  }
}
