// Which houses of a round are chosen on its map, and what that choice comes to. Pure.

/** Ids of the houses inside a ring of [lng, lat]; `inRing` is the map's own test (gis_core map/geometry.js). */
export const inside = (houses, ring, inRing) =>
  houses.filter(({ lon, lat }) => inRing([lon, lat], ring)).map(({ id }) => id);

/** The choice with these ids added, or (`isTaking`) taken out of it. */
export function changed(chosen, ids, isTaking) {
  const next = new Set(chosen);
  for (const id of ids) {
    if (isTaking) next.delete(id);
    else next.add(id);
  }
  return next;
}

export const toggled = (chosen, id) => changed(chosen, [id], chosen.has(id));

/** How many of the chosen houses each crew has ("" for nobody), the most first, and how many are visited already. */
export function summary(houses, chosen) {
  const crews = new Map();
  let visited = 0;
  for (const { id, crew_name: crew, done } of houses) {
    if (!chosen.has(id)) continue;
    if (done) visited += 1;
    else crews.set(crew, (crews.get(crew) ?? 0) + 1);
  }
  return { crews: [...crews].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "ko")), visited };
}

/** The choice as the form sends it: each house with the version of its assignment that was looked at. */
export const sent = (houses, chosen) =>
  houses
    .filter(({ id }) => chosen.has(id))
    .map(({ id, version }) => `${id}:${version}`)
    .join(",");
