// Distances between places in degrees, for "nearest first". Pure.

const EARTH = 6_371_000;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres between two {lon, lat}; null where one of them is not known. */
export function metres(a, b) {
  if (a?.lon === undefined || b?.lon === undefined || a.lon === null || b.lon === null) return null;
  const dLat = radians(b.lat - a.lat);
  const dLon = radians(b.lon - a.lon);
  const s = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(s));
}

export function distanceText(distance) {
  if (distance === null) return "";
  return distance < 1000 ? `${Math.round(distance / 10) * 10} m` : `${(distance / 1000).toFixed(1)} km`;
}

/** Nearest first where the phone knows where it is; else the route's order, else by address. */
export function ordered(houses, here) {
  const far = Number.POSITIVE_INFINITY;
  return houses
    .map((house) => ({ house, distance: metres(here, house) }))
    .sort(
      (a, b) =>
        (here ? (a.distance ?? far) - (b.distance ?? far) : 0) ||
        (a.house.order ?? far) - (b.house.order ?? far) ||
        a.house.address.localeCompare(b.house.address, "ko"),
    );
}
