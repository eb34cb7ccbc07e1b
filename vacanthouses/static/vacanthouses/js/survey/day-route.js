// The route of a day among a pack's houses, and the order of the list that follows from it. Pure.

/** A time on this phone as the day of a route: "2026-11-28". */
export function dayOf(time) {
  const date = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The houses with `order`, their place in the route of `day`; null for those that are in none. A pack holds the routes
 * of the coming days, because it is often downloaded the evening before. */
export function routed(houses, pack, day) {
  if (!pack.routes) return houses;
  const places = new Map();
  for (const { stops } of pack.routes.filter((route) => route.day === day))
    for (const [index, assignment] of stops.entries()) places.set(assignment, index + 1);
  return houses.map((house) => ({ ...house, order: places.get(house.assignment) ?? null }));
}

export const hasRoute = (houses) => houses.some(({ order }) => order);

/** Rows {house, distance} in the route's order, the others after them as they were. */
export const byRoute = (rows) =>
  rows.toSorted((a, b) => (a.house.order ?? Number.MAX_SAFE_INTEGER) - (b.house.order ?? Number.MAX_SAFE_INTEGER));
