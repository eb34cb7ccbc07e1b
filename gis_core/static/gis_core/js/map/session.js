// One record being added or changed: its form in the panel, its shapes on the map, undo, and the draft that outlives
// a closed panel, a lost network and a reloaded page.

import { debounce, getJson } from "./dom.js";
import { draftKey, drop, find, keep } from "./drafts.js";
import { addHole, addPart, asType, bounds, drawnKind, equals, moved } from "./geometry.js";
import { canRedo, canUndo, push, redo, start, undo } from "./history.js";
import { Members } from "./members.js";
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
    this.choosing = false;
    this.members = null;
    this.typed = false;
    this.keepSoon = debounce(() => this.keepDraft(), 400);
  }

  get shape() {
    return this.history.present;
  }

  get dirty() {
    return this.typed || !equals(this.shape, this.original);
  }

  /** What is drawn: "Point", "LineString" or "Polygon". Where a layer takes all three, the person has the choice. */
  get kind() {
    if (this.which === "outline") return "Polygon";
    if (!this.takesAnyShape) return drawnKind(this.layer.geometryType);
    return this.chosenKind ?? drawnKind(this.shape.geometry?.type) ?? "Point";
  }

  get takesAnyShape() {
    return this.layer.geometryType === "Geometry";
  }

  /** The shape that is changed, as far as it is of the kind that is drawn. */
  get drawable() {
    const shape = this.shape[this.which];
    return drawnKind(shape?.type) === this.kind ? shape : null;
  }

  /** Take over a form that arrived in the panel: a new one, or the same one sent back with errors. */
  async attach(section) {
    const first = !this.form;
    this.form = new RecordForm(section.querySelector("form"), {
      onFields: () => this.#fieldTyped(),
      onTyped: (place) => this.#typedPlace(place),
    });
    this.#findMembers(section);
    if (!first) {
      this.form.write(this.shape, this.original);
      this.#refresh();
      return;
    }
    if (this.id) await this.#readOriginal();
    this.#restoreDraft();
    this.#refresh();
    if (this.id && !this.wantsShape) return;
    if (this.members && !this.members.isDrawn && equals(this.shape, this.original)) this.chooseMembers();
    else this.reshape();
  }

  /** Some records are made of members: their form lists them, and the map lets them be chosen. */
  #findMembers(section) {
    if (!Members.in(section)) return;
    const refresh = () => this.#refresh();
    this.members = new Members(section, this.page, { onChange: refresh, onSummary: refresh });
    if (this.choosing) this.members.show();
  }

  /** Begin to choose members on the map. */
  chooseMembers() {
    const { adapter } = this.page;
    this.cancelDrawing();
    adapter.editor.stop();
    this.#setShaping(false);
    this.#setChoosing(true);
    this.page.makeRoom();
    this.page.showLayer(this.members.layer);
    if (this.id) adapter.tiles.hide({ layer: this.layer.id, id: this.id });
    adapter.overlays.set("selected", []);
    this.members.show();
    this.#refresh();
  }

  #setChoosing(choosing) {
    if (this.choosing && !choosing) this.members.stop();
    this.choosing = choosing;
    document.body.classList.toggle("choosing", choosing);
  }

  lasso() {
    this.members.lasso();
    this.#refresh();
  }

  takeAway() {
    this.members.isTaking = !this.members.isTaking;
    this.#refresh();
  }

  /** Give up a drawn extent: the members' own is taken when it is saved. */
  fromMembers() {
    this.#change({ ...this.shape, geometry: null });
    this.chooseMembers();
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
    this.#setChoosing(false);
    this.#setShaping(true);
    this.page.makeRoom();
    if (this.id) adapter.tiles.hide({ layer: this.layer.id, id: this.id });
    this.#edit();
    if (this.kind !== "Point" && !this.drawable) this.draw("outline");
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

  /** Draw as another kind of shape; the one there is stays until the new one is finished. */
  drawAs(kind) {
    this.chosenKind = kind;
    this.reshape();
  }

  #edit() {
    const { adapter, bar } = this.page;
    adapter.editor.edit(this.kind, this.drawable, {
      onChange: (geometry) => this.#change({ ...this.shape, [this.which]: this.#typedAs(geometry) }, true),
      onPreview: (geometry) => bar.read(geometry),
    });
    this.#showOther();
  }

  /** The shape that is not being changed just now, for orientation. */
  #showOther() {
    const other = this.which === "geometry" ? this.shape.outline : this.shape.geometry;
    const replaced = this.drawable ? null : this.shape[this.which];
    this.page.adapter.overlays.set("selected", [other, replaced]);
  }

  #typedAs(geometry) {
    const type = this.which === "outline" || this.takesAnyShape ? "Polygon" : this.layer.geometryType;
    return asType(geometry, type);
  }

  /** A new state of the shapes. `fromMap` says that the map shows it already. */
  #change(shape, fromMap = false) {
    if (equals(shape, this.shape)) return;
    this.history = push(this.history, shape);
    this.#changed(fromMap);
  }

  #changed(fromMap) {
    if (!fromMap && this.shaping) this.#showShape();
    if (this.shaping) this.#showOther();
    this.form.write(this.shape, this.original);
    this.keepSoon();
    this.#refresh();
  }

  /** Show the shape to be changed; an undo may have brought back one of another kind. */
  #showShape() {
    const kind = this.takesAnyShape && drawnKind(this.shape.geometry?.type);
    if (kind && kind !== this.page.adapter.editor.kind) {
      this.chosenKind = kind;
      this.#edit();
    } else this.page.adapter.editor.show(this.drawable);
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

  /** Draw a line, or a ring: the "outline" anew, one more "part", or a "hole". */
  draw(purpose) {
    const { adapter } = this.page;
    this.purpose = purpose;
    adapter.editor.draw((corners) => this.#drawn(corners));
    this.#refresh();
  }

  #drawn(ring) {
    const before = this.shape[this.which];
    const { purpose } = this;
    this.purpose = null;
    let after =
      this.kind === "LineString" ? { type: this.kind, coordinates: ring } : { type: "Polygon", coordinates: [ring] };
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
    if (this.kind !== "Point") this.draw("outline");
  }

  #typedPlace(place) {
    this.cancelDrawing();
    this.chosenKind = "Point";
    this.#change({ ...this.shape, geometry: { type: "Point", coordinates: place } });
  }

  /** Move the point to typed coordinates, as [lng, lat]. */
  moveTo(place) {
    this.#typedPlace(place);
    if (!this.page.adapter.contains(place)) this.page.adapter.fit([...place, ...place]);
  }

  /** Stop changing the shape; the form stays. */
  finishShape() {
    const { adapter } = this.page;
    adapter.editor.stop();
    this.#setShaping(false);
    this.#setChoosing(false);
    adapter.overlays.set("selected", [this.shape.geometry, this.shape.outline]);
    this.#refresh();
    this.page.panel.fold(false);
    this.form.save.focus();
  }

  /** Shapes nearby to snap to: only those in view, and only when there are few enough. */
  async readNeighbours() {
    const { adapter } = this.page;
    if (!this.shaping || this.kind === "Point") return;
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
    this.#setChoosing(false);
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
    const shape = this.drawable;
    const shown = this.#buttons(drawing, shape);
    const disabled = [];
    if (!drawing && !canUndo(this.history)) disabled.push("undo");
    if (!canRedo(this.history)) disabled.push("redo");
    const point = this.shaping && this.kind === "Point";
    const { choosing, members, kind, which } = this;
    const pressed = [members?.lassoing && "lasso", members?.isTaking && "taking"];
    bar.show({ shown, disabled, which, kind, hint: this.#hint(drawing, shape), point, areas: choosing, pressed });
    if (choosing) bar.tell(members.summary);
    else bar.read(shape);
  }

  #buttons(drawing, shape) {
    if (this.choosing) return ["lasso", "taking", "drawFreely", "finish"];
    const members = this.members ? ["members"] : [];
    if (!this.shaping) return this.members?.isDrawn === false ? ["members", "drawFreely"] : [...members, "reshape"];
    const kinds = this.takesAnyShape ? ["asPoint", "asLine", "asArea"] : [];
    const isLine = this.kind === "LineString";
    if (drawing) return [...kinds, "centre", "undo", isLine ? "finishLine" : "finishDrawing", "cancelDrawing"];
    const shown = [...kinds, ...members, "undo", "redo", "finish"];
    if (this.members && shape) shown.push("fromMembers");
    if (this.layer.outline) shown.push("geometry", "outline");
    if (this.kind === "Point") return [...shown, "centre"];
    shown.push(shape ? "redraw" : "draw");
    if (isLine) return shown;
    if (shape) shown.push("hole");
    if (shape && (this.takesAnyShape || this.layer.geometryType === "MultiPolygon")) shown.push("part");
    if (shape && this.which === "outline") shown.push("clear");
    return shown;
  }

  #hint(drawing, shape) {
    if (this.choosing) return t(this.members.lassoing ? "hint_lasso" : "hint_members");
    if (!this.shaping) return t("hint_form");
    if (drawing && this.purpose === "hole") return t("hint_hole");
    if (!drawing && this.kind === "Point") return t(shape ? "hint_point_move" : "hint_point_place");
    if (!drawing && shape) return t("hint_corners");
    return t(this.kind === "LineString" ? "hint_draw_line" : "hint_draw");
  }
}
