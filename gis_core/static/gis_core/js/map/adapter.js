// The one module (with adapter/) that knows the map engine: Leaflet, protomaps-leaflet and Leaflet-Geoman.

import { AreaNames } from "./adapter/area-names.js";
import { Dots } from "./adapter/dots.js";
import { Lasso } from "./adapter/lasso.js";
import { Overlays } from "./adapter/overlays.js";
import { ShapeEditor } from "./adapter/shape-editor.js";
import { VectorTiles } from "./adapter/tiles.js";

const { L } = window;

const SMALL_PIXELS = 60;
const CLOSE_ZOOM = 14;

export class MapAdapter {
  /**
   * A map in `element`. `settings` are django-leaflet's (center, zoom, minZoom, maxZoom); `options` hold `language`,
   * `cornerName`, `onTiles` and `editable`.
   */
  constructor(element, settings, options) {
    if (options.editable) L.PM.setOptIn(true);
    this.map = L.map(element, {
      center: settings.center,
      zoom: settings.zoom,
      minZoom: settings.minZoom,
      maxZoom: settings.maxZoom,
      zoomControl: false,
      attributionControl: false,
      // A small map on a page must not catch the wheel that scrolls the page.
      scrollWheelZoom: options.editable,
      pmIgnore: !options.editable,
    });
    L.control.attribution({ prefix: false, position: "bottomright" }).addTo(this.map);
    L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(this.map);
    this.base = null;
    this.tiles = new VectorTiles(this.map, options.language, options.onTiles ?? (() => {}));
    this.areaNames = new AreaNames(this.map, this.tiles);
    this.overlays = new Overlays(this.map);
    this.dots = new Dots(this.map);
    this.lasso = new Lasso(this.map);
    this.editor = options.editable ? new ShapeEditor(this.map, options.cornerName) : null;
    this.padding = () => ({ left: 0, top: 0, right: 0, bottom: 0 });
  }

  /** Handlers: "settle" () when view has changed, "click" ({lng, lat}), "pointer" ({lng, lat} or null). */
  on(name, handler) {
    const place = (event) => handler({ lng: event.latlng.lng, lat: event.latlng.lat });
    if (name === "settle") this.map.on("moveend", () => handler());
    if (name === "click") this.map.on("click", place);
    if (name === "pointer") {
      this.map.on("mousemove", place);
      this.map.on("mouseout", () => handler(null));
    }
  }

  get element() {
    return this.map.getContainer();
  }

  get view() {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lng, lat };
  }

  setView({ zoom, lng, lat }) {
    this.map.setView([lat, lng], zoom, { animate: false });
  }

  get bounds() {
    const box = this.map.getBounds();
    return { west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() };
  }

  /** Whether a place can be seen: in the view, and not under what covers the map's edges. */
  contains([lng, lat]) {
    const { x, y } = this.map.latLngToContainerPoint([lat, lng]);
    const size = this.map.getSize();
    const { left, top, right, bottom } = this.padding();
    return x >= left && y >= top && x <= size.x - right && y <= size.y - bottom;
  }

  /** Whether a shape can be worked on as it is shown: in sight, and either large enough or close enough. */
  isWorkable([west, south, east, north]) {
    const start = this.map.latLngToContainerPoint([north, west]);
    const end = this.map.latLngToContainerPoint([south, east]);
    const isLarge = end.distanceTo(start) >= SMALL_PIXELS || this.map.getZoom() >= CLOSE_ZOOM;
    return isLarge && this.contains([(west + east) / 2, (south + north) / 2]);
  }

  /** Show a box [west, south, east, north], clear of what covers the map's edges. */
  fit([west, south, east, north], maxZoom = 16) {
    const { left, top, right, bottom } = this.padding();
    this.map.fitBounds(
      [
        [south, west],
        [north, east],
      ],
      { maxZoom, paddingTopLeft: [left + 24, top + 24], paddingBottomRight: [right + 24, bottom + 24], animate: false },
    );
  }

  zoomBy(steps, around) {
    if (around) this.map.setZoomAround([around.lat, around.lng], this.map.getZoom() + steps);
    else this.map.setZoom(this.map.getZoom() + steps);
  }

  resized() {
    this.map.invalidateSize({ pan: false });
  }

  /** Put a raster base map below everything, as {url, attribution, minZoom, maxZoom, bounds}; null for areas only. */
  setBase(base, opacity, onError) {
    this.base?.remove();
    this.base = null;
    this.tiles.setFilled(base === null);
    if (!base) return;
    const { url, attribution, minZoom, maxZoom, bounds } = base;
    this.base = L.tileLayer(url, {
      attribution: escaped(attribution ?? ""),
      minNativeZoom: minZoom ?? 0,
      maxNativeZoom: maxZoom ?? 19,
      maxZoom: this.map.getMaxZoom(),
      bounds: bounds && [
        [bounds[1], bounds[0]],
        [bounds[3], bounds[2]],
      ],
      opacity,
      zIndex: 1,
      pmIgnore: true,
    });
    this.base.on("tileerror", onError);
    this.base.addTo(this.map);
  }

  setBaseOpacity(opacity) {
    this.base?.setOpacity(opacity);
  }

  retryBase() {
    this.base?.redraw();
  }

  showPosition({ lng, lat }, accuracy) {
    this.overlays.setPosition([lat, lng], accuracy);
  }
}

// Leaflet puts the attribution into the page as HTML.
function escaped(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}
