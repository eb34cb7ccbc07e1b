// What lies over the plan while it is worked on: what is selected, drawn just now, waiting for the server or refused.

import { svg } from "../../../gis_core/js/map/dom.js";
import { lineData, pathData, ringData } from "./draw/paths.js";
import { distance, middle, pointsOf } from "./geometry.js";
import { metres } from "./words.js";

const cross = ([x, y], size) => `M${x - size} ${y}H${x + size}M${x} ${y - size}V${y + size}`;

// How the snap mark looks tells what was found, without words and without colour.
const MARKS = {
  corner: ([x, y]) => ({ d: `M${x - 6} ${y - 6}h12v12h-12z` }),
  edge: ([x, y]) => ({ d: `M${x - 6} ${y - 6}l12 12M${x + 6} ${y - 6}l-12 12` }),
  perpendicular: ([x, y]) => ({ d: `M${x - 6} ${y - 7}v13h13M${x - 6} ${y}h6v6` }),
  square: ([x, y]) => ({ d: cross([x, y], 7) }),
  align: ([x, y]) => ({ d: cross([x, y], 7) }),
  grid: ([x, y]) => ({ d: cross([x, y], 4) }),
};

export class Overlay {
  constructor(adapter, state) {
    Object.assign(this, { adapter, state });
    this.snapped = null;
    this.selected = [];
    this.corners = [];
    this.current = null;
    this.waiting = [];
    this.shown = [];
  }

  /** The mark of a snap, as snap() answers; null takes it away. */
  snap(found) {
    this.snapped = found;
    const { snap } = this.adapter.layers;
    snap.replaceChildren();
    const mark = found && MARKS[found.kind];
    if (!mark) return;
    for (const guide of found.guides) {
      snap.append(svg("path", { d: lineData(guide.map((end) => this.adapter.toLayer(end))), class: "snap-guide" }));
    }
    const { d } = mark(this.adapter.toLayer(found.point));
    snap.append(svg("path", { d, class: `snap-mark ${found.kind}`, "data-snap": found.kind }));
  }

  /** Show parts as selected, [{kind, key}], with handles at `corners`. */
  select(parts, corners = []) {
    this.selected = parts;
    this.corners = corners;
    const { marked } = this.adapter.layers;
    const elements = parts
      .map(({ kind, key }) => this.state.get(kind, key))
      .filter((part) => part && part.geometry.type !== "Point")
      .map((part) => svg("path", { d: pathData(part.geometry), class: `selected ${part.geometry.type}` }));
    marked.replaceChildren(...elements, ...this.shown);
    this.#handles();
  }

  #handles() {
    const { adapter } = this;
    const handles = this.corners.map((corner) => {
      const [x, y] = adapter.toLayer(corner);
      return svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: "handle" });
    });
    for (const { kind, key } of this.selected) {
      const part = this.state.get(kind, key);
      if (part?.geometry.type !== "Point") continue;
      const [cx, cy] = adapter.toLayer(part.geometry.coordinates);
      handles.push(svg("circle", { cx, cy, r: 13, class: "selected-mark" }));
    }
    adapter.layers.handles.replaceChildren(...handles);
  }

  /** Light up places, as findings do: [{geometry, className}]; stays until replaced. */
  highlight(places) {
    this.shown = places
      .filter(({ geometry }) => geometry)
      .flatMap(({ geometry, className }) => [
        svg("path", { d: pathData(geometry), class: `highlight ${geometry.type} ${className ?? ""}` }),
        ...this.#points(geometry, className),
      ]);
    this.select(this.selected, this.corners);
  }

  #points(geometry, className) {
    if (!/Point/.test(geometry.type)) return [];
    const r = 12 / this.adapter.scale;
    return pointsOf(geometry).map(([cx, cy]) => svg("circle", { cx, cy, r, class: `highlight ${className ?? ""}` }));
  }

  /**
   * What the tool is drawing: {points, closed, shapes: geometries, ghosts: elements, measured: whether sides tell
   * their lengths, joined: whether a line joins the points}; null takes it away.
   */
  draft(current) {
    this.current = current;
    const { draft, snap } = this.adapter.layers;
    draft.replaceChildren(...this.waiting);
    for (const element of snap.querySelectorAll(".draft-length, .draft-point")) element.remove();
    if (!current) return;
    const { points = [], closed = false, joined = true, shapes = [], ghosts = [], measured = true } = current;
    draft.append(...shapes.map((shape) => svg("path", { d: pathData(shape), class: "draft-shape" })), ...ghosts);
    if (points.length && joined) {
      const d = closed ? ringData(points) : lineData(points);
      draft.append(svg("path", { d, class: closed ? "draft-line" : "draft-line open" }));
    }
    for (const [cx, cy] of points.map((corner) => this.adapter.toLayer(corner))) {
      snap.append(svg("circle", { cx, cy, r: 4, class: "draft-point" }));
    }
    if (measured) this.#lengths(closed ? [...points, points[0]] : points);
  }

  #lengths(points) {
    const { adapter } = this;
    for (const [index, end] of points.slice(1).entries()) {
      const start = points[index];
      const length = distance(start, end);
      if (length * adapter.scale < 44) continue;
      const [x, y] = adapter.toLayer(middle(start, end));
      const text = svg("text", { x, y: y - 5, class: "draft-length" });
      text.textContent = metres(length);
      adapter.layers.snap.append(text);
    }
  }

  /** Shapes of edits that wait or were refused: [{geometry, refused}]. */
  pending(drafts) {
    this.waiting = drafts
      .filter(({ geometry }) => geometry)
      .map(({ geometry, refused }) =>
        svg("path", { d: pathData(geometry), class: refused ? "draft-refused" : "draft-waiting" }),
      );
    this.draft(this.current);
  }

  /** What is drawn in pixels, after the view has changed. */
  settle() {
    this.snap(null);
    this.draft(this.current);
    this.#handles();
  }
}
