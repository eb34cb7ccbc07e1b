import { t } from "../../../../gis_core/js/map/text.js";
import { area, distance, lengthOf, polygon, same } from "../geometry.js";
import { angleOf, atAngle, atLength } from "../snapping.js";
import { metres, squareMetres } from "../words.js";
import { Figures } from "./figures.js";
import { Tool } from "./tool.js";

const LIMITS = { length: { label: "length", least: 0.01 }, angle: { label: "angle" } };

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
    this.figures = new Figures(LIMITS);
    this.#clear();
  }

  get edits() {
    return this.isEditing;
  }

  #clear() {
    this.points = [];
    this.towards = null;
    this.#clearFigures();
  }

  #clearFigures() {
    this.figures.clear();
    this.editor.status.clear("figure");
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
    const { length, angle } = this.figures.taken;
    if (!last) return towards;
    if (angle !== null) return atAngle(last, length ?? (towards ? distance(last, towards) : 1), angle);
    if (length !== null) return atLength(last, towards ?? [last[0] + 1, last[1]], length);
    return towards;
  }

  bar() {
    const { last, next, figures } = this;
    const field = (name, unit, measure) => ({
      name,
      label: t(LIMITS[name].label),
      unit,
      ...figures.field(name, next ? Math.round(measure(last, next) * 1000) / 1000 : null),
    });
    const fields = last ? [field("length", "m", distance), field("angle", "°", angleOf)] : [];
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
    this.figures.type(name, value);
    if (!this.figures.wrong) this.editor.status.clear("figure");
    this.#draw();
  }

  enter() {
    if (this.stopsAt(this.figures)) return;
    const { length, angle } = this.figures.taken;
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
    if (!this.points.length && this.figures.isEmpty) return false;
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
    // Neither does a click set a corner elsewhere than the figures say.
    if (this.stopsAt(this.figures)) return;
    const at = this.last ? this.next : this.towards;
    const isFirst = this.points.length >= this.least && distance(at, this.points[0]) <= this.editor.reach(event) / 2;
    if (this.closed && isFirst) this.#done();
    else this.#add(at);
  }

  twice(place, event) {
    this.tap(place, event);
    if (!this.figures.wrong && this.points.length >= this.least) this.#done();
  }

  #add(point) {
    if (!this.last || !same(this.last, point)) this.points.push(point);
    this.#clearFigures();
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
