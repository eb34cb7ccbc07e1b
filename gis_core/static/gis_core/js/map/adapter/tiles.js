// Vector tiles of all visible layers on one canvas per tile, drawn by protomaps-leaflet.

import { badgeRadius, countRadius, LARGEST_COUNT, labelZoom, paintRules } from "../style.js";
import { nameWriter } from "./names.js";
import { painter } from "./painters.js";

const { protomapsL } = window;

// One data tile serves four display tiles; beyond the last data zoom tiles are enlarged.
const LEVELS_BELOW = 1;
const DATA_TILE = 512;
const LAST_DATA_ZOOM = 18;

// Beyond this many symbols on a tile they are drawn as dots: shapes could not be told apart.
const CROWD = 2500;
const ORDER = ["boundary", "chosen", "polygon", "line", "outline", "symbol", "badge", "count"];

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
    let end = "done";
    try {
      return await decode(await this.fetch(tile, request.controller.signal), tile, size);
    } catch (error) {
      if (error.name !== "AbortError") end = "failed";
      // protomaps-leaflet stays quiet about aborted tiles and writes all others to the console.
      throw new DOMException(error.message, "AbortError");
    } finally {
      this.running.delete(request);
      this.report(end);
    }
  }

  async fetch(tile, signal) {
    const url = this.template.replace("{z}", tile.z).replace("{y}", tile.y).replace("{x}", tile.x);
    // After a save the browser's copy is asked about again; an unchanged tile then costs a 304.
    const response = await fetch(url, { signal, cache: this.stale ? "no-cache" : "default" });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.status === 204 ? null : response.arrayBuffer();
  }
}

async function decode(data, tile, size) {
  if (!data?.byteLength) return new Map();
  const archive = { getZxy: async () => ({ data }) };
  const layers = await new protomapsL.PmtilesSource(archive, false).get(tile, size);
  for (const [name, features] of layers) prepare(name, features);
  return layers;
}

function prepare(name, features) {
  const wide = name.endsWith("-count");
  const crowded = features.length > CROWD;
  for (const feature of features) {
    feature.crowded = crowded;
    // Features further than 16 pixels from a display tile are not drawn on it; the circles of counts are larger.
    if (wide) widen(feature.bbox, LARGEST_COUNT);
  }
}

function widen(box, by) {
  box.minX -= by;
  box.minY -= by;
  box.maxX += by;
  box.maxY += by;
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
    this.chosen = null;
    this.onDrawn = () => {};
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
    this.grid.on("load", () => this.onDrawn());
  }

  /**
   * Show these layers: [{layer, url}], url with {z}, {y} and {x}. Unchanged layers keep their tiles. A layer with
   * `clickable` false is drawn but never picked.
   */
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

  /** Set records of a layer off, as {layer, ids}: they are chosen for something. null sets none off. */
  choose(chosen) {
    if (!chosen && !this.chosen) return;
    this.chosen = chosen;
    this.redraw();
  }

  setFilled(filled) {
    if (this.look.filled === filled) return;
    this.look.filled = filled;
    this.redraw();
  }

  #paintRules() {
    const rules = this.shown.flatMap(({ layer }) => paintRules(layer).map((rule) => ({ layer, rule })));
    const chosen = this.chosen && this.shown.find(({ layer }) => layer.id === this.chosen.layer);
    if (chosen) {
      const { layer, ids } = this.chosen;
      rules.push({ layer: chosen.layer, rule: { dataLayer: layer, kind: "chosen", ids } });
    }
    // Ground first, numbers last: a symbol of one layer must not hide another layer's count.
    rules.sort((a, b) => ORDER.indexOf(a.rule.kind) - ORDER.indexOf(b.rule.kind));
    return rules.map(({ layer, rule }) => ({
      dataSource: layer.id,
      dataLayer: rule.dataLayer,
      symbolizer: painter(rule, this.language, this.look),
      filter: (_zoom, feature) =>
        (rule.level === undefined || feature.props.level === rule.level) &&
        (rule.ids === undefined || rule.ids.has(feature.id)) &&
        (rule.only === undefined || feature.geomType === protomapsL.GeomType[rule.only]) &&
        !(this.hidden?.layer === layer.id && this.hidden.id === feature.id),
    }));
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

  /** Boxes, in the current zoom's pixels, of the names the tiles have written. */
  nameBoxes() {
    const index = this.grid.labelers.getIndex(this.map.getZoom());
    const written = index ? index.tree.all() : [];
    return written.map(({ minX, minY, maxX, maxY }) => ({
      x: (minX + maxX) / 2,
      y: (minY + maxY) / 2,
      width: maxX - minX,
      height: maxY - minY,
    }));
  }

  /** Boxes, in the current zoom's pixels, of the symbols that a name should not cover: counts and places. */
  symbolBoxes() {
    const zoom = this.map.getZoom();
    const dataZoom = this.#dataZoom();
    const scale = 2 ** (zoom - dataZoom - LEVELS_BELOW);
    const boxes = [];
    for (const { layer } of this.shown) {
      const names = new Set(
        paintRules(layer)
          .filter(({ kind }) => kind === "count" || kind === "badge")
          .map(({ dataLayer }) => dataLayer),
      );
      for (const [key, { data }] of names.size ? this.grid.views.get(layer.id).tileCache.cache : []) {
        const [x, y, z] = key.split(":").map(Number);
        if (z !== dataZoom) continue;
        const origin = { x: x * DATA_TILE, y: y * DATA_TILE };
        for (const name of names)
          for (const feature of (data.get(name) ?? []).filter(isPoint)) boxes.push(boxOf(feature, origin, scale, zoom));
      }
    }
    return boxes;
  }

  #dataZoom() {
    return Math.min(Math.round(this.map.getZoom()) - LEVELS_BELOW, LAST_DATA_ZOOM);
  }

  /** What lies within `reach` pixels of a place: [{layer, id, label, kind, distance}], kind "count" for a cluster. */
  pick({ lng, lat }, reach) {
    const zoom = this.map.getZoom();
    const found = [];
    for (const { layer } of this.shown.filter(({ layer }) => layer.clickable !== false)) {
      const view = this.grid.views.get(layer.id);
      // queryFeatures halves the reach because its tiles are twice as large.
      const hits = view.queryFeatures(lng, lat, zoom, reach * 2 ** LEVELS_BELOW);
      for (const { feature, layerName } of hits) {
        found.push({
          layer: layer.id,
          id: feature.id,
          label: feature.props.label ?? "",
          level: feature.props.level,
          kind: kindOf(feature, layerName),
          distance: isPoint(feature) ? this.#distance(view, feature, lng, lat) : 0,
        });
      }
    }
    return found;
  }

  #distance(view, feature, lng, lat) {
    const { x, y } = this.map.project([lat, lng], this.#dataZoom());
    const inTile = (value) => ((value / 256) % 1) * view.tileCache.tileSize;
    const [point] = feature.geom[0];
    return Math.hypot(point.x - inTile(x), point.y - inTile(y));
  }
}

function boxOf(feature, origin, scale, zoom) {
  const [[point]] = feature.geom;
  const size = 2 * (feature.props.count ? countRadius(feature.props.count) : badgeRadius(zoom));
  return { x: (origin.x + point.x) * scale, y: (origin.y + point.y) * scale, width: size, height: size };
}

const isPoint = ({ geomType }) => geomType === protomapsL.GeomType.Point;

function kindOf(feature, layerName) {
  if (layerName.endsWith("-count")) return "count";
  if (layerName.endsWith("-outline")) return "outline";
  if (isPoint(feature)) return "point";
  return feature.geomType === protomapsL.GeomType.Line ? "line" : "polygon";
}
