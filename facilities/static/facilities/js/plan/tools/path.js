import { t } from "../../../../gis_core/js/map/text.js";
import { area, distance, lengthOf, polygon, same } from "../geometry.js";
import { angleOf, atAngle, atLength } from "../snapping.js";
import { metres, plain, squareMetres, typedNumber } from "../words.js";
import { Tool } from "./tool.js";

/**
 * Corners one after another: a polygon (closed) or a line. `finish(points)` is told the result; `enough(points)` may
 * say that a line is complete with the corner just set.
 */
export class PathTool extends Tool {
  constructor(
    editor,
    { hint, closed, finish, least = closed ? 3 : 2, enough = () => false, options = () => [], edits = true },
  ) {
    super(editor);
    Object.assign(this, { hint, closed, finish, least, enough, options, isEditing: edits });
    this.#clear();
  }

  get edits() {
    return this.isEditing;
  }

  #clear() {
    this.points = [];
    this.towards = null;
    this.exact = { length: null, angle: null };
  }

  begin() {
    this.#clear();
  }

  end() {
    this.escapeAll();
  }

  get last() {
    return this.points.at(-1) ?? null;
  }

  /** Where the next corner would be, with typed length and angle. */
  get next() {
    const { last, towards } = this;
    const { length, angle } = this.exact;
    if (!last) return towards;
    if (angle !== null) return atAngle(last, length ?? (towards ? distance(last, towards) : 1), angle);
    if (length !== null) return atLength(last, towards ?? [last[0] + 1, last[1]], length);
    return towards;
  }

  bar() {
    const { last, next, exact } = this;
    const fields = last
      ? [
          { name: "length", label: t("length"), unit: "m", value: shown(exact.length, last, next, distance) },
          { name: "angle", label: t("angle"), unit: "°", value: shown(exact.angle, last, next, angleOf) },
        ]
      : [];
    const done = { name: "finish", label: t("finish"), run: () => this.#done(), primary: true };
    const back = { name: "back", label: t("corner_back"), run: () => this.#back() };
    return {
      hint: t(last ? (this.closed ? "hint_path_next" : "hint_line_next") : this.hint),
      fields: [...fields, ...this.options()],
      first: "length",
      measure: this.#measure(),
      actions: [...(last ? [back] : []), ...(this.points.length >= this.least ? [done] : [])],
    };
  }

  #measure() {
    const points = this.next && this.last ? [...this.points, this.next] : this.points;
    if (points.length < 2) return "";
    const length = `${metres(lengthOf(points))} m`;
    return points.length > 2 && this.closed ? `${length} · ${squareMetres(area(polygon(points)))}` : length;
  }

  typed(name, value) {
    const found = typedNumber(value);
    this.exact[name] = found === null || (name === "length" && found <= 0) ? null : found;
    this.#draw();
  }

  enter() {
    const { length, angle } = this.exact;
    if (this.last && (length !== null || angle !== null) && this.next) this.#add(this.next);
    else if (this.points.length >= this.least) this.#done();
    else this.#add(this.editor.adapter.centre);
  }

  /** Go on with corners that were refused. */
  resume(points) {
    this.points = points;
    this.#draw();
  }

  key(event) {
    if (event.key !== "Backspace" || !this.points.length) return false;
    this.#back();
    return true;
  }

  escape() {
    if (!this.points.length) return false;
    this.#clear();
    this.#draw();
    return true;
  }

  #back() {
    this.points.pop();
    this.#draw();
  }

  press() {
    return false;
  }

  move(place, event) {
    this.towards = this.editor.snapped(place, event, { from: this.last });
    if (this.last) this.#draw();
  }

  tap(place, event) {
    this.towards = this.editor.snapped(place, event, { from: this.last });
    const at = this.last ? this.next : this.towards;
    const isFirst = this.points.length >= this.least && distance(at, this.points[0]) <= this.editor.reach(event) / 2;
    if (this.closed && isFirst) this.#done();
    else this.#add(at);
  }

  twice(place, event) {
    this.tap(place, event);
    if (this.points.length >= this.least) this.#done();
  }

  #add(point) {
    if (!this.last || !same(this.last, point)) this.points.push(point);
    this.exact = { length: null, angle: null };
    if (!this.closed && this.enough(this.points)) this.#done();
    else this.#draw();
  }

  #done() {
    const { points } = this;
    if (points.length < this.least) return;
    this.#clear();
    this.editor.overlay.draft(null);
    this.editor.overlay.snap(null);
    this.finish(points);
    this.editor.events.emit("bar");
  }

  #draw() {
    const points = this.last && this.next ? [...this.points, this.next] : this.points;
    this.editor.overlay.draft(points.length ? { points, closed: this.closed && points.length > 2 } : null);
    this.editor.events.emit("bar");
  }
}

function shown(exact, last, next, measure) {
  if (exact !== null) return plain(exact);
  return next ? plain(Math.round(measure(last, next) * 1000) / 1000) : "";
}
