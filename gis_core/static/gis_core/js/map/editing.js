// The life of edit sessions: adding, changing, conflicts, saving, and drafts that wait.

import { parse } from "./coords.js";
import { getJson, h, isTyping } from "./dom.js";
import { draftKey, drop, find } from "./drafts.js";
import { EditBar } from "./edit-bar.js";
import { bboxText } from "./filters.js";
import { bounds, union } from "./geometry.js";
import { EditSession } from "./session.js";
import { t } from "./text.js";

const MOST_NEIGHBOURS = 200;
const OUTLINES_FROM_ZOOM = 15;

export class Editing {
  /** `page` gives adapter, bar element, config, coordinates (the bar), layers, panel, projection, status and store. */
  constructor(page) {
    Object.assign(this, page);
    this.session = null;
    this.bar = new EditBar(page.barElement, page.projection, {
      reshape: () => this.session.reshape(),
      geometry: () => this.session.choose("geometry"),
      outline: () => this.session.choose("outline"),
      draw: () => this.session.draw("outline"),
      redraw: () => this.session.draw("outline"),
      part: () => this.session.draw("part"),
      hole: () => this.session.draw("hole"),
      clear: () => this.session.clear(),
      drawFreely: () => this.session.reshape(),
      members: () => this.session.chooseMembers(),
      lasso: () => this.session.lasso(),
      taking: () => this.session.takeAway(),
      fromMembers: () => this.session.fromMembers(),
      asPoint: () => this.session.drawAs("Point"),
      asLine: () => this.session.drawAs("LineString"),
      asArea: () => this.session.drawAs("Polygon"),
      undo: () => this.session.undo(),
      redo: () => this.session.redo(),
      centre: () => this.adapter.editor.placeAtCentre(),
      finish: () => this.session.finishShape(),
      finishDrawing: () => this.adapter.editor.finishDrawing(),
      finishLine: () => this.adapter.editor.finishDrawing(),
      cancelDrawing: () => this.session.cancelDrawing(),
      type: (text) => this.#typed(text),
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.body.addEventListener("record-saved", (event) => this.#saved(event.detail));
    this.panel.body.addEventListener("click", (event) => this.#clicked(event), true);
    window.addEventListener("beforeunload", (event) => {
      if (!this.session?.dirty) return;
      this.session.keepDraft();
      event.preventDefault();
    });
  }

  get active() {
    return this.session !== null;
  }

  /** A click on the map while a record is edited: where members are being chosen, one more or one less. */
  at(place) {
    if (this.session.choosing && !this.session.members.lassoing) this.session.members.at(place);
  }

  /** Begin a new record of a layer: its form in the panel, which begins with what is `given`; its place on the map. */
  add(layer, given = "") {
    this.leave();
    this.store.set({ selected: null });
    this.#showLayer(layer.id);
    this.#begin(layer, null);
    this.panel.load(given ? `${layer.urls.add}?${given}` : layer.urls.add);
  }

  edit(layer, id, wantsShape) {
    this.#begin(layer, id);
    this.session.wantsShape = wantsShape;
    this.panel.load(layer.urls.edit.replace("{id}", id));
  }

  #showLayer(id) {
    if (!this.store.state.layers.includes(id)) this.store.set({ layers: [...this.store.state.layers, id] });
  }

  #isNarrow() {
    return window.matchMedia("(max-width: 47.9em)").matches;
  }

  #begin(layer, id) {
    this.status.clear("draft");
    document.body.classList.add("editing");
    this.session = new EditSession(
      {
        ...this,
        // On a phone the map has no room while the form is unfolded.
        makeRoom: () => this.panel.fold(this.#isNarrow()),
        restart: (session) => this.#restart(session),
        showLayer: (id) => this.#showLayer(id),
        readShapes: (...args) => this.#readShapes(...args),
      },
      layer,
      id,
    );
  }

  /** A fragment arrived in the panel: a form opens or continues a session, anything else ends it. */
  arrived(section) {
    const { mode, layer: layerId } = section.dataset;
    const layer = this.layers.get(layerId);
    const id = section.dataset.id ? Number(section.dataset.id) : null;
    if (mode !== "conflict") this.#clearConflict();
    if (mode === "edit" || mode === "add") {
      if (this.session?.layer !== layer || this.session.id !== id) this.#begin(layer, id);
      this.session.attach(section);
    } else if (mode === "conflict") {
      this.#conflict(section);
    } else {
      this.#end();
    }
  }

  /** Leave what is being edited; unsaved work stays as a draft, and the user is told how to go on with it. */
  leave() {
    if (!this.session) return;
    const { dirty } = this.session;
    this.#end();
    if (dirty) this.offerDrafts();
  }

  #end() {
    this.session?.end();
    this.session = null;
    document.body.classList.remove("editing");
    this.adapter.overlays.set("selected", []);
  }

  #restart(session) {
    session.typed = false;
    session.ended = true;
    const { layer, id } = session;
    session.end();
    this.session = null;
    if (id) this.edit(layer, id, false);
    else this.add(layer);
  }

  /** Tell of drafts left by this user in this tab. */
  offerDrafts() {
    const prefix = draftKey(this.config.user, "", "").replace(/\.+$/, ".");
    const key = Object.keys(sessionStorage).find((name) => name.startsWith(prefix));
    const draft = key && find(sessionStorage, key);
    const layer = draft && this.layers.get(draft.layer);
    if (!layer) return;
    const what = draft.label || layer.singular;
    this.status.note("draft", t("draft_waits", { what }), {
      actions: [
        { label: t("draft_resume"), run: () => this.#resume(layer, draft.id) },
        { label: t("draft_discard"), run: () => this.#forget(key) },
      ],
    });
  }

  #resume(layer, id) {
    this.status.clear("draft");
    if (id) {
      this.store.set({ selected: { layer: layer.id, id } }, "push");
      this.edit(layer, id, false);
    } else this.add(layer);
  }

  #forget(key) {
    drop(sessionStorage, key);
    this.status.clear("draft");
  }

  #clicked(event) {
    const button = event.target.closest("[data-action]");
    if (!button) return;
    const section = button.closest(".panel");
    if (button.dataset.action === "edit-shape") {
      this.edit(this.layers.get(section.dataset.layer), Number(section.dataset.id), true);
    } else if (button.dataset.action === "cancel") {
      this.leave();
      if (!section.dataset.id) this.onCancelAdd();
    }
  }

  #saved({ layer: id, id: recordId }) {
    this.session?.dropDraft();
    if (this.session) this.session.ended = true;
    this.status.clear("draft");
    this.#clearConflict();
    this.onSaved(id, recordId);
  }

  /** Both shapes of a conflict: mine and what is stored now. */
  #conflict(section) {
    this.session?.keepDraft();
    this.adapter.editor.stop();
    this.bar.hide();
    const shapes = (text) => (text ? Object.values(JSON.parse(text)) : []);
    const mine = shapes(section.dataset.mine);
    const theirs = shapes(section.dataset.theirs);
    if (!mine.length && !theirs.length) return;
    this.adapter.overlays.set("selected", []);
    this.adapter.overlays.set("theirs", theirs);
    this.adapter.overlays.set("mine", mine);
    const key = (name) => h("li", { className: `key-${name}` }, t(`conflict_${name}`));
    section.querySelector("form").prepend(h("ul", { className: "conflict-key" }, key("mine"), key("theirs")));
    this.adapter.fit(union([...mine, ...theirs].map(bounds)));
  }

  #clearConflict() {
    this.adapter.overlays.set("mine", []);
    this.adapter.overlays.set("theirs", []);
  }

  #typed(text) {
    const place = parse(this.projection, this.coordinates.code, text);
    if (place) this.session.moveTo(place);
    else this.status.note("typed", t("place_not_understood"), { kind: "warning", seconds: 8 });
  }

  async #readShapes(layer, which, id) {
    const bbox = bboxText(this.adapter.bounds);
    if (!bbox || (which === "outline" && this.adapter.view.zoom < OUTLINES_FROM_ZOOM)) return [];
    const sources = which === "outline" ? [layer] : [layer, this.layers.get("areas")];
    const shapes = [];
    for (const source of new Set(sources)) {
      const query = new URLSearchParams({ bbox, limit: MOST_NEIGHBOURS });
      const { features } = await getJson(`${source.urls.items}?${query}`);
      for (const feature of features) {
        if (source === layer && feature.id === id) continue;
        shapes.push(source === layer && which === "outline" ? feature.properties[layer.outline] : feature.geometry);
      }
    }
    return shapes.filter(Boolean);
  }

  #key(event) {
    if (!this.session) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const typing = isTyping(event.target);
    if (command && !typing && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.session.redo();
      else this.session.undo();
    } else if (event.key === "Escape" && this.adapter.editor.drawing) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.session.cancelDrawing();
    } else if (event.key === "Escape" && this.session.members?.lassoing) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.session.lasso();
    } else if (event.key === "Enter" && !typing && this.adapter.element.contains(event.target)) {
      this.#enter(event);
    } else if (event.key === "Backspace" && !typing && this.adapter.editor.drawing) {
      event.preventDefault();
      this.session.undo();
    }
  }

  /** Enter puts a corner (or the point) in the map's middle; with Ctrl it finishes the ring or the shape. */
  #enter(event) {
    const { editor } = this.adapter;
    const { choosing, shaping } = this.session;
    if ((!shaping && !choosing) || event.target !== this.adapter.element) return;
    event.preventDefault();
    if (choosing) {
      if (event.ctrlKey || event.metaKey) this.session.finishShape();
      else this.session.members.at(this.adapter.view);
      return;
    }
    if (!(event.ctrlKey || event.metaKey)) {
      if (editor.drawing || this.session.kind === "Point") editor.placeAtCentre();
      else this.session.finishShape();
    } else if (editor.drawing) editor.finishDrawing();
    else this.session.finishShape();
  }
}
