// The survey's map: the only file of the app that touches Leaflet. It works with no pictures at all.
//
//   drawMap(element, {areas, bases, houses, here, onhouse, onplace}) -> {moved(here), centre(), showHere(), remove()}
//       bases: the pack's pictures (gis_core/offline/base_maps.py); houses: with `state`, and `number` where one is
//       to be read on the map; showHere() -> false where the phone knows no position

/* global L */

import { touched } from "./hits.js";

const COLOURS = { todo: "#0b50d0", done: "#007a59", returned: "#b84500" };
const DEEPEST = 20;
const OWN = "#0b50d0";

// Leaflet puts the attribution into the page as HTML.
function escaped(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

/** The whole area's tiles lie below the finer ones of the houses' surroundings, so that nothing is white in between. */
function picture({ url, attribution, bounds, opacity, zooms: [first, whole, last] }) {
  const [west, south, east, north] = bounds ?? [-180, -85, 180, 85];
  const around = [
    [south, west],
    [north, east],
  ];
  const layer = (maxNativeZoom) =>
    L.tileLayer(url, {
      ...{ minNativeZoom: first, maxNativeZoom, minZoom: Math.max(0, first - 3), maxZoom: DEEPEST },
      ...{ bounds: around, opacity, attribution: escaped(attribution) },
    });
  return L.layerGroup(whole < last ? [layer(whole), layer(last)] : [layer(last)]);
}

function pictures(map, bases) {
  const named = Object.fromEntries(bases.map((base) => [escaped(base.name), picture(base)]));
  const all = Object.values(named);
  all[0]?.addTo(map);
  if (all.length > 1) L.control.layers(named, {}, { position: "topright" }).addTo(map);
}

/** A house that has a number shows it; the others are dots, of which a thousand are no burden. */
function mark(house, onhouse) {
  const at = [house.lat, house.lon];
  if (!house.number) {
    const style = { color: "#fff", weight: 2, fillColor: COLOURS[house.state], fillOpacity: 1 };
    return L.circleMarker(at, { radius: 8, interactive: false, ...style });
  }
  const icon = L.divIcon({
    className: `survey-mark survey-mark-${house.state}`,
    html: String(house.number),
    iconSize: [32, 32],
  });
  // A click goes on to the map, which finds out what was meant; the keyboard means this one.
  return L.marker(at, { icon, title: house.address, bubblingMouseEvents: true, riseOnHover: true }).on(
    "keypress",
    ({ originalEvent }) => originalEvent.key === "Enter" && onhouse(house),
  );
}

export function drawMap(element, { areas, bases = [], houses, here, onhouse, onplace }) {
  const map = L.map(element, { attributionControl: false, zoomSnap: 0.5, maxZoom: DEEPEST, preferCanvas: true });
  L.control.attribution({ prefix: false }).addTo(map);
  pictures(map, bases);
  // Over a picture an outline is read as light on dark.
  const plain = { color: "#4d5b6b", weight: 2, fillColor: "#f4f6f8", fillOpacity: 1 };
  const town = bases.length ? { color: "#fff", weight: 3, fill: false } : plain;
  const towns = L.geoJSON(areas, { style: town, interactive: false }).addTo(map);
  const located = houses.filter(({ lat }) => lat !== null);
  const parcels = located.filter(({ parcel }) => parcel).map(({ parcel }) => parcel);
  L.geoJSON(parcels, { style: { color: "#b84500", weight: 1.5, fill: false }, interactive: false }).addTo(map);
  const marks = L.featureGroup(located.map((house) => mark(house, onhouse))).addTo(map);
  const own = L.layerGroup().addTo(map);
  let position = null;
  const moved = (now) => {
    position = now;
    own.clearLayers();
    if (!now) return;
    const at = [now.lat, now.lon];
    const still = { interactive: false };
    L.circle(at, { radius: now.accuracy_m, color: OWN, weight: 1, fillOpacity: 0.1, ...still }).addTo(own);
    L.circleMarker(at, { radius: 7, color: "#fff", weight: 3, fillColor: OWN, fillOpacity: 1, ...still }).addTo(own);
  };
  moved(here);
  const around = marks.getLayers().length ? marks.getBounds() : towns.getBounds();
  if (around.isValid()) map.fitBounds(around.pad(0.2), { maxZoom: 17 });
  else map.setView([36.4, 127.8], 7);
  map.on("click", ({ containerPoint, latlng }) => {
    const spots = located.map((house) => ({ house, ...map.latLngToContainerPoint([house.lat, house.lon]) }));
    const found = touched(spots, containerPoint, { canGrow: map.getZoom() < map.getMaxZoom() });
    if (found?.isCrowd) map.setZoomAround(latlng, map.getZoom() + 2);
    else if (found) onhouse(found.mark.house);
  });
  map.on("contextmenu", ({ latlng }) => onplace({ lon: latlng.lng, lat: latlng.lat }));
  return {
    moved,
    remove: () => map.remove(),
    centre: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat }),
    showHere() {
      if (position) map.setView([position.lat, position.lon], Math.max(map.getZoom(), 17));
      return position !== null;
    },
  };
}
