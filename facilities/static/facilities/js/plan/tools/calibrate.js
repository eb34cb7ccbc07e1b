import { t } from "../../../../gis_core/js/map/text.js";
import { applied, inverse, knownLength } from "../affine.js";
import { distance, rounded } from "../geometry.js";
import { typedNumber } from "../numbers.js";
import { counted, metres } from "../words.js";
import { Tool } from "./tool.js";

const SHORTEST_M = 0.1;
const SHORTEST_PX = 4;

/** Scale a picture by a line on it whose true length is known: two clicks and a number. */
export class KnownLengthTool extends Tool {
  constructor(editor, underlays) {
    super(editor);
    this.underlays = underlays;
    this.places = [];
  }

  start(id) {
    this.id = id;
    this.places = [];
    this.towards = null;
    this.length = null;
    this.straight = true;
  }

  end() {
    this.places = [];
    this.editor.overlay.draft(null);
  }

  bar() {
    const count = this.places.length;
    const ready = count === 2;
    const fields = ready
      ? [
          {
            name: "metres",
            label: t("true_length"),
            unit: "m",
            value: this.length === null ? "" : String(this.length),
          },
          { name: "straight", label: t("straighten"), type: "checkbox", value: this.straight },
        ]
      : [];
    const actions = ready ? [{ name: "apply", label: t("apply"), run: () => this.enter(), primary: true }] : [];
    return {
      hint: t(["hint_length_first", "hint_length_second", "hint_length_type"][count]),
      fields,
      first: "metres",
      actions,
    };
  }

  typed(name, value) {
    if (name === "straight") this.straight = value;
    else this.length = typedNumber(value);
  }

  move(place) {
    this.towards = place;
    if (this.places.length === 1) this.#draw();
  }

  tap(place) {
    if (this.places.length === 2) this.places = [];
    const isApart = !this.places.length || distance(place, this.places[0]) * this.editor.adapter.scale > SHORTEST_PX;
    if (isApart) this.places.push(place);
    this.#draw();
    if (this.places.length === 2) this.editor.events.emit("focus-field", "metres");
  }

  escape() {
    if (!this.places.length) return false;
    this.places.pop();
    this.#draw();
    return true;
  }

  async enter() {
    const { editor, underlays, length } = this;
    const underlay = underlays.find(this.id);
    if (this.places.length < 2) {
      this.tap(editor.adapter.centre);
      return;
    }
    if (length === null || length < SHORTEST_M) {
      editor.status.note("underlay", t("length_missing"), { kind: "warning", seconds: 6 });
      return;
    }
    const matrix = underlays.matrix(underlay);
    const [first, second] = this.places.map((place) => applied(inverse(matrix), place));
    try {
      await underlays.change(this.id, { points: knownLength(matrix, first, second, length, this.straight) });
      editor.status.note("underlay", t("scaled"), { seconds: 5 });
      editor.use("select");
      editor.events.emit("scaled", underlay);
    } catch (error) {
      editor.status.note("underlay", error.answer?.detail || t("underlay_failed"), { kind: "error", closable: true });
    }
  }

  #draw() {
    const points = this.places.length === 1 && this.towards ? [...this.places, this.towards] : this.places;
    this.editor.overlay.draft(points.length ? { points, measured: false } : null);
    this.editor.events.emit("bar");
  }
}

/** Fit a picture by control points: a spot on the picture, then where it belongs. */
export class ControlPointsTool extends Tool {
  constructor(editor, underlays) {
    super(editor);
    this.underlays = underlays;
    this.points = [];
  }

  start(id) {
    this.id = id;
    this.points = (this.underlays.find(id).points ?? []).map(({ pixel, place }) => ({ pixel, place }));
    this.waiting = null;
    this.residuals = [];
    this.rms = null;
    this.#draw();
  }

  end() {
    this.waiting = null;
    this.editor.overlay.draft(null);
    this.editor.events.emit("underlays");
  }

  bar() {
    const actions =
      this.points.length >= 2 ? [{ name: "apply", label: t("apply"), run: () => this.enter(), primary: true }] : [];
    return {
      hint: t(this.waiting ? "hint_point_place_local" : "hint_point_pixel"),
      measure:
        this.rms === null
          ? counted("points_set", this.points.length)
          : t("points_rms", { count: this.points.length, rms: metres(this.rms) }),
      actions,
    };
  }

  move(place, event) {
    if (this.waiting) this.editor.snapped(place, event);
  }

  tap(place, event) {
    const matrix = this.underlays.matrix(this.underlays.find(this.id));
    if (this.waiting) {
      const at = this.editor.snapped(place, event);
      this.points.push({ pixel: this.waiting, place: at });
      this.waiting = null;
    } else this.waiting = applied(inverse(matrix), place);
    this.#draw();
  }

  /** The point that is waiting for its place gets typed coordinates. */
  place(index, place) {
    if (this.points[index]) this.points[index].place = rounded(place);
    this.#draw();
  }

  /** A spot chosen on the picture takes the place under it, to be typed over. */
  keepWaiting() {
    if (!this.waiting) return;
    const matrix = this.underlays.matrix(this.underlays.find(this.id));
    this.points.push({ pixel: this.waiting, place: rounded(applied(matrix, this.waiting)) });
    this.waiting = null;
    this.#draw();
  }

  drop(index) {
    if (typeof index === "number") this.points.splice(index, 1);
    this.#draw();
  }

  escape() {
    if (!this.waiting) return false;
    this.waiting = null;
    this.#draw();
    return true;
  }

  async enter() {
    const { editor } = this;
    if (this.points.length < 2) {
      editor.status.note("underlay", t("points_missing"), { kind: "warning", seconds: 6 });
      return;
    }
    try {
      const { residuals, rms } = await this.underlays.change(this.id, { points: this.points });
      this.residuals = residuals ?? [];
      this.rms = rms ?? null;
      editor.status.note("underlay", t("fitted", { rms: metres(rms ?? 0) }), { seconds: 6 });
    } catch (error) {
      editor.status.note("underlay", error.answer?.detail || t("underlay_failed"), { kind: "error", closable: true });
    }
    this.#draw();
  }

  #draw() {
    const matrix = this.underlays.matrix(this.underlays.find(this.id));
    const marks = this.points.map(({ pixel, place }) => ({
      type: "LineString",
      coordinates: [applied(matrix, pixel), place],
    }));
    const points = [...this.points.map(({ place }) => place), ...(this.waiting ? [applied(matrix, this.waiting)] : [])];
    this.editor.overlay.draft({ shapes: marks, points, measured: false, joined: false });
    this.editor.events.emit("bar");
    this.editor.events.emit("underlays");
  }
}
