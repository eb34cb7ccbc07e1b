// The map page: reads what the server put into it, and ties the parts together.

import { MapAdapter } from "./adapter.js";
import { AreaChooser } from "./area-chooser.js";
import { BaseMaps } from "./base-maps.js";
import { CoordinateBar } from "./coordinate-bar.js";
import { projector } from "./coords.js";
import { byId, debounce, getJson, h, isTyping, json } from "./dom.js";
import { Editing } from "./editing.js";
import { params, withParams } from "./filters.js";
import { LayerTree } from "./layer-tree.js";
import { Panel } from "./panel.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import { format, parse } from "./state.js";
import { Status } from "./status.js";
import { createStore } from "./store.js";
import { language, t } from "./text.js";
import { ViewFacts } from "./view-facts.js";

const config = json("map-config");
config.layers = config.layers.filter(({ listed }) => listed);
const layers = new Map(config.layers.map((layer) => [layer.id, layer]));
const shownFirst = config.layers.filter(({ first }) => first).map(({ id }) => id);
const firstFilters = Object.fromEntries(config.layers.map(({ id, firstFilter }) => [id, firstFilter]));

function readAddress() {
  const state = parse(location.search, [...layers.keys()]);
  return { ...state, layers: state.layers ?? shownFirst, filters: { ...firstFilters, ...state.filters } };
}

const store = createStore(readAddress());
const status = new Status(byId("map-notes"), byId("map-voice"));
const projection = projector(window.proj4);
const adapter = new MapAdapter(byId("map"), config.map, {
  language: language(),
  editable: true,
  cornerName: (number) => t("corner", { number }),
  onTiles: (counts) => tilesChanged(counts),
});
const panel = new Panel(byId("panel"), {
  onSection: (section) => sectionArrived(section),
  onClose: () => closePanel(),
});
const selection = new Selection({ adapter, layers, panel, store, status });
const tree = new LayerTree(byId("layer-tree"), config.layers, store);
const coordinates = new CoordinateBar(
  { select: byId("crs"), output: byId("coordinates"), copy: byId("copy-coordinates") },
  projection,
  status,
  () => {},
);
const editing = new Editing({
  adapter,
  barElement: byId("edit-bar"),
  config,
  coordinates,
  layers,
  panel,
  projection,
  status,
  store,
  onSaved: (layerId, id) => recordSaved(layerId, id),
  onCancelAdd: () => panel.close(),
});
selection.isEditing = () => editing.active;
const baseMaps = new BaseMaps(byId("base-maps"), config.bases, adapter, store, status);
const facts = new ViewFacts({ adapter, config, store, status, onFacts: (found) => showFacts(found) });
const areaChooser = new AreaChooser(byId("area-upper"), byId("area-town"), config.areas, config.urls.areas, (area) =>
  areaChosen(area),
);

// --- layers and tiles

function tileEntries({ layers: on, filters, area }) {
  return config.layers
    .filter(({ id }) => on.includes(id) || (id === "areas" && !baseMaps.shown))
    .map((layer) => {
      // Areas are the ground everything stands on: they are drawn whole, whatever the map is filtered to.
      const query = layer.id === "areas" ? params(filters.areas, null) : params(filters[layer.id], area);
      return { layer: { ...layer, clickable: on.includes(layer.id) }, url: withParams(layer.urls.tiles, query) };
    });
}

const showTiles = () => adapter.tiles.show(tileEntries(store.state));

const tilesChanged = debounce(({ loading, failed }) => {
  byId("map-loading").hidden = loading === 0;
  if (failed === 0) status.clear("tiles");
  else if (loading === 0) {
    status.note("tiles", t("tiles_failed", { count: failed }), {
      kind: "error",
      actions: [{ label: t("try_again"), run: () => adapter.tiles.redraw() }],
    });
  }
}, 150);

function showFacts(found) {
  tree.setCounts(found?.counts ?? null);
  if (!found) return;
  adapter.areaNames.show(found.areas);
  byId("schematic-note").hidden = !found.schematic;
}

// --- the address

function writeAddress(how) {
  const address = `${location.pathname}${format({ ...store.state, at: adapter.view })}`;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

store.subscribe((state, before, how) => {
  if (state.layers !== before.layers || state.filters !== before.filters || state.area !== before.area) {
    showTiles();
    tree.setView(adapter.bounds);
    facts.ask();
  }
  if (state.base !== before.base) {
    baseMaps.apply(state);
    showTiles();
  }
  if (state.area !== before.area) outlineArea(state.area);
  if (how !== "address") writeAddress(how);
});

window.addEventListener("popstate", () => {
  editing.leave();
  const state = readAddress();
  const areaMoved = state.area !== store.state.area;
  store.set(state, "address");
  // The panel may have come or gone: the view's middle is that of the map as it is now.
  adapter.resized();
  if (state.at) adapter.setView(state.at);
  if (areaMoved) areaChooser.show(state.area);
});

adapter.on("settle", () => {
  writeAddress("replace");
  tree.setView(adapter.bounds);
  coordinates.show(adapter.view, false);
  facts.ask();
  editing.session?.readNeighbours();
});

// --- selecting

adapter.on("click", (place) => {
  if (editing.active) editing.at(place);
  else selection.at(place);
});
const hover = debounce((place) => selection.hover(editing.active ? null : place), 40);
adapter.on("pointer", (place) => {
  coordinates.show(place ?? adapter.view, place !== null);
  hover(place);
});

function sectionArrived(section) {
  const { layer, id, mode } = section.dataset;
  editing.arrived(section);
  if (mode === "view" && id) {
    const selected = { layer, id: Number(id) };
    if (selected.id !== store.state.selected?.id || layer !== store.state.selected?.layer) {
      store.set({ selected }, "push");
    } else selection.highlight();
  }
  panel.focus();
}

function closePanel() {
  editing.leave();
  store.set({ selected: null }, "push");
  panel.close();
  const back = panel.opener?.isConnected ? panel.opener : adapter.element;
  back.focus({ preventScroll: true });
}

function recordSaved(layerId) {
  adapter.tiles.refresh(layerId);
  facts.ask();
}

new Search(byId("search"), byId("search-results"), config.urls.search, {
  status,
  onChoose: (result) => {
    if (!store.state.layers.includes(result.layer)) store.set({ layers: [...store.state.layers, result.layer] });
    if (result.bbox) adapter.fit(result.bbox);
    selection.open(result);
  },
});

/** Draw the edge of the area that everything is filtered to. */
async function outlineArea(id) {
  adapter.overlays.set("area", []);
  if (!id) return;
  try {
    const found = await getJson(`${config.urls.areas}?${new URLSearchParams({ area: id })}`);
    const feature = await getJson(layers.get("areas").urls.item.replace("{id}", found.areas[0].id));
    if (store.state.area === id) adapter.overlays.set("area", [feature.geometry]);
  } catch {
    // The chooser says what is filtered; the line only helps to see it.
  }
}

function areaChosen(area) {
  store.set({ area: area?.code ?? null }, "push");
  if (area?.bbox) adapter.fit(area.bbox);
  status.say(area ? t("filtered_to", { area: area.name }) : t("filtered_to_nothing"));
}

// --- controls

for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", () => {
    button.closest("details")?.removeAttribute("open");
    editing.add(layers.get(button.dataset.add));
  });
}

byId("zoom-in").addEventListener("click", () => adapter.zoomBy(1));
byId("zoom-out").addEventListener("click", () => adapter.zoomBy(-1));
byId("locate").addEventListener("click", () => locate());
byId("side-toggle").addEventListener("click", () => toggleSide());

function locate() {
  if (!navigator.geolocation) {
    status.note("locate", t("locate_failed"), { kind: "warning", seconds: 8 });
    return;
  }
  status.note("locate", t("locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords: { longitude, latitude, accuracy } }) => {
      status.note("locate", t("located", { metres: Math.round(accuracy) }), { seconds: 6 });
      adapter.showPosition({ lng: longitude, lat: latitude }, accuracy);
      adapter.fit([longitude, latitude, longitude, latitude], 16);
    },
    () => status.note("locate", t("locate_failed"), { kind: "warning", seconds: 10 }),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

function toggleSide(open = !document.body.classList.contains("side-open")) {
  document.body.classList.toggle("side-open", open);
  byId("side-toggle").setAttribute("aria-expanded", String(open));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Escape" && panel.isOpen && !isTyping(event.target)) closePanel();
  else if (event.key === "Escape" && document.body.classList.contains("side-open")) toggleSide(false);
  else if (event.key === "Enter" && event.target === adapter.element && !editing.active) selection.at(adapter.view);
});

// The crosshair shows where Enter acts; it is of use only to those who come by keyboard.
adapter.element.append(h("div", { className: "crosshair", "aria-hidden": "true" }));
adapter.padding = () => {
  const narrow = window.matchMedia("(max-width: 47.9em)").matches;
  const bar = byId("edit-bar");
  const top = bar.hidden ? (narrow ? 56 : 0) : bar.offsetHeight + 12;
  return { left: 0, top, right: 0, bottom: narrow && panel.isOpen ? panel.element.offsetHeight : 0 };
};
new ResizeObserver(() => adapter.resized()).observe(adapter.element);

// --- start

/**
 * Other pages lead here to draw something new (?add=centres, with what its form begins with) or to change a shape
 * (?sel=…&edit=shape).
 */
function startJob(params) {
  const { selected } = store.state;
  const added = layers.get(params.get("add"));
  params.delete("add");
  if (added?.canAdd) editing.add(added, params.toString());
  else if (selected && params.has("edit")) editing.edit(layers.get(selected.layer), selected.id, true);
}

async function begin() {
  // The job is not part of the address: a reload, or a link sent on, must not begin it again.
  const job = new URLSearchParams(location.search);
  baseMaps.apply(store.state);
  const { at, area, selected } = store.state;
  const chosen = await areaChooser.show(area).catch(() => null);
  if (selected && !job.has("edit")) panel.load(layers.get(selected.layer).urls.panel.replace("{id}", selected.id));
  adapter.resized();
  // A link may name an area by its id; everything else goes by its code, which people can read.
  if (chosen) store.set({ area: chosen.code });
  if (at) adapter.setView(at);
  else if (chosen?.bbox) adapter.fit(chosen.bbox);
  else adapter.fit(config.extent);
  showTiles();
  outlineArea(area);
  tree.setView(adapter.bounds);
  coordinates.show(adapter.view, false);
  facts.ask();
  if (selected) selection.highlight({ go: !at });
  startJob(job);
  editing.offerDrafts();
  document.body.dataset.map = "ready";
}

begin();
