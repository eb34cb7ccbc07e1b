import { t } from "../../../../gis_core/js/map/text.js";
import { area, distance, oppositeCorner, polygon, rectangle } from "../geometry.js";
import { metres, squareMetres } from "../words.js";
import { Figures } from "./figures.js";
import { Tool } from "./tool.js";

const SMALLEST_M = 0.05;
const LIMITS = {
  width: { label: "width", least: SMALLEST_M },
  depth: { label: "depth", least: SMALLEST_M },
  x: { label: "x" },
  y: { label: "y" },
};

/** A rectangle between two opposite corners, dragged, clicked or typed. `finish(corners)` is told the result. */
export class RectangleTool extends Tool {
  constructor(editor, { hint, finish, options = () => [] }) {
    super(editor);
    Object.assign(this, { hint, finish, options, figures: new Figures(LIMITS) });
    this.#clear();
  }

  #clear() {
    this.start = null;
    this.towards = null;
    this.figures.clear();
    this.editor.status.clear("figure");
  }

  begin() {
    this.#clear();
  }

  end() {
    this.escapeAll();
  }

  bar() {
    const { start, figures, opposite } = this;
    const side = (axis) => (start && opposite ? Math.abs(opposite[axis] - start[axis]) : null);
    const field = (name, otherwise) => ({
      name,
      label: t(LIMITS[name].label),
      unit: "m",
      ...figures.field(name, otherwise),
    });
    return {
      hint: t(start ? "hint_rectangle_end" : this.hint),
      fields: [
        field("width", side(0)),
        field("depth", side(1)),
        field("x", start?.[0] ?? null),
        field("y", start?.[1] ?? null),
        ...this.options(),
      ],
      first: "width",
      measure: start && opposite ? squareMetres(area(polygon(rectangle(start, opposite)))) : "",
      actions: start ? [{ name: "finish", label: t("finish"), run: () => this.enter(), primary: true }] : [],
    };
  }

  get opposite() {
    if (!this.start || !this.towards) return null;
    return oppositeCorner(this.start, this.towards, this.figures.get("width"), this.figures.get("depth"));
  }

  typed(name, value) {
    const { figures } = this;
    figures.type(name, value);
    if (!figures.wrong) this.editor.status.clear("figure");
    if (this.start) {
      this.start = [figures.get("x") ?? this.start[0], figures.get("y") ?? this.start[1]];
      this.towards ??= [this.start[0] + 1, this.start[1] + 1];
    }
    this.#draw();
  }

  /** With a corner and both sides known it is done; with one side known the pointer gives the other. */
  enter() {
    if (this.stopsAt(this.figures)) return;
    const { x, y, width, depth } = this.figures.taken;
    if (!this.start && x !== null && y !== null) this.start = [x, y];
    if (!this.start) {
      this.tap(this.editor.adapter.centre, null);
      return;
    }
    this.towards ??= [this.start[0] + 1, this.start[1] + 1];
    if ((width !== null && depth !== null) || this.#isLarge()) this.#done();
    this.#draw();
  }

  #isLarge() {
    const { start, opposite } = this;
    if (!start || !opposite) return false;
    return Math.abs(opposite[0] - start[0]) >= SMALLEST_M && Math.abs(opposite[1] - start[1]) >= SMALLEST_M;
  }

  #done() {
    // Neither does a click finish what says another size than it would have.
    if (this.stopsAt(this.figures)) return;
    const corners = rectangle(this.start, this.opposite);
    this.#clear();
    this.editor.overlay.draft(null);
    this.editor.overlay.snap(null);
    this.finish(corners);
    this.editor.events.emit("bar");
  }

  /** Go on with a rectangle that was refused. */
  resume([west, south], [east, north]) {
    this.start = [west, south];
    this.towards = [east, north];
    this.#draw();
  }

  escape() {
    if (!this.start && this.figures.isEmpty) return false;
    this.#clear();
    this.#draw();
    return true;
  }

  press(place, event) {
    if (!this.start) {
      this.pressedAt = this.editor.snapped(place, event);
    }
    return true;
  }

  drag(place, event) {
    if (!this.start) this.start = this.pressedAt;
    this.move(place, event);
  }

  drop(place, event) {
    this.move(place, event);
    if (this.#isLarge()) this.#done();
  }

  cancel() {
    this.escape();
  }

  move(place, event) {
    // Only corners and walls count here: a rectangle's second corner has no line to be square to.
    const snapped = this.editor.snapped(place, event);
    if (!this.start) return;
    this.towards = snapped;
    this.#draw();
  }

  tap(place, event) {
    const at = this.editor.snapped(place, event);
    if (!this.start) {
      this.start = at;
      this.towards = null;
    } else {
      this.towards = at;
      if (this.#isLarge() && distance(this.start, at) > SMALLEST_M) {
        this.#done();
        return;
      }
    }
    this.#draw();
  }

  #draw() {
    const { start, opposite } = this;
    const points = start && opposite ? rectangle(start, opposite) : start ? [start] : [];
    this.editor.overlay.draft(start ? { points, closed: Boolean(opposite) } : null);
    this.editor.events.emit("bar");
    if (opposite)
      this.editor.status.say(
        `${metres(Math.abs(opposite[0] - start[0]))} × ${metres(Math.abs(opposite[1] - start[1]))}`,
      );
  }
}
