// What lies above the tiles: the selected record, both sides of a conflict, the place one is at.

const { L } = window;

const CASING = { color: "#ffffff", weight: 8, opacity: 0.9, fill: false };
const STYLES = {
  selected: { radius: 13, color: "#d6006c", weight: 4, fillColor: "#d6006c", fillOpacity: 0.08 },
  area: { radius: 13, color: "#063a74", weight: 3, fillOpacity: 0 },
  mine: { radius: 13, color: "#0b50d0", weight: 4, fillColor: "#0b50d0", fillOpacity: 0.12 },
  theirs: { radius: 13, color: "#b34700", weight: 4, dashArray: "8 6", fillColor: "#b34700", fillOpacity: 0.12 },
  preview: { radius: 4, color: "#0b50d0", weight: 2, fillColor: "#0b50d0", fillOpacity: 0.3 },
};

function drawn(geometry, { radius, ...style }) {
  const pointToLayer = (_feature, latlng) => L.circleMarker(latlng, { radius });
  const options = { pointToLayer, interactive: false, pmIgnore: true };
  return L.featureGroup([
    L.geoJSON(geometry, { ...options, style: { ...CASING, weight: style.weight + 4 } }),
    L.geoJSON(geometry, { ...options, style: { ...style, fill: geometry.type !== "LineString" } }),
  ]);
}

export class Overlays {
  constructor(map) {
    this.map = map;
    this.layers = new Map();
  }

  /** Draw GeoJSON geometries under a name ("selected", "area", "mine", "theirs", "preview"); [] takes them away. */
  set(name, geometries) {
    this.layers.get(name)?.remove();
    this.layers.delete(name);
    const present = geometries.filter(Boolean);
    if (!present.length) return;
    const group = L.featureGroup(present.map((geometry) => drawn(geometry, STYLES[name])));
    this.layers.set(name, group.addTo(this.map));
  }

  /** The place one is at, with the radius in metres within which it is sure. */
  setPosition(latlng, accuracy) {
    this.layers.get("position")?.remove();
    const group = L.featureGroup([
      L.circle(latlng, {
        radius: accuracy,
        weight: 1,
        color: "#0b50d0",
        fillOpacity: 0.08,
        interactive: false,
        pmIgnore: true,
      }),
      L.circleMarker(latlng, {
        radius: 7,
        weight: 3,
        color: "#ffffff",
        fillColor: "#0b50d0",
        fillOpacity: 1,
        interactive: false,
        pmIgnore: true,
      }),
    ]);
    this.layers.set("position", group.addTo(this.map));
  }
}
