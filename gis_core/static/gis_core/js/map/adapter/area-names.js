// Names of areas on the map, as text that does not turn into pixels and does not get in the way of clicks.

import { declutter } from "../declutter.js";

const { L } = window;

// At which zooms the names of a level are of use.
const ZOOMS = { sido: [0, 9], sigungu: [8, 12], eupmyeondong: [10, 22] };
const RANK = { sido: 0, sigungu: 1, eupmyeondong: 2 };
const SIZE = { sido: 15, sigungu: 14, eupmyeondong: 12.5 };

const ruler = document.createElement("canvas").getContext("2d");

function widthOf(text, size) {
  ruler.font = `600 ${size}px "Pretendard GOV", sans-serif`;
  return ruler.measureText(text).width;
}

export class AreaNames {
  /** `tiles` has written names already; area names keep clear of them. */
  constructor(map, tiles) {
    this.map = map;
    this.tiles = tiles;
    tiles.onDrawn = () => this.#update();
    this.areas = [];
    this.markers = new Map();
    map.createPane("names").classList.add("map-names");
    map.on("moveend zoomend", () => this.#update());
  }

  /** `areas` is [{id, name, level, lng, lat}]; those already known keep their place. */
  show(areas) {
    this.areas = areas;
    this.#update();
  }

  #update() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds().pad(0.1);
    const labels = this.areas
      .filter(({ level, lng, lat }) => zoom >= ZOOMS[level][0] && zoom < ZOOMS[level][1] && view.contains([lat, lng]))
      .map((area) => this.#label(area));
    const obstacles = [...this.tiles.symbolBoxes(), ...this.tiles.nameBoxes()];
    const areas = new Map(labels.map(({ id, area }) => [id, area]));
    const placed = declutter(labels, { shown: new Set(this.markers.keys()), obstacles });
    for (const marker of this.markers.values()) marker.remove();
    this.markers = new Map(placed.map(({ id, dy }) => [id, this.#marker(areas.get(id), dy)]));
  }

  #label(area) {
    const { x, y } = this.map.project([area.lat, area.lng], this.map.getZoom());
    const size = SIZE[area.level];
    return { id: area.id, area, x, y, width: widthOf(area.name, size), height: size * 1.3, rank: RANK[area.level] };
  }

  #marker(area, dy) {
    const text = document.createElement("span");
    text.textContent = area.name;
    const icon = L.divIcon({ className: `area-name ${area.level}`, html: text, iconSize: null, iconAnchor: [0, -dy] });
    const options = { icon, pane: "names", interactive: false, keyboard: false, pmIgnore: true };
    return L.marker([area.lat, area.lng], options).addTo(this.map);
  }
}
