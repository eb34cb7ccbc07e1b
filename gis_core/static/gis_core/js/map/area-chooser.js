// Choosing an area: the map goes there, and everything is filtered to it.

import { getJson, h } from "./dom.js";
import { t } from "./text.js";

export class AreaChooser {
  /**
   * `upper` and `towns` are the two selects; `areas` are those above the towns: [{id, name, bbox}]. `onArea` gets the
   * chosen area ({id, name, bbox}) or null.
   */
  constructor(upper, towns, areas, url, onArea) {
    Object.assign(this, { upper, towns, areas, url, onArea });
    this.below = new Map();
    upper.addEventListener("change", () => this.#upperChosen());
    towns.addEventListener("change", () => this.#townChosen());
  }

  /** Show what the map is filtered to, an id or a code; returns the area ({id, name, bbox}) or null. */
  async show(area) {
    if (!area) {
      this.upper.value = "";
      this.#fill([]);
      return null;
    }
    const top = this.areas.find(({ id, code }) => String(id) === area || code === area);
    if (top) {
      this.upper.value = String(top.id);
      this.#fill(await this.#townsOf(top.id));
      return top;
    }
    const { areas } = await getJson(`${this.url}?${new URLSearchParams({ area })}`);
    const [town] = areas;
    if (!town) return null;
    this.upper.value = String(town.parent);
    this.#fill(await this.#townsOf(town.parent));
    this.towns.value = String(town.id);
    return town;
  }

  async #townsOf(parent) {
    if (!this.below.has(parent)) {
      const { areas } = await getJson(`${this.url}?${new URLSearchParams({ parent })}`);
      this.below.set(parent, areas);
    }
    return this.below.get(parent);
  }

  #fill(areas) {
    this.towns.replaceChildren(
      h("option", { value: "" }, t("all_towns")),
      ...areas.map(({ id, name }) => h("option", { value: String(id) }, name)),
    );
    this.towns.disabled = areas.length === 0;
    this.listed = areas;
  }

  async #upperChosen() {
    const area = this.areas.find(({ id }) => String(id) === this.upper.value) ?? null;
    this.onArea(area);
    this.#fill(area ? await this.#townsOf(area.id) : []);
  }

  #townChosen() {
    const town = this.listed.find(({ id }) => String(id) === this.towns.value);
    this.onArea(town ?? this.areas.find(({ id }) => String(id) === this.upper.value) ?? null);
  }
}
