// Drawing and changing one shape with Leaflet-Geoman. It keeps no history: every finished change is handed on whole.

import { deleteCorner, findCorner, isLine, moveCorner, rings } from "../geometry.js";

const { L } = window;

const EDITED = {
  color: "#0b50d0",
  weight: 3,
  fillColor: "#0b50d0",
  fillOpacity: 0.12,
  pmIgnore: false,
  snapIgnore: true,
};
const NEIGHBOUR = { color: "#5c6670", weight: 1, fill: false, interactive: false, pmIgnore: true, snapIgnore: false };
const SNAP_PIXELS = 14;
// A county's boundary has thousands of corners: then only those around the pointer have handles.
const MANY_CORNERS = 300;
const HANDLES_AT_ONCE = 80;
const STEP_PIXELS = 1;
const LARGE_STEP_PIXELS = 10;

const DEPTHS = { LineString: 0, Polygon: 1, MultiPolygon: 2 };
const DRAWN_AS = { LineString: "Line", Polygon: "Polygon" };

const toLatLngs = ({ type, coordinates }) => L.GeoJSON.coordsToLatLngs(coordinates, DEPTHS[type]);
const toGeometry = (layer) => layer.toGeoJSON(false).geometry;
const toPosition = ({ lng, lat }) => [lng, lat];

export class ShapeEditor {
  /** `cornerName(number)` names a corner's handle for those who do not see it. */
  constructor(map, cornerName) {
    this.map = map;
    this.cornerName = cornerName;
    this.layer = null;
    this.kind = null;
    this.handlers = {};
    this.neighbours = L.featureGroup().addTo(map);
    this.drawn = null;
    map.pm.setGlobalOptions({
      snappable: true,
      snapDistance: SNAP_PIXELS,
      exitModeOnEscape: false,
      finishOnEnter: false,
    });
    map.on("pm:create", (event) => this.#created(event.layer));
    map.on("click", (event) => this.#placed(event.latlng));
    map.getContainer().addEventListener("keydown", (event) => this.#key(event), true);
  }

  get active() {
    return this.kind !== null;
  }

  get drawing() {
    return this.drawn !== null;
  }

  /**
   * Begin with a shape of `kind` "Point", "LineString" or "Polygon" (which takes multipolygons too), or with none.
   * `onChange` gets every finished change, `onPreview` the shape while a corner moves; both get GeoJSON in longitude,
   * latitude.
   */
  edit(kind, geometry, handlers) {
    this.stop();
    this.kind = kind;
    this.handlers = handlers;
    this.map.getContainer().classList.toggle("placing", kind === "Point");
    this.show(geometry);
  }

  /** Show another state of the shape (undo, redo, typed coordinates) without calling it a change. */
  show(geometry) {
    this.#clear();
    if (!geometry) return;
    if (this.kind === "Point") this.#showPoint(geometry);
    else this.#showCorners(geometry);
  }

  stop() {
    this.cancelDrawing();
    this.#clear();
    this.neighbours.clearLayers();
    this.kind = null;
    this.handlers = {};
    this.map.getContainer().classList.remove("placing");
  }

  /** Shapes to snap to. */
  setNeighbours(geometries) {
    this.neighbours.clearLayers();
    for (const geometry of geometries) this.neighbours.addLayer(L.geoJSON(geometry, NEIGHBOUR));
  }

  /** What Geoman draws: without a shape being edited, a ring. */
  get #drawnAs() {
    return DRAWN_AS[this.kind] ?? DRAWN_AS.Polygon;
  }

  /** Draw a new ring or line; `onCorners` gets its corners, those of a ring closed. */
  draw(onCorners) {
    this.cancelDrawing();
    this.layer?.pm?.disable();
    this.drawn = onCorners;
    this.map.pm.enableDraw(this.#drawnAs, {
      tooltips: false,
      snapDistance: SNAP_PIXELS,
      templineStyle: { color: "#0b50d0", weight: 3 },
      hintlineStyle: { color: "#0b50d0", weight: 2, dashArray: "5 5" },
      continueDrawing: false,
    });
  }

  /** A corner of the ring being drawn, or the point itself, where the map's middle is. */
  placeAtCentre() {
    this.map.fire("click", { latlng: this.map.getCenter() });
  }

  removeLastCorner() {
    if (this.drawing) this.map.pm.Draw[this.#drawnAs]._removeLastVertex();
  }

  finishDrawing() {
    if (this.drawing) this.map.pm.Draw[this.#drawnAs]._finishShape();
  }

  cancelDrawing() {
    if (!this.drawing) return false;
    this.drawn = null;
    this.map.pm.disableDraw();
    this.#enable();
    return true;
  }

  #created(layer) {
    const onCorners = this.drawn;
    const { type, coordinates } = toGeometry(layer);
    this.drawn = null;
    layer.remove();
    this.map.pm.disableDraw();
    this.#enable();
    onCorners?.(type === "LineString" ? coordinates : coordinates[0]);
  }

  #placed(latlng) {
    if (this.kind !== "Point") return;
    this.#changed({ type: "Point", coordinates: toPosition(latlng) });
    this.show({ type: "Point", coordinates: toPosition(latlng) });
  }

  #showPoint({ coordinates: [lng, lat] }) {
    const icon = L.divIcon({ className: "edit-point", iconSize: [28, 28] });
    this.layer = L.marker([lat, lng], { icon, draggable: true, pmIgnore: true, alt: this.cornerName(1) });
    this.layer.on("drag", () => this.handlers.onPreview?.(toGeometry(this.layer)));
    this.layer.on("dragend", () => this.#changed(toGeometry(this.layer)));
    this.layer.addTo(this.map);
    this.layer.getElement().setAttribute("aria-label", this.cornerName(1));
  }

  #showCorners(geometry) {
    const corners = toLatLngs(geometry);
    this.layer = isLine(geometry) ? L.polyline(corners, { ...EDITED, fill: false }) : L.polygon(corners, EDITED);
    this.layer.addTo(this.map);
    let dragging = false;
    this.layer.on("pm:markerdragstart", () => {
      dragging = true;
    });
    this.layer.on("pm:markerdragend", () => {
      dragging = false;
    });
    this.layer.on("pm:change", () => this.handlers.onPreview?.(toGeometry(this.layer)));
    this.layer.on("pm:edit", () => {
      // Dragging a middle handle is an edit twice, when the corner appears and when it is dropped: only the second counts.
      setTimeout(() => {
        if (!dragging && this.layer) this.#changed(toGeometry(this.layer));
      });
    });
    this.#enable();
  }

  #enable() {
    if (!(this.layer instanceof L.Polyline)) return;
    const geometry = toGeometry(this.layer);
    const corners = (isLine(geometry) ? geometry.coordinates : rings(geometry).flat()).length;
    this.layer.pm.enable({
      snappable: true,
      snapDistance: SNAP_PIXELS,
      allowSelfIntersection: true,
      limitMarkersToCount: corners > MANY_CORNERS ? HANDLES_AT_ONCE : -1,
    });
    this.#nameHandles();
  }

  #nameHandles() {
    let number = 0;
    this.layer.pm._markerGroup.eachLayer((marker) => {
      if (marker.leftM) marker.getElement().tabIndex = -1;
      else marker.getElement().setAttribute("aria-label", this.cornerName(++number));
    });
  }

  #changed(geometry) {
    this.handlers.onChange?.(geometry);
    if (this.layer instanceof L.Polyline) this.#nameHandles();
  }

  #clear() {
    this.layer?.pm?.disable?.();
    this.layer?.remove();
    this.layer = null;
  }

  /** The corner whose handle has the focus, as {marker, geometry, at}; null for none. */
  #focused(target) {
    if (!target.classList.contains("marker-icon") || !(this.layer instanceof L.Polyline)) return null;
    let found = null;
    this.layer.pm._markerGroup.eachLayer((marker) => {
      if (marker.getElement() === target && !marker.leftM) found = marker;
    });
    const geometry = toGeometry(this.layer);
    const at = found && findCorner(geometry, toPosition(found.getLatLng()));
    return at && { marker: found, geometry, at };
  }

  #key(event) {
    const step = arrowStep(event);
    const removing = event.key === "Delete" || event.key === "Backspace";
    if (this.drawing || !(step || removing)) return;
    if (this.kind === "Point" && step && event.target === this.layer?.getElement()) {
      event.stopPropagation();
      event.preventDefault();
      this.#placed(this.#moved(this.layer.getLatLng(), step));
      this.layer.getElement().focus();
      return;
    }
    const corner = this.#focused(event.target);
    if (!corner) return;
    event.stopPropagation();
    event.preventDefault();
    if (removing) this.#replace(deleteCorner(corner.geometry, corner.at), null);
    else {
      const place = toPosition(this.#moved(corner.marker.getLatLng(), step));
      this.#replace(moveCorner(corner.geometry, corner.at, place), place);
    }
  }

  #moved(latlng, [dx, dy]) {
    return this.map.layerPointToLatLng(this.map.latLngToLayerPoint(latlng).add([dx, dy]));
  }

  /** A change by keyboard: show it, tell it, and keep the focus on the corner at `place`. */
  #replace(geometry, place) {
    this.show(geometry);
    this.#changed(geometry);
    if (!this.layer) return;
    let next = null;
    this.layer.pm._markerGroup.eachLayer((marker) => {
      if (marker.leftM) return;
      const [lng, lat] = toPosition(marker.getLatLng());
      if (!next || (place && Math.abs(lng - place[0]) < 1e-9 && Math.abs(lat - place[1]) < 1e-9)) next = marker;
    });
    next?.getElement().focus();
  }
}

function arrowStep({ key, shiftKey }) {
  const size = shiftKey ? LARGE_STEP_PIXELS : STEP_PIXELS;
  const steps = { ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowUp: [0, -size], ArrowDown: [0, size] };
  return steps[key];
}
