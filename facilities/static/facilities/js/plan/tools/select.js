import { t } from "../../../../gis_core/js/map/text.js";
import { add, direction, distance, edges, middle, nearestOnSegment, ringsOf, scale } from "../geometry.js";
import { ends } from "../walls.js";
import { CornerDrag, OpeningDrag, OpeningEndDrag, shifted, ThingDrag, WallDrag } from "./drags.js";
import { Tool } from "./tool.js";

const NUDGE_M = 0.1;
const FAR_NUDGE_M = 1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
// Key presses that follow one another are one edit.
const TOGETHER_MS = 400;

export class SelectTool extends Tool {
  constructor(editor) {
    super(editor);
    this.dragging = null;
    this.nudged = null;
  }

  get edits() {
    return false;
  }

  end() {
    this.#flush();
  }

  bar() {
    const { only, canEdit, selection } = this.editor;
    if (!canEdit || !selection.length) return { hint: t(canEdit ? "hint_select" : "hint_look") };
    if (only?.kind === "units") return { hint: t("hint_room") };
    return {
      hint: t(only?.kind === "openings" ? "hint_opening" : selection.length > 1 ? "hint_several" : "hint_thing"),
    };
  }

  /** What a drag from a place would take hold of, or null. */
  #grip(place, event) {
    const { editor } = this;
    const reach = editor.reach(event);
    const { only } = editor;
    if (only?.kind === "units") {
      const grip = this.#gripOfRoom(only.part, place, reach);
      if (grip) return grip;
    }
    if (only?.kind === "openings") {
      const index = ends(only.part).findIndex((end) => distance(end, place) <= reach);
      if (index >= 0) return () => new OpeningEndDrag(editor, only.part, index);
    }
    const found = editor.state.at(editor.level, place, reach);
    if (!found || found.kind === "units") return null;
    // A finger that moves the view must not move what happens to lie under it.
    const isHeld = only?.part.key === found.part.key;
    if (event?.pointerType === "touch" && !isHeld) return null;
    if (found.kind === "openings") return () => new OpeningDrag(editor, found.part);
    return () => new ThingDrag(editor, found.kind, found.part, place);
  }

  #gripOfRoom(room, place, reach) {
    const { editor } = this;
    for (const ring of ringsOf(room.geometry)) {
      const corners = ring.slice(0, -1);
      const index = corners.findIndex((corner) => distance(corner, place) <= reach);
      if (index >= 0) {
        const neighbours = [corners.at(index - 1), corners[(index + 1) % corners.length]];
        return () => new CornerDrag(editor, corners[index], neighbours);
      }
    }
    const onDoor = editor.state.at(editor.level, place, reach)?.kind === "openings";
    const side = ringsOf(room.geometry)
      .flatMap(edges)
      .find(([a, b]) => nearestOnSegment(place, a, b).distance <= reach * 0.7);
    return side && !onDoor ? () => new WallDrag(editor, ...side) : null;
  }

  press(place, event) {
    if (!this.editor.canEdit) return false;
    const grip = this.#grip(place, event);
    if (grip) this.dragging = grip();
    return Boolean(grip);
  }

  drag(place, event) {
    this.dragging?.move(place, event);
  }

  drop(place, event) {
    this.dragging?.move(place, event);
    this.dragging?.drop();
    this.dragging = null;
  }

  cancel() {
    this.dragging = null;
    this.editor.overlay.draft(null);
    this.editor.overlay.snap(null);
  }

  move(place, event) {
    const { element } = this.editor.adapter;
    const grip = this.editor.canEdit && event.pointerType !== "touch" && this.#grip(place, event);
    element.classList.toggle("grips", Boolean(grip));
    element.classList.toggle("points", !grip && Boolean(this.editor.state.at(this.editor.level, place, 0)));
  }

  tap(place, event) {
    const { editor } = this;
    this.#flush();
    this.dragging = null;
    const found = editor.state.at(editor.level, place, editor.reach(event));
    const several = event?.shiftKey || event?.ctrlKey || event?.metaKey;
    if (!found) {
      if (!several) editor.select([]);
      return;
    }
    const one = { kind: found.kind, key: found.part.key };
    editor.select(several ? toggled(editor.selection, one) : [one]);
  }

  twice(place, event) {
    this.tap(place, event);
    this.editor.events.emit("edit-name");
  }

  enter() {
    this.tap(this.editor.adapter.centre, null);
  }

  escape() {
    if (!this.editor.selection.length) return false;
    this.editor.select([]);
    return true;
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (arrow && this.editor.canEdit && this.editor.only && this.editor.only.kind !== "units") {
      this.#nudge(scale(arrow, event.shiftKey ? FAR_NUDGE_M : NUDGE_M));
      return true;
    }
    if ((event.key === "Delete" || event.key === "Backspace") && this.editor.selection.length) {
      this.editor.remove();
      return true;
    }
    return false;
  }

  /** Move what is selected by the arrow keys: an opening only along its wall. */
  #nudge(by) {
    const { only } = this.editor;
    this.nudged ??= { ...only, by: [0, 0] };
    if (only.kind === "openings") {
      const [a, b] = ends(only.part);
      const along = direction(a, b);
      const part = along[0] * by[0] + along[1] * by[1];
      this.nudged.by = add(this.nudged.by, scale(along, part));
    } else this.nudged.by = add(this.nudged.by, by);
    this.editor.overlay.draft({ shapes: [shifted(only.part.geometry, this.nudged.by)] });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#flush(), TOGETHER_MS);
  }

  #flush() {
    clearTimeout(this.timer);
    const { nudged, editor } = this;
    this.nudged = null;
    if (!nudged) return;
    editor.overlay.draft(null);
    if (Math.hypot(...nudged.by) < 1e-6) return;
    const geometry = shifted(nudged.part.geometry, nudged.by);
    const { key } = nudged.part;
    const operation =
      nudged.kind === "openings"
        ? { op: "move_opening", key, at: middle(...ends({ geometry })) }
        : { op: "move", kind: nudged.kind, key, geometry };
    editor.edit([operation], { draft: geometry, name: t("edit_move") });
  }
}

function toggled(selection, one) {
  const rest = selection.filter(({ key }) => key !== one.key);
  return rest.length < selection.length ? rest : [...selection, one];
}
