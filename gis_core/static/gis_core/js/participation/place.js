// A map for residents, loaded when somebody asks for it. The page is whole without it.

const button = document.querySelector("[data-map-button]");
const element = document.querySelector("[data-map]");
const CLOSE = 17;

if (button && element) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.hidden = true;
    element.hidden = false;
    show().catch(() => {
      element.hidden = true;
      document.querySelector("[data-map-failed]").hidden = false;
    });
  });
}

/** Put the files of the map into the page, one after the other: the second script needs the first. */
async function loadFiles() {
  for (const file of document.querySelector("[data-map-files]").content.children) {
    const copy = document.createElement(file.tagName);
    for (const { name, value } of file.attributes) copy.setAttribute(name, value);
    await new Promise((resolve, reject) => {
      copy.addEventListener("load", resolve);
      copy.addEventListener("error", reject);
      document.head.append(copy);
    });
  }
}

async function show() {
  await loadFiles();
  const [{ MapAdapter }, { getJson }] = await Promise.all([import("../map/adapter.js"), import("../map/dom.js")]);
  const { config } = await getJson("/map/config/");
  const map = new MapAdapter(element, config.map, { language: document.documentElement.lang, editable: false });
  map.fit(element.dataset.box.split(",").map(Number));
  const areas = config.layers.filter(({ id }) => id === "areas");
  map.tiles.show(areas.map((each) => ({ layer: each, url: each.urls.tiles })));
  const base = config.bases.find(({ first }) => first);
  if (base) map.setBase(base, base.opacity ?? 1, () => {});
  zoomable(map);
  await showNames(map, config, getJson);
  if ("picks" in element.dataset) pick(map);
  else
    map.overlays.set(
      "preview",
      (await getJson(element.dataset.places)).features.map(({ geometry }) => geometry),
    );
  element.dataset.ready = "";
}

function zoomable(map) {
  const buttons = document.querySelector("[data-map-zoom]");
  buttons.hidden = false;
  buttons.addEventListener("click", ({ target }) => target.dataset.zoom && map.zoomBy(Number(target.dataset.zoom)));
}

async function showNames(map, config, getJson) {
  const { west, south, east, north } = map.bounds;
  const query = new URLSearchParams({ bbox: [west, south, east, north], zoom: Math.round(map.view.zoom), layers: "" });
  map.areaNames.show((await getJson(`${config.urls.counts}?${query}`)).areas);
}

/** The fields hold the place; the map shows what they hold and fills them. */
function pick(map) {
  const fields = ["lon", "lat"].map((name) => document.getElementById(`id_${name}`));
  const mark = () => {
    const [lng, lat] = fields.map((field) => Number.parseFloat(field.value));
    const isPlace = Number.isFinite(lng) && Number.isFinite(lat);
    map.overlays.set("selected", isPlace ? [{ type: "Point", coordinates: [lng, lat] }] : []);
    return isPlace ? { lng, lat } : null;
  };
  map.on("click", ({ lng, lat }) => {
    fields[0].value = lng.toFixed(6);
    fields[1].value = lat.toFixed(6);
    mark();
  });
  for (const field of fields) field.addEventListener("change", mark);
  const place = mark();
  if (place) map.setView({ zoom: Math.min(CLOSE, map.view.zoom + 3), ...place });
  document.querySelector("[data-map-help]").hidden = false;
}
