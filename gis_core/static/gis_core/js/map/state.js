// What the map shows, as an address: a view that can be bookmarked, sent and returned to.

export const EMPTY = Object.freeze({
  at: null,
  layers: null,
  selected: null,
  area: null,
  base: null,
  filters: Object.freeze({}),
});

/** "14/36.8910/126.6290" as {zoom, lat, lng}; null when it is no place on a map. */
function parseAt(text) {
  const [zoom, lat, lng] = (text ?? "").split("/").map(Number);
  const valid = Number.isFinite(zoom) && zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85.06 && Math.abs(lng) <= 180;
  return valid ? { zoom, lat, lng } : null;
}

function formatAt({ zoom, lat, lng }) {
  const digits = zoom >= 15 ? 6 : 4;
  return `${Number(zoom.toFixed(2))}/${lat.toFixed(digits)}/${lng.toFixed(digits)}`;
}

/** "centres/12" as {layer, id}; null when the layer is unknown or the id is no number. */
export function parseSelection(text, layers) {
  const match = /^([a-z][a-z0-9-]*)\/(\d+)$/.exec(text ?? "");
  return match && layers.includes(match[1]) ? { layer: match[1], id: Number(match[2]) } : null;
}

/**
 * Read a query string. `layers` are the ids this user may see: others are dropped, so that a link made by a
 * colleague with more rights still opens. `layers` in the result is null when the link leaves them to the defaults.
 */
export function parse(search, layers) {
  const params = new URLSearchParams(search);
  const on = params.get("on");
  const filters = {};
  for (const [name, value] of params) {
    const dot = name.indexOf(".");
    const layer = name.slice(0, dot);
    if (dot < 1 || !layers.includes(layer) || !value) continue;
    filters[layer] ??= {};
    filters[layer][name.slice(dot + 1)] ??= [];
    filters[layer][name.slice(dot + 1)].push(value);
  }
  return {
    at: parseAt(params.get("at")),
    layers: on === null ? null : on.split(",").filter((id) => layers.includes(id)),
    selected: parseSelection(params.get("sel"), layers),
    // The id or a code of an area: a code has leading zeros, so it stays a text.
    area: /^\d+$/.test(params.get("area") ?? "") ? params.get("area") : null,
    base: params.get("base"),
    filters,
  };
}

/** The query string ("?at=…") of a state; "" when nothing differs from the defaults. */
export function format(state) {
  const params = new URLSearchParams();
  if (state.at) params.set("at", formatAt(state.at));
  if (state.layers) params.set("on", state.layers.join(","));
  if (state.area !== null) params.set("area", state.area);
  if (state.base) params.set("base", state.base);
  for (const [layer, filter] of Object.entries(state.filters)) {
    for (const [name, values] of Object.entries(filter)) {
      for (const value of values) params.append(`${layer}.${name}`, value);
    }
  }
  if (state.selected) params.set("sel", `${state.selected.layer}/${state.selected.id}`);
  // These are legal in a query string and far easier to read than %2F and %2C.
  const text = params.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
  return text && `?${text}`;
}

export function sameSelection(a, b) {
  return (a?.layer ?? null) === (b?.layer ?? null) && a?.id === b?.id;
}
