// Which survey round a place belongs to. Pure; places in degrees, areas as GeoJSON with `within`: the areas above a town.
//
//   townOf(areas, place) -> feature or null;  fitting(pack, place) -> the open rounds there, in the pack's order

/** Rounds whose area the place lies in; of a town that the pack does not know, all of them. */
export function fitting({ campaigns, areas }, place) {
  const town = townOf(areas, place);
  return town ? campaigns.filter(({ area }) => town.properties.within.includes(area)) : campaigns;
}

export function townOf({ features }, { lon, lat }) {
  return features.find(({ geometry }) => polygonsOf(geometry).some((rings) => isInside(rings, lon, lat))) ?? null;
}

const polygonsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

/** Each ring that a line to the east crosses an odd number of times turns inside into outside and back: holes too. */
const isInside = (rings, lon, lat) => rings.filter((ring) => crosses(ring, lon, lat)).length % 2 === 1;

function crosses(ring, lon, lat) {
  let isOdd = false;
  ring.forEach(([x, y], index) => {
    const [fromX, fromY] = ring.at(index - 1);
    if (y > lat !== fromY > lat && lon < ((fromX - x) * (lat - y)) / (fromY - y) + x) isOdd = !isOdd;
  });
  return isOdd;
}
