// Filters as query strings: one shape for tiles, counts and the table link, so that all three agree.

/** Form entries as {name: [values]}, without what was left empty. */
export function fromEntries(entries) {
  const filter = {};
  for (const [name, value] of entries) {
    const text = String(value).trim();
    if (!text) continue;
    filter[name] ??= [];
    filter[name].push(text);
  }
  return filter;
}

export const isEmpty = (filter) => Object.keys(filter ?? {}).length === 0;

/** How many conditions are set: what the badge beside a layer's name says. */
export const activeCount = (filter) => Object.keys(filter ?? {}).length;

/** The parameters of a layer under the map's filter and area. */
export function params(filter, area) {
  const result = new URLSearchParams();
  for (const [name, values] of Object.entries(filter ?? {})) {
    for (const value of values) result.append(name, value);
  }
  if (area !== null && area !== undefined) result.set("area", area);
  return result;
}

/** west,south,east,north in degrees to 5 decimals (about a metre); null outside the world. */
export function bboxText({ west, south, east, north }) {
  if (!(west < east && south < north)) return null;
  const clip = (value, limit) => Math.max(-limit, Math.min(limit, value));
  return [clip(west, 180), clip(south, 85), clip(east, 180), clip(north, 85)]
    .map((value) => value.toFixed(5))
    .join(",");
}

/** An address with parameters added to those it already has. */
export function withParams(url, extra) {
  const text = extra.toString();
  if (!text) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}
