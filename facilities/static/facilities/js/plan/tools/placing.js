// Tools that put something down with one click: doors and gaps on a wall, marks anywhere.

import { t } from "../../../../gis_core/js/map/text.js";
import { ghostOpening } from "../draw/openings.js";
import { line, point } from "../geometry.js";
import { plain, typedNumber } from "../numbers.js";
import { standOnWall } from "../walls.js";
import { Tool } from "./tool.js";

const WIDTHS = { door: 0.9, gap: 1.2 };
const NARROWEST_M = 0.3;
const WIDEST_M = 20;
// How far from a wall a click still means it (pixels).
const WALL_PIXELS = 28;

export class OpeningTool extends Tool {
  constructor(editor, kind) {
    super(editor);
    this.kind = kind;
    this.width = WIDTHS[kind];
    this.entrance = false;
    this.found = null;
  }

  end() {
    this.#show(null);
  }

  bar() {
    return {
      hint: t(this.kind === "door" ? "hint_door" : "hint_gap"),
      fields: [
        { name: "width", label: t("width_opening"), unit: "m", value: plain(this.width) },
        { name: "entrance", label: t("entrance"), type: "checkbox", value: this.entrance },
      ],
      first: "width",
    };
  }

  typed(name, value) {
    if (name === "entrance") this.entrance = value;
    const width = typedNumber(value);
    if (name === "width" && width >= NARROWEST_M && width <= WIDEST_M) this.width = width;
    if (this.at) this.#show(this.#find(this.at, null));
  }

  #find(place, event) {
    const { editor } = this;
    const far = WALL_PIXELS / editor.adapter.scale;
    const stepped = editor.settings.snap && !event?.altKey;
    return standOnWall(place, editor.state.walls(editor.level), this.width, far, stepped);
  }

  #show(found) {
    this.found = found;
    if (!found) {
      this.editor.overlay.draft(null);
      return;
    }
    const { ends, wall } = found;
    this.editor.overlay.draft({ points: [wall[0], ...ends, wall[1]], ghosts: [ghostOpening(...ends, this.kind)] });
  }

  move(place, event) {
    this.at = place;
    this.#show(this.#find(place, event));
  }

  leave() {
    this.#show(null);
  }

  tap(place, event) {
    const found = this.#find(place, event);
    this.#show(null);
    if (!found) {
      this.editor.status.note("tool", t("no_wall_here"), { kind: "warning", seconds: 5 });
      return;
    }
    const { level } = this.editor;
    const attributes = { kind: this.kind, entrance: this.entrance };
    this.editor.edit([{ op: "place_opening", level, at: found.at, width: this.width, attributes }], {
      draft: line(found.ends),
      name: t(this.kind === "door" ? "tool_door" : "tool_gap"),
      done: (changes) => this.editor.events.emit("made", { changes }),
    });
  }

  enter() {
    this.tap(this.editor.adapter.centre, null);
  }

  escape() {
    return false;
  }
}

export class AmenityTool extends Tool {
  constructor(editor) {
    super(editor);
    this.category = "information";
  }

  bar() {
    const options = this.editor.config.amenity_categories;
    return {
      hint: t("hint_amenity"),
      fields: [{ name: "category", label: t("category"), type: "select", options, value: this.category }],
    };
  }

  typed(name, value) {
    if (name === "category") this.category = value;
  }

  move(place, event) {
    this.editor.snapped(place, event);
  }

  tap(place, event) {
    const geometry = point(this.editor.snapped(place, event));
    const { level } = this.editor;
    const attributes = { category: this.category };
    this.editor.edit([{ op: "place", kind: "amenities", level, geometry, attributes }], {
      draft: geometry,
      name: t("tool_amenity"),
      done: (changes) => this.editor.events.emit("made", { changes }),
    });
  }

  enter() {
    this.tap(this.editor.adapter.centre, null);
  }
}
