// Many small places that can be chosen, drawn on one canvas, and names in the middle of larger ones.

const { L } = window;

const CHOSEN = { color: "#d6006c", weight: 4 };

export class Dots {
  constructor(map) {
    this.map = map;
    this.renderer = L.canvas({ padding: 0.5, tolerance: 5 });
    this.dots = new Map();
    this.names = L.layerGroup().addTo(map);
  }

  /**
   * Draw dots {id, lng, lat, color, isFaint, title} in place of those there were; `onPick` gets the id of one clicked.
   * A title is text, never HTML.
   */
  show(dots, onPick) {
    for (const { layer } of this.dots.values()) layer.remove();
    this.dots.clear();
    for (const dot of dots) {
      const style = { color: "#1e2124", weight: 1, fillColor: dot.color, fillOpacity: dot.isFaint ? 0.35 : 1 };
      const layer = L.circleMarker([dot.lat, dot.lng], {
        ...{ renderer: this.renderer, radius: dot.isFaint ? 4 : 7, bubblingMouseEvents: false, pmIgnore: true },
        ...style,
      });
      const title = document.createElement("span");
      title.textContent = dot.title;
      layer.bindTooltip(title).on("click", () => onPick(dot.id));
      this.dots.set(dot.id, { layer: layer.addTo(this.map), style });
    }
  }

  /** Mark these ids, and no others, as chosen. */
  choose(ids) {
    for (const [id, { layer, style }] of this.dots) layer.setStyle(ids.has(id) ? CHOSEN : style);
  }

  /** Write names {lng, lat, text} on the map. */
  name(names) {
    this.names.clearLayers();
    for (const { lng, lat, text } of names) {
      const label = document.createElement("span");
      label.textContent = text;
      const icon = L.divIcon({ className: "dot-name", html: label, iconSize: [160, 24] });
      L.marker([lat, lng], { icon, interactive: false, keyboard: false, pmIgnore: true }).addTo(this.names);
    }
  }
}
