// The survey's map: the only file of the app that touches Leaflet. It works with no tiles at all.
//
//   drawMap(element, {areas, houses, here, onhouse, onplace}) -> {moved(here), remove()}

/* global L */

const COLOURS = { todo: "#0b50d0", done: "#009e73", returned: "#d55e00" };

export function drawMap(element, { areas, houses, here, onhouse, onplace }) {
  const map = L.map(element, { attributionControl: false, zoomSnap: 0.5 });
  const towns = L.geoJSON(areas, { style: { color: "#4d5b6b", weight: 2, fillColor: "#f4f6f8", fillOpacity: 1 } });
  towns.addTo(map);
  const marks = L.featureGroup(
    houses
      .filter(({ lat }) => lat !== null)
      .map((house) =>
        L.circleMarker([house.lat, house.lon], {
          radius: 9,
          color: "#fff",
          weight: 2,
          fillColor: COLOURS[house.state] ?? COLOURS.todo,
          fillOpacity: 1,
        })
          .bindTooltip(house.address)
          .on("click", () => onhouse(house)),
      ),
  ).addTo(map);
  const own = L.layerGroup().addTo(map);
  const moved = (position) => {
    own.clearLayers();
    if (!position) return;
    const at = [position.lat, position.lon];
    L.circle(at, { radius: position.accuracy_m, color: "#0b50d0", weight: 1, fillOpacity: 0.1 }).addTo(own);
    L.circleMarker(at, { radius: 6, color: "#fff", weight: 2, fillColor: "#0b50d0", fillOpacity: 1 }).addTo(own);
  };
  moved(here);
  const around = marks.getLayers().length ? marks.getBounds() : towns.getBounds();
  if (around.isValid()) map.fitBounds(around.pad(0.2), { maxZoom: 17 });
  else map.setView([36.4, 127.8], 7);
  map.on("contextmenu", ({ latlng }) => onplace({ lon: latlng.lng, lat: latlng.lat }));
  return { moved, remove: () => map.remove(), centre: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat }) };
}
