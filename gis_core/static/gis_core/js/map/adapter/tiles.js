// Vector tiles of all visible layers on one canvas per tile, drawn by protomaps-leaflet.

import { labelZoom, paintRules } from "../style.js";
import { nameWriter } from "./names.js";
import { painter } from "./painters.js";

const { protomapsL } = window;

// One data tile serves four display tiles; beyond the last data zoom tiles are enlarged.
const LEVELS_BELOW = 1;
const DATA_TILE = 512;
const LAST_DATA_ZOOM = 18;

/** Fetches and decodes one layer's tiles. A tile that fails is told to `report`, is not kept, and can be asked again. */
class LayerSource {
  constructor(template, report) {
    this.template = template;
    this.report = report;
    this.stale = false;
    this.running = new Set();
  }

  async get(tile, size) {
    for (const request of this.running) {
      if (request.z !== tile.z) request.controller.abort();
    }
    const request = { z: tile.z, controller: new AbortController() };
    this.running.add(request);
    this.report("start");
    try {
      const data = await this.fetch(tile, request.controller.signal);
      this.report("done");
      return await decode(data, tile, size);
    } catch (error) {
      this.report(error.name === "AbortError" ? "done" : "failed");
      // protomaps-leaflet stays quiet about aborted tiles and writes all others to the console.
      throw new DOMException(error.message, "AbortError");
    } finally {
      this.running.delete(request);
    }
  }

  async fetch(tile, signal) {
    const url = this.template
      .replace("{z}", tile.z)
      .replace("{y}", tile.y)
      .replace("{x}", tile.x);
    // After a save the browser's copy is asked about again; an unchanged tile then costs a 304.
    const response = await fetch(url, { signal, cache: this.stale ? "no-cache" : "default" });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.status === 204 ? null : response.arrayBuffer();
  }
}

function decode(data, tile, size) {
  if (!data?.byteLength) return new Map();
  const archive = { getZxy: async () => ({ data }) };
  return new protomapsL.PmtilesSource(archive, false).get(tile, size);
}

export class VectorTiles {
  /** `onStatus({loading, failed})` is told how many tiles are on their way and how many did not come. */
  constructor(map, language, onStatus) {
    this.map = map;
    this.language = language;
    this.onStatus = onStatus;
    this.shown = [];
    this.loading = 0;
    this.failed = 0;
    this.look = { filled: true };
    this.hidden = null;
    this.grid = protomapsL.leafletLayer({
      sources: {},
      paintRules: [],
      labelRules: [],
      attribution: "",
      lang: language,
      zIndex: 10,
      pmIgnore: true,
      tasks: [document.fonts.load('600 12px "Pretendard GOV"', "가1")],
    });
    this.grid.addTo(map);
  }

  /** Show these layers, in this order: [{layer, url}], url with {z}, {y} and {x}. Unchanged layers keep their tiles. */
  show(entries) {
    const before = new Map(this.shown.map((entry) => [entry.layer.id, entry]));
    this.shown = entries;
    for (const id of before.keys()) {
      if (!entries.some(({ layer }) => layer.id === id)) this.grid.views.delete(id);
    }
    for (const { layer, url } of entries) {
      if (before.get(layer.id)?.url !== url) this.grid.views.set(layer.id, this.#view(url));
    }
    this.redraw();
  }

  #view(url) {
    const source = new LayerSource(url, (what) => this.#count(what));
    const cache = new protomapsL.TileCache(source, DATA_TILE);
    return new protomapsL.View(cache, LAST_DATA_ZOOM, LEVELS_BELOW);
  }

  #count(what) {
    if (what === "start") this.loading++;
    else this.loading--;
    if (what === "failed") this.failed++;
    this.onStatus({ loading: this.loading, failed: this.failed });
  }

  /** Draw again; tiles that are at hand are not fetched again. */
  redraw() {
    this.failed = 0;
    this.grid.paintRules = this.#paintRules();
    this.grid.labelRules = this.#labelRules();
    this.grid.clearLayout();
    this.grid.rerenderTiles();
    this.onStatus({ loading: this.loading, failed: this.failed });
  }

  /** Fetch a layer's tiles anew: something in it was saved. */
  refresh(layerId) {
    const view = this.grid.views.get(layerId);
    if (!view) return;
    view.tileCache.source.stale = true;
    view.tileCache.cache.clear();
    this.redraw();
  }

  /** Leave one record out, as {layer, id}: it is being edited and is drawn by the editor. */
  hide(selection) {
    this.hidden = selection;
    this.redraw();
  }

  setFilled(filled) {
    if (this.look.filled === filled) return;
    this.look.filled = filled;
    this.redraw();
  }

  #paintRules() {
    return this.shown.flatMap(({ layer }) =>
      paintRules(layer).map((rule) => ({
        dataSource: layer.id,
        dataLayer: rule.dataLayer,
        symbolizer: painter(rule, this.language, this.look),
        filter: (_zoom, feature) =>
          (rule.level === undefined || feature.props.level === rule.level) &&
          !(this.hidden?.layer === layer.id && this.hidden.id === feature.id),
      })),
    );
  }

  #labelRules() {
    return this.shown
      .filter(({ layer }) => labelZoom(layer) !== null)
      .map(({ layer }) => ({
        dataSource: layer.id,
        dataLayer: layer.id,
        minzoom: labelZoom(layer),
        symbolizer: nameWriter(layer),
      }));
  }

  /** What lies within `reach` pixels of a place: [{layer, id, label, kind, distance}], kind "count" for a cluster. */
  pick({ lng, lat }, reach) {
    const zoom = this.map.getZoom();
    const found = [];
    for (const { layer } of this.shown) {
      const view = this.grid.views.get(layer.id);
      // queryFeatures halves the reach because its tiles are twice as large.
      const hits = view.queryFeatures(lng, lat, zoom, reach * 2 ** LEVELS_BELOW);
      for (const { feature, layerName } of hits) {
        found.push({
          layer: layer.id,
          id: feature.id,
          label: feature.props.label ?? "",
          level: feature.props.level,
          kind: kindOf(layer, layerName),
          distance: feature.geomType === protomapsL.GeomType.Point ? this.#distance(view, feature, lng, lat) : 0,
        });
      }
    }
    return found;
  }

  #distance(view, feature, lng, lat) {
    const zoom = Math.min(Math.round(this.map.getZoom()) - LEVELS_BELOW, LAST_DATA_ZOOM);
    const { x, y } = this.map.project([lat, lng], zoom);
    const inTile = (value) => ((value / 256) % 1) * view.tileCache.tileSize;
    const [point] = feature.geom[0];
    return Math.hypot(point.x - inTile(x), point.y - inTile(y));
  }
}

function kindOf(layer, layerName) {
  if (layerName.endsWith("-count")) return "count";
  if (layerName.endsWith("-outline")) return "outline";
  return layer.geometryType === "Point" ? "point" : "polygon";
}
