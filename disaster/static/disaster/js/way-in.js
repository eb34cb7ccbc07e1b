// Where the way to a depot leaves the road: a click on the map fills the two fields, and the fields move the mark.

import { MapAdapter } from "../../gis_core/js/map/adapter.js";
import { byId, getJson } from "../../gis_core/js/map/dom.js";
import { bboxText } from "../../gis_core/js/map/filters.js";
import { language } from "../../gis_core/js/map/text.js";

const CLOSE = 15;
const DEPOT = "#0b50d0";
const WAY_IN = "#e69f00";

const element = byId("way-in-map");
const form = byId("way-in");
const { lon, lat } = form.elements;

function typed() {
  const place = { lng: Number.parseFloat(lon.value), lat: Number.parseFloat(lat.value) };
  return Number.isFinite(place.lng) && Number.isFinite(place.lat) ? place : null;
}

function mark(map, depot) {
  const place = typed();
  const dots = [{ id: "depot", ...depot, color: DEPOT, title: element.dataset.depot }];
  if (place) dots.push({ id: "way-in", ...place, color: WAY_IN, title: element.dataset.here });
  map.dots.show(dots, () => {});
}

async function begin() {
  const { config } = await getJson("/map/config/");
  const depot = { lng: Number(element.dataset.lon), lat: Number(element.dataset.lat) };
  const map = new MapAdapter(element, config.map, { language: language(), editable: false });
  map.setView({ zoom: CLOSE, ...depot });
  const base = config.bases.find(({ first }) => first);
  if (base) map.setBase(base, base.opacity, () => {});
  const drawn = config.layers.filter(({ id }) => id === "areas" || id === "roads");
  map.tiles.show(drawn.map((layer) => ({ layer, url: layer.urls.tiles })));
  map.on("click", (place) => {
    lon.value = place.lng.toFixed(7);
    lat.value = place.lat.toFixed(7);
    mark(map, depot);
  });
  for (const field of [lon, lat]) field.addEventListener("input", () => mark(map, depot));
  mark(map, depot);
  const query = new URLSearchParams({ bbox: bboxText(map.bounds), zoom: Math.round(map.view.zoom), layers: "" });
  map.areaNames.show((await getJson(`${config.urls.counts}?${query}`)).areas);
  document.body.dataset.map = "ready";
}

// The two fields do all that a click could: without the map the page is whole.
begin().catch(() => {
  element.hidden = true;
});
