// Choosing an area: the map goes there, and everything is filtered to it.

import { getJson, h } from "./dom.js";
import { t } from "./text.js";

export class AreaChooser {
  /**
   * `upper` and `towns` are the two selects; `areas` are those above the towns: [{id, code, name}]. `onArea` gets the
   * chosen area, with its bbox, or null.
   */
  constructor(upper, towns, areas, url, onArea) {
    Object.assign(this, { upper, towns, areas, url, onArea });
    this.known = new Map();
    upper.addEventListener("change", () => this.#upperChosen());
    towns.addEventListener("change", () => this.#townChosen());
  }

  /** Show what the map is filtered to, an id or a code; returns the area with its bbox, or null. */
  async show(area) {
    if (!area) {
      this.upper.value = "";
      this.#fill([]);
      return null;
    }
    const top = this.areas.find(({ id, code }) => String(id) === area || code === area);
    if (top) return this.#open(top.id);
    const { areas } = await getJson(`${this.url}?${new URLSearchParams({ area })}`);
    const [town] = areas;
    if (!town) return null;
    await this.#open(town.parent);
    this.towns.value = String(town.id);
    return town;
  }

  /** Choose an upper area and list its towns; returns the area with its bbox. */
  async #open(id) {
    if (!this.known.has(id)) {
      this.known.set(id, await getJson(`${this.url}?${new URLSearchParams({ parent: id })}`));
    }
    const { parent, areas } = this.known.get(id);
    this.upper.value = String(id);
    this.#fill(areas.filter(({ level }) => level === "eupmyeondong"));
    return parent;
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
    const chosen = this.areas.find(({ id }) => String(id) === this.upper.value) ?? null;
    this.#fill([]);
    // Without an answer the filter still holds; only the way there and the towns are missing.
    this.onArea(chosen && (await this.#open(chosen.id).catch(() => chosen)));
  }

  async #townChosen() {
    const town = this.listed.find(({ id }) => String(id) === this.towns.value);
    if (town) this.onArea(town);
    else await this.#upperChosen();
  }
}
