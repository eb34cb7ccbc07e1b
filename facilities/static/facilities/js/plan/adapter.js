// The one module that knows the map engine: Leaflet with a plane of metres, and an SVG that is drawn in these metres.

import { svg } from "../../../gis_core/js/map/dom.js";

const { L } = window;

// Pixels per metre are 2 to the power of the zoom: 0.25 (a whole campus) to 512 (a door handle).
const ZOOMS = { minZoom: -2, maxZoom: 9, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 110 };
// What lies over what, from below.
const WORLD = ["ground", "underlays", "grid", "rooms", "walls", "fixtures", "findings", "openings", "marked", "draft"];
const SCREEN = ["labels", "marks", "handles", "snap"];

export class PlanAdapter {
  /** A plan's canvas in `element`. `settled` is called when the view has changed. */
  constructor(element, settled) {
    this.map = L.map(element, {
      crs: L.CRS.Simple,
      center: [0, 0],
      zoom: 5,
      ...ZOOMS,
      zoomControl: false,
      attributionControl: false,
      zoomAnimation: false,
      fadeAnimation: false,
      inertia: false,
      doubleClickZoom: false,
      boxZoom: false,
      keyboard: false,
    });
    this.element = element;
    this.padding = () => ({ left: 0, top: 0, right: 0, bottom: 0 });
    this.renderer = L.svg({ padding: 0.5 }).addTo(this.map);
    this.#build(this.renderer._rootGroup);
    this.map.on("viewreset zoomend moveend resize", () => this.#place());
    this.map.on("zoomend moveend", settled);
    this.#place();
  }

  /** `layers` holds a group for every name of WORLD (metres, y up) and SCREEN (pixels, see `toLayer`). */
  #build(root) {
    this.layers = {};
    this.world = svg("g", { class: "plan-world" });
    this.screen = svg("g", { class: "plan-screen" });
    for (const [parent, names] of [
      [this.world, WORLD],
      [this.screen, SCREEN],
    ]) {
      for (const name of names) {
        this.layers[name] = svg("g", { class: `plan-${name}` });
        parent.append(this.layers[name]);
      }
    }
    this.definitions = svg("defs");
    root.append(this.definitions, this.world, this.screen);
  }

  #place() {
    // Not latLngToLayerPoint: it rounds to whole pixels, which are centimetres when zoomed out.
    const { x, y } = this.map.project([0, 0]).subtract(this.map.getPixelOrigin());
    this.origin = [x, y];
    const { scale } = this;
    this.world.setAttribute("transform", `matrix(${scale} 0 0 ${-scale} ${this.origin[0]} ${this.origin[1]})`);
  }

  /** Pixels per metre. */
  get scale() {
    return this.map.options.crs.scale(this.map.getZoom());
  }

  /** A place's pixels on the SCREEN groups. */
  toLayer([x, y]) {
    return [this.origin[0] + x * this.scale, this.origin[1] - y * this.scale];
  }

  /** A place's pixels from the canvas's upper left corner. */
  toCanvas(place) {
    const { x, y } = this.map.layerPointToContainerPoint(this.toLayer(place));
    return [x, y];
  }

  /** The place under a mouse or pointer event. */
  fromEvent({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    return this.fromCanvas([clientX - box.left, clientY - box.top]);
  }

  fromCanvas(pixels) {
    const { x, y } = this.map.containerPointToLayerPoint(pixels);
    return [(x - this.origin[0]) / this.scale, (this.origin[1] - y) / this.scale];
  }

  get centre() {
    const { x, y } = this.map.getSize();
    const { left, top, right, bottom } = this.padding();
    return this.fromCanvas([(left + x - right) / 2, (top + y - bottom) / 2]);
  }

  /** What can be seen, [west, south, east, north], and as much again on every side with `by` = 1. */
  box(by = 0) {
    const bounds = this.map.getBounds().pad(by);
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  /** Show a box, clear of what covers the canvas's edges. */
  fit([west, south, east, north], mostScale = 128) {
    const { left, top, right, bottom } = this.padding();
    this.map.fitBounds(
      [
        [south, west],
        [north, east],
      ],
      {
        maxZoom: Math.log2(mostScale),
        paddingTopLeft: [left + 24, top + 24],
        paddingBottomRight: [right + 24, bottom + 24],
        animate: false,
      },
    );
  }

  /** Bring a box into sight if it is not. */
  reveal(box) {
    const [west, south, east, north] = this.box();
    const seen = box[0] >= west && box[1] >= south && box[2] <= east && box[3] <= north;
    if (!seen) this.fit(box, Math.min(64, Math.max(this.scale, 16)));
  }

  zoomBy(steps) {
    this.map.setZoomAround(this.map.getSize().divideBy(2), this.map.getZoom() + steps, { animate: false });
  }

  panBy(pixels) {
    this.map.panBy(pixels, { animate: false });
  }

  /** Whether a drag moves the canvas; off while a tool drags something. */
  setDragging(on) {
    if (on) this.map.dragging.enable();
    else this.map.dragging.disable();
  }

  resized() {
    this.map.invalidateSize({ animate: false });
    this.#place();
  }
}
