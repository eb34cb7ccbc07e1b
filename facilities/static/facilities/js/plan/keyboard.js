// Single keys on the canvas; the help dialog lists them.

import { isTyping } from "../../../gis_core/js/map/dom.js";
import { KEYS } from "./tools/index.js";

const PAN_PIXELS = 80;
const PANS = {
  ArrowLeft: [-PAN_PIXELS, 0],
  ArrowRight: [PAN_PIXELS, 0],
  ArrowUp: [0, -PAN_PIXELS],
  ArrowDown: [0, PAN_PIXELS],
};

export class Keyboard {
  /** `actions`: help(). `pointer` is told of the space bar, `bar` of digits. */
  constructor(editor, pointer, bar, actions) {
    Object.assign(this, { editor, pointer, bar, actions });
    document.addEventListener("keydown", (event) => this.#down(event));
    document.addEventListener("keyup", (event) => {
      if (event.key === " ") pointer.space = false;
    });
  }

  #down(event) {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const handled = event.ctrlKey || event.metaKey ? this.#command(event) : !event.altKey && this.#key(event);
    if (handled) event.preventDefault();
  }

  #command(event) {
    const key = event.key.toLowerCase();
    if (key === "y" || (key === "z" && event.shiftKey)) this.editor.redo();
    else if (key === "z") this.editor.undo();
    else return false;
    return true;
  }

  #key(event) {
    const { editor } = this;
    const { key } = event;
    if (key === "Escape") return this.#escape();
    if (key === "PageUp" || key === "PageDown") {
      editor.stepLevel(key === "PageUp" ? 1 : -1);
      return true;
    }
    if (key === "?") {
      this.actions.help();
      return true;
    }
    const onControl = event.target.closest("button, a, summary, [role=tab], [tabindex]") && !this.#onCanvas(event);
    if (onControl && (key === "Enter" || key === " " || key.startsWith("Arrow") || key === "Home")) return false;
    return editor.tool?.key(event) || this.#view(key) || this.#tool(event);
  }

  #onCanvas(event) {
    return event.target === this.editor.adapter.element;
  }

  #view(key) {
    const { adapter } = this.editor;
    if (PANS[key]) adapter.panBy(PANS[key]);
    else if (key === "+" || key === "=") adapter.zoomBy(0.5);
    else if (key === "-") adapter.zoomBy(-0.5);
    else if (key === "Home") this.editor.fit();
    else if (key === " ") this.pointer.space = true;
    else return false;
    return true;
  }

  #tool(event) {
    const { editor } = this;
    if (event.key === "Enter") {
      editor.tool?.enter();
      return true;
    }
    if (/^[\d.]$/.test(event.key)) return this.bar.typeInto(event.key);
    const name = KEYS[event.key.toLowerCase()];
    // Letters are for the canvas and the tools; in the panels they may belong to a screen reader.
    if (!name || event.shiftKey || event.target.closest("#plan-panels, .bar")) return false;
    editor.use(name);
    return true;
  }

  /** Esc steps back: the drawing, then the tool, then the selection. */
  #escape() {
    const { editor } = this;
    if (editor.tool?.escape()) return true;
    if (editor.tool !== editor.tools.select) editor.use("select");
    else editor.select([]);
    return true;
  }
}
