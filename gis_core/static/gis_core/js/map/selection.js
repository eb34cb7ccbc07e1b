// Choosing records on the map: what a click means, what is highlighted, what the panel shows.

import { getJson } from "./dom.js";
import { bounds } from "./geometry.js";
import { choose } from "./hits.js";
import { mark } from "./legend.js";
import { sameSelection } from "./state.js";
import { legend } from "./style.js";
import { t } from "./text.js";

const BACKGROUND = new Set(["areas"]);
const REACH = { fine: 9, coarse: 18 };
const LEVELS = ["eupmyeondong", "sigungu", "sido"];

export class Selection {
  constructor({ adapter, layers, panel, store, status }) {
    Object.assign(this, { adapter, layers, panel, store, status });
    store.subscribe((state, before) => {
      if (!sameSelection(state.selected, before.selected)) this.#changed(state.selected);
    });
  }

  /** Open what lies at a place of the map. */
  at(place) {
    const reach = window.matchMedia("(pointer: coarse)").matches ? REACH.coarse : REACH.fine;
    const picked = this.adapter.tiles.pick(place, reach);
    const cluster = picked.find(({ kind }) => kind === "count");
    if (cluster) {
      this.adapter.zoomBy(2, place);
      return;
    }
    const hits = choose(lowestAreas(picked), BACKGROUND);
    if (hits.length === 0) this.store.set({ selected: null }, "push");
    else if (hits.length === 1) this.open(hits[0]);
    else this.#offer(hits);
  }

  /** Show by the cursor that there is something to click. */
  hover(place) {
    const hit = place && this.adapter.tiles.pick(place, REACH.fine).some(({ layer }) => !BACKGROUND.has(layer));
    this.adapter.element.classList.toggle("over", Boolean(hit));
  }

  open({ layer, id }) {
    this.panel.opener = document.activeElement;
    const selected = { layer, id };
    if (sameSelection(selected, this.store.state.selected)) this.#changed(selected);
    else this.store.set({ selected }, "push");
  }

  #offer(hits) {
    this.store.set({ selected: null });
    this.panel.choose(
      t("choose_record", { count: hits.length }),
      hits.map((hit) => {
        const layer = this.layers.get(hit.layer);
        return {
          text: hit.label || layer.singular,
          detail: layer.title,
          mark: mark(layer, legend(layer)[0]),
          run: () => this.open(hit),
        };
      }),
    );
    this.status.say(t("choose_record", { count: hits.length }));
  }

  #changed(selected) {
    this.adapter.overlays.set("selected", []);
    if (!selected) {
      this.panel.close();
      return;
    }
    const layer = this.layers.get(selected.layer);
    // After a save the panel shows the record already, with what the server said about it.
    if (!this.panel.shows(selected)) this.panel.load(layer.urls.panel.replace("{id}", selected.id));
    this.highlight();
  }

  /** Draw the selected record above the tiles, and bring it into view when it is out of it. */
  async highlight({ go = false } = {}) {
    const { selected } = this.store.state;
    if (!selected) return;
    const layer = this.layers.get(selected.layer);
    try {
      const feature = await getJson(layer.urls.item.replace("{id}", selected.id), { cache: "no-cache" });
      if (!sameSelection(selected, this.store.state.selected) || this.isEditing()) return;
      const shapes = [feature.geometry, feature.properties[layer.outline]];
      this.adapter.overlays.set("selected", shapes);
      const box = bounds(feature.geometry ?? shapes[1]);
      if (box && (go || !this.#inSight(box))) this.adapter.fit(box);
    } catch (error) {
      // The panel says that the record is not there; only other failures are news.
      if (error.status !== 404) this.status.note("highlight", t("shape_not_read"), { kind: "warning", seconds: 8 });
    }
  }

  #inSight([west, south, east, north]) {
    return this.adapter.contains([(west + east) / 2, (south + north) / 2]);
  }
}

/** A click in a town is also one in its city and its province: only the lowest area is meant. */
function lowestAreas(picked) {
  const areas = picked
    .filter(({ layer }) => layer === "areas")
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  return picked.filter((hit) => hit.layer !== "areas" || hit === areas[0]);
}
