// The checks of a plan: asked for after every edit, told to the panels, and drawn on the plan as they appear.

import { debounce, svg } from "../../../gis_core/js/map/dom.js";
import { get } from "./api.js";
import { pathData } from "./draw/paths.js";
import { area } from "./geometry.js";

const QUIET_MS = 500;
// A gap larger than this is rather a part of the level that nobody has drawn yet.
const VAST_M2 = 5;

export class Checks {
  constructor(editor) {
    this.editor = editor;
    this.found = null;
    this.failed = false;
    this.ask = debounce(() => this.#ask(), QUIET_MS);
    editor.on("document", () => this.ask());
    editor.on("level", () => this.draw());
  }

  async #ask() {
    const { editor } = this;
    if (editor.queue.size) return;
    try {
      const found = await get(editor.config.urls.checks);
      // An edit made while this was on its way will ask again.
      if (found.version < editor.state.version) return;
      this.found = found;
      this.failed = false;
      if (found.version > editor.state.version) editor.events.emit("behind");
    } catch {
      this.failed = true;
    }
    this.draw();
    editor.events.emit("checks", this);
  }

  get coverage() {
    return this.found?.coverage ?? [];
  }

  get circulation() {
    return this.found?.circulation?.findings ?? [];
  }

  /** What was found about one part, [{severity, text}]. */
  about(key) {
    return [...this.coverage, ...this.circulation].filter(({ keys }) => keys.includes(key));
  }

  /** Gaps and lonely doors of the level in sight. */
  draw() {
    const { editor } = this;
    const here = this.coverage.filter(({ level, severity }) => level === editor.level && severity !== "note");
    const openings = this.coverage.flatMap(({ keys }) => keys).filter((key) => editor.state.parts.openings.has(key));
    editor.view.setLonely(new Set(openings));
    const shapes = here
      .filter(({ geometry }) => /Polygon/.test(geometry?.type ?? ""))
      .flatMap(({ geometry, severity }) => {
        const d = pathData(geometry);
        return [
          svg("path", {
            d,
            class: `finding ${severity}${area(geometry) > VAST_M2 ? " vast" : ""}`,
            fill: "url(#plan-gap)",
          }),
          svg("path", { d, class: `finding-edge ${severity}` }),
        ];
      });
    editor.adapter.layers.findings.replaceChildren(...shapes);
  }
}
