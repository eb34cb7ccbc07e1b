// One record being added or changed: its form in the panel, its shapes on the map, undo, and the draft that outlives
// a closed panel, a lost network and a reloaded page.

import { debounce, getJson } from "./dom.js";
import { draftKey, drop, find, keep } from "./drafts.js";
import { addHole, addPart, asType, bounds, equals, moved } from "./geometry.js";
import { canRedo, canUndo, push, redo, start, undo } from "./history.js";
import { RecordForm } from "./record-form.js";
import { t } from "./text.js";

const STORAGE = "EPSG:5179";
const STORAGE_URI = "http://www.opengis.net/def/crs/EPSG/0/5179";
const NOTHING = { geometry: null, outline: null };

export class EditSession {
  /** `page` gives adapter, bar, config, panel, status and `onEnd`. */
  constructor(page, layer, id) {
    Object.assign(this, { page, layer, id });
    this.key = draftKey(page.config.user, layer.id, id);
    this.original = NOTHING;
    this.history = start(NOTHING);
    this.which = "geometry";
    this.shaping = false;
    this.typed = false;
    this.keepSoon = debounce(() => this.keepDraft(), 400);
  }

  get shape() {
    return this.history.present;
  }

  get dirty() {
    return this.typed || !equals(this.shape, this.original);
  }

  get kind() {
    return this.which === "outline" || this.layer.geometryType !== "Point" ? "Polygon" : "Point";
  }

  /** Take over a form that arrived in the panel: a new one, or the same one sent back with errors. */
  async attach(section) {
    const first = !this.form;
    this.form = new RecordForm(section.querySelector("form"), {
      onFields: () => this.#fieldTyped(),
      onTyped: (place) => this.#change({ ...this.shape, geometry: { type: "Point", coordinates: place } }),
    });
    if (!first) {
      this.form.write(this.shape, this.original);
      this.#refresh();
      return;
    }
    if (this.id) await this.#readOriginal();
    this.#restoreDraft();
    this.#refresh();
    if (!this.id || this.wantsShape) this.reshape();
  }

  /** Read the shapes in the system they are stored in: untouched corners then stay where they are, to the millimetre. */
  async #readOriginal() {
    try {
      const url = `${this.layer.urls.item.replace("{id}", this.id)}?${new URLSearchParams({ crs: STORAGE_URI })}`;
      const feature = await getJson(url, { cache: "no-store" });
      // This system's registry has north before east.
      const degrees = ([north, east]) => this.page.projection.inverse(STORAGE, [east, north]);
      const outline = feature.properties[this.layer.outline] ?? null;
      this.original = { geometry: moved(feature.geometry, degrees), outline: moved(outline, degrees) };
      this.history = start(this.original);
    } catch {
      this.page.panel.message(t("shape_not_read"), {
        kind: "warning",
        actions: [{ label: t("try_again"), run: () => this.#readOriginal().then(() => this.#refresh()) }],
      });
    }
  }

  #restoreDraft() {
    const draft = find(sessionStorage, this.key);
    if (!draft) return;
    this.form.fill(draft.fields);
    this.history = push(this.history, draft.shape);
    this.typed = true;
    this.form.write(this.shape, this.original);
    const time = new Date(draft.saved).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    this.page.panel.message(t("draft_restored", { time }), {
      kind: "information",
      actions: [{ label: t("draft_discard"), run: () => this.#discardDraft() }],
    });
  }

  #discardDraft() {
    drop(sessionStorage, this.key);
    this.page.restart(this);
  }

  keepDraft() {
    if (!this.dirty || this.ended) return;
    keep(sessionStorage, this.key, {
      layer: this.layer.id,
      id: this.id,
      label: this.form.label,
      fields: this.form.fields,
      shape: this.shape,
    });
  }

  dropDraft() {
    drop(sessionStorage, this.key);
  }

  #fieldTyped() {
    this.typed = true;
    this.keepSoon();
  }

  /** Begin to change the shape on the map, or go on with it. */
  reshape() {
    const { adapter } = this.page;
    this.#setShaping(true);
    this.page.makeRoom();
    if (this.id) adapter.tiles.hide({ layer: this.layer.id, id: this.id });
    this.#edit();
    if (this.kind === "Polygon" && !this.shape[this.which]) this.draw("outline");
    this.readNeighbours();
    this.#refresh();
    const box = bounds(this.shape.geometry ?? this.shape.outline);
    if (box && this.id && !adapter.isWorkable(box)) adapter.fit(box);
  }

  /** Remembered on the page too: styles and the map's edges depend on it. */
  #setShaping(shaping) {
    this.shaping = shaping;
    document.body.classList.toggle("shaping", shaping);
  }

  choose(which) {
    this.which = which;
    this.reshape();
  }

  #edit() {
    const { adapter, bar } = this.page;
    adapter.editor.edit(this.kind, this.shape[this.which], {
      onChange: (geometry) => this.#change({ ...this.shape, [this.which]: this.#typedAs(geometry) }, true),
      onPreview: (geometry) => bar.read(geometry),
    });
    this.#showOther();
  }

  /** The shape that is not being changed just now, for orientation. */
  #showOther() {
    const other = this.which === "geometry" ? this.shape.outline : this.shape.geometry;
    this.page.adapter.overlays.set("selected", [other]);
  }

  #typedAs(geometry) {
    const type = this.which === "outline" ? "Polygon" : this.layer.geometryType;
    return asType(geometry, type);
  }

  /** A new state of the shapes. `fromMap` says that the map shows it already. */
  #change(shape, fromMap = false) {
    if (equals(shape, this.shape)) return;
    this.history = push(this.history, shape);
    this.#changed(fromMap);
  }

  #changed(fromMap) {
    if (this.shaping) this.#showOther();
    if (!fromMap && this.shaping) this.page.adapter.editor.show(this.shape[this.which]);
    this.form.write(this.shape, this.original);
    this.keepSoon();
    this.#refresh();
  }

  undo() {
    const { editor } = this.page.adapter;
    if (editor.drawing) editor.removeLastCorner();
    else if (canUndo(this.history)) {
      this.history = undo(this.history);
      this.#changed(false);
    }
  }

  redo() {
    if (this.page.adapter.editor.drawing || !canRedo(this.history)) return;
    this.history = redo(this.history);
    this.#changed(false);
  }

  /** Draw a ring: the "outline" anew, one more "part", or a "hole". */
  draw(purpose) {
    const { adapter } = this.page;
    this.purpose = purpose;
    adapter.editor.draw((ring) => this.#drawn(ring));
    this.#refresh();
  }

  #drawn(ring) {
    const before = this.shape[this.which];
    const { purpose } = this;
    this.purpose = null;
    let after = { type: "Polygon", coordinates: [ring] };
    if (purpose === "hole") after = addHole(before, ring);
    if (purpose === "part") after = addPart(before, ring);
    if (after) this.#change({ ...this.shape, [this.which]: this.#typedAs(after) });
    else this.page.status.note("hole", t("hole_refused"), { kind: "warning", seconds: 8 });
    this.#refresh();
  }

  cancelDrawing() {
    this.purpose = null;
    const cancelled = this.page.adapter.editor.cancelDrawing();
    this.#refresh();
    return cancelled;
  }

  clear() {
    this.#change({ ...this.shape, [this.which]: null });
    if (this.kind === "Polygon") this.draw("outline");
  }

  /** Move the point to typed coordinates, as [lng, lat]. */
  moveTo(place) {
    this.#change({ ...this.shape, geometry: { type: "Point", coordinates: place } });
    if (!this.page.adapter.contains(place)) this.page.adapter.fit([...place, ...place]);
  }

  /** Stop changing the shape; the form stays. */
  finishShape() {
    const { adapter } = this.page;
    adapter.editor.stop();
    this.#setShaping(false);
    adapter.overlays.set("selected", [this.shape.geometry, this.shape.outline]);
    this.#refresh();
    this.page.panel.fold(false);
    this.form.save.focus();
  }

  /** Shapes nearby to snap to: only those in view, and only when there are few enough. */
  async readNeighbours() {
    const { adapter } = this.page;
    if (!this.shaping || this.kind !== "Polygon") return;
    try {
      const found = await this.page.readShapes(this.layer, this.which, this.id);
      if (this.shaping) adapter.editor.setNeighbours(found);
    } catch {
      adapter.editor.setNeighbours([]);
    }
  }

  /** Leave the map as it was. What is unsaved is in the draft already. */
  end() {
    this.keepDraft();
    this.#setShaping(false);
    this.ended = true;
    const { adapter, bar } = this.page;
    adapter.editor.stop();
    adapter.tiles.hide(null);
    bar.hide();
  }

  #refresh() {
    if (this.ended) return;
    const { adapter, bar } = this.page;
    const drawing = adapter.editor.drawing;
    const shape = this.shape[this.which];
    const shown = this.#buttons(drawing, shape);
    const disabled = [];
    if (!drawing && !canUndo(this.history)) disabled.push("undo");
    if (!canRedo(this.history)) disabled.push("redo");
    const point = this.shaping && this.kind === "Point";
    bar.show({ shown, disabled, which: this.which, hint: this.#hint(drawing, shape), point });
    bar.read(shape);
  }

  #buttons(drawing, shape) {
    if (!this.shaping) return ["reshape"];
    if (drawing) return ["centre", "undo", "finishDrawing", "cancelDrawing"];
    const shown = ["undo", "redo", "finish"];
    if (this.layer.outline) shown.push("geometry", "outline");
    if (this.kind === "Point") return [...shown, "centre"];
    shown.push(shape ? "redraw" : "draw");
    if (shape) shown.push("hole");
    if (shape && this.layer.geometryType === "MultiPolygon") shown.push("part");
    if (shape && this.which === "outline") shown.push("clear");
    return shown;
  }

  #hint(drawing, shape) {
    if (!this.shaping) return t("hint_form");
    if (drawing) return t(this.purpose === "hole" ? "hint_hole" : "hint_draw");
    if (this.kind === "Point") return t(shape ? "hint_point_move" : "hint_point_place");
    return t(shape ? "hint_corners" : "hint_draw");
  }
}
