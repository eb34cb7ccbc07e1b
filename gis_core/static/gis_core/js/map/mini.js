// Small maps on other pages: a record with its neighbours, or what an import would add, in the areas they lie in.

import { MapAdapter } from "./adapter.js";
import { getJson } from "./dom.js";
import { bboxText } from "./filters.js";
import { bounds, union } from "./geometry.js";
import { language } from "./text.js";

const CONFIG = "/map/config/";
const NEAR = 13;

/** Draw what the element's address gives: one record, or a collection (a preview of an import). */
async function begin(element, config) {
  const { layer: layerId, geojsonUrl } = element.dataset;
  const layer = config.layers.find(({ id }) => id === layerId);
  const answer = await getJson(geojsonUrl);
  const single = answer.type === "Feature";
  const shapes = (single ? [answer] : answer.features)
    .flatMap(({ geometry, properties }) => [geometry, layer?.outline && properties[layer.outline]])
    .filter(Boolean);
  const box = union(shapes.map(bounds));
  if (!box) throw new Error("nothing to show");
  const map = new MapAdapter(element, config.map, { language: language(), editable: false });
  map.fit(box, NEAR);
  const drawn = config.layers.filter(({ id }) => id === "areas" || (single && id === layerId));
  map.tiles.show(drawn.map((each) => ({ layer: each, url: each.urls.tiles })));
  map.overlays.set(single ? "selected" : "preview", shapes);
  const query = new URLSearchParams({ bbox: bboxText(map.bounds), zoom: Math.round(map.view.zoom), layers: "" });
  const { areas } = await getJson(`${config.urls.counts}?${query}`);
  map.areaNames.show(areas);
}

const elements = document.querySelectorAll(".mini-map");
if (elements.length) {
  const { config } = await getJson(CONFIG);
  for (const element of elements) {
    // The facts beside it say all a picture could: without it the page is whole.
    begin(element, config).catch(() => {
      element.hidden = true;
    });
  }
}
