// What every tool of the editor can do; each overrides what it needs.

import { t } from "../../../../gis_core/js/map/text.js";
import { numberWanted } from "../words.js";

export class Tool {
  constructor(editor) {
    this.editor = editor;
  }

  /** Whether the tool changes the plan, and so is not for those who only look. */
  get edits() {
    return true;
  }

  begin() {}

  end() {}

  /** {hint, fields: [{name, label, value, wrong, type, options}], actions: [{name, label, run, primary}], measure}. */
  bar() {
    return { hint: "" };
  }

  /** A field of the bar was changed. */
  typed(_name, _value) {}

  /** Enter was pressed, in a field or on the canvas. */
  enter() {}

  /** Whether a typed figure cannot be taken; it is said which, and its field has the keyboard again. */
  stopsAt(figures) {
    const { wrong } = figures;
    if (!wrong) return false;
    const limits = figures.limits[wrong];
    this.editor.status.note("figure", numberWanted(t(limits.label), limits), { kind: "warning", seconds: 8 });
    this.editor.events.emit("bar");
    this.editor.events.emit("focus-field", wrong);
    return true;
  }

  /** Step back by one; answers whether there was something to step back from. */
  escape() {
    return false;
  }

  escapeAll() {
    while (this.escape());
  }

  /** A key on the canvas; answers whether it was the tool's. */
  key(_event) {
    return false;
  }

  // The pointer, see pointer.js.
  move(_place, _event) {}

  press(_place, _event) {
    return false;
  }

  drag(_place, _event) {}

  drop(_place, _event) {}

  tap(_place, _event) {}

  twice(place, event) {
    this.tap(place, event);
  }

  cancel() {}

  leave() {
    this.editor.overlay.snap(null);
  }
}
