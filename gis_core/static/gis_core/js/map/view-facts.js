// What is true of the view: counts per layer, names of areas, whether boundaries are schematic. Asked once per stop.

import { debounce, getJson } from "./dom.js";
import { bboxText, params } from "./filters.js";
import { t } from "./text.js";

export class ViewFacts {
  /** `onFacts` gets {counts, areas, schematic}, or null when they could not be had. */
  constructor({ adapter, config, store, status, onFacts }) {
    Object.assign(this, { adapter, config, store, status, onFacts });
    this.ask = debounce(() => this.#ask(), 300);
    this.asked = null;
  }

  #query() {
    const { layers, filters, area } = this.store.state;
    const bbox = bboxText(this.adapter.bounds);
    if (!bbox) return null;
    const query = new URLSearchParams({ bbox, zoom: Math.round(this.adapter.view.zoom), layers: layers.join(",") });
    if (area) query.set("area", area);
    for (const id of layers) {
      for (const [name, value] of params(filters[id], null)) query.append(`${id}.${name}`, value);
    }
    return query;
  }

  async #ask() {
    this.asked?.abort();
    this.asked = new AbortController();
    const query = this.#query();
    if (!query) return;
    try {
      const facts = await getJson(`${this.config.urls.counts}?${query}`, { signal: this.asked.signal });
      this.status.clear("counts");
      this.onFacts(facts);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.onFacts(null);
      this.status.note("counts", t(error.status === 0 ? "network_failed" : "counts_failed"), {
        kind: "warning",
        actions: [{ label: t("try_again"), run: () => this.#ask() }],
        closable: true,
      });
    }
  }
}
