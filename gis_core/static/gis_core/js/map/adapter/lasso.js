// Drawing around things freehand, with a mouse, a pen or a finger. It knows nothing of what lies inside.

const { L } = window;

const STEP_PIXELS = 4;
const FEWEST = 3;
const LINE = { color: "#d6006c", weight: 3, dashArray: "6 4", fillColor: "#d6006c", fillOpacity: 0.08 };

export class Lasso {
  constructor(map) {
    this.map = map;
    this.onRing = null;
    this.trace = null;
    const element = map.getContainer();
    element.addEventListener("pointerdown", (event) => this.#begin(event), true);
    element.addEventListener("pointermove", (event) => this.#follow(event), true);
    element.addEventListener("pointerup", (event) => this.#end(event), true);
    element.addEventListener("pointercancel", () => this.#drop(), true);
  }

  get active() {
    return this.onRing !== null;
  }

  /** Until `stop`, dragging draws instead of moving the map; `onRing` gets each ring, closed, as [lng, lat] pairs. */
  start(onRing) {
    this.onRing = onRing;
    this.map.dragging.disable();
    this.map.getContainer().classList.add("lassoing");
  }

  stop() {
    this.#drop();
    this.onRing = null;
    this.map.dragging.enable();
    this.map.getContainer().classList.remove("lassoing");
  }

  #begin(event) {
    const isOnControl = event.target.closest(".leaflet-control");
    if (!this.active || this.trace || !event.isPrimary || event.button !== 0 || isOnControl) return;
    event.stopPropagation();
    event.preventDefault();
    this.map.getContainer().setPointerCapture(event.pointerId);
    this.points = [this.map.mouseEventToContainerPoint(event)];
    this.trace = L.polygon([], { ...LINE, interactive: false, pmIgnore: true }).addTo(this.map);
  }

  #follow(event) {
    if (!this.trace || !event.isPrimary) return;
    event.stopPropagation();
    const point = this.map.mouseEventToContainerPoint(event);
    if (point.distanceTo(this.points.at(-1)) < STEP_PIXELS) return;
    this.points.push(point);
    this.trace.addLatLng(this.map.containerPointToLatLng(point));
  }

  #end(event) {
    if (!this.trace || !event.isPrimary) return;
    event.stopPropagation();
    const ring = this.points.map((point) => this.map.containerPointToLatLng(point)).map(({ lng, lat }) => [lng, lat]);
    this.#drop();
    if (ring.length >= FEWEST) this.onRing([...ring, ring[0]]);
  }

  #drop() {
    this.trace?.remove();
    this.trace = null;
  }
}
