// The editor: the plan, the level in sight, what is selected, the tool in hand, and the edits on their way.

import { t } from "../../../gis_core/js/map/text.js";
import { newToken, post } from "./api.js";
import { Events } from "./events.js";
import { boxOf, pointsOf } from "./geometry.js";
import { SendQueue } from "./queue.js";
import { gridStep, snap } from "./snapping.js";

// What is shown of a level on which there is nothing.
const EMPTY_LEVEL = [-2, -2, 28, 18];
const REACH_PIXELS = { mouse: 10, pen: 12, touch: 20 };

export class Editor {
  /** `page` gives adapter, config, overlay, settings, state, status, view and words. */
  constructor(page) {
    Object.assign(this, page);
    this.events = new Events();
    this.canEdit = this.config.can_edit && !this.config.plan.frozen;
    this.canUndo = false;
    this.canRedo = false;
    this.level = null;
    this.selection = [];
    this.seen = new Set();
    this.tool = null;
    this.tools = {};
    this.refusals = [];
    this.pictures = () => [];
    this.queue = new SendQueue({
      send: (job) => this.#send(job),
      newToken,
      answered: (answer, job) => this.#answered(answer, job),
      refused: (error, job) => this.events.emit("refused", { error, job }),
      changed: () => this.#queueChanged(),
    });
  }

  on(name, handler) {
    this.events.on(name, handler);
  }

  // --- levels

  setLevel(key) {
    if (!this.state.level(key) || key === this.level) return;
    this.tool?.escapeAll();
    this.level = key;
    this.select([]);
    this.#frame(key);
    this.view.show(key);
    this.events.emit("level", key);
  }

  /** Levels lie over one another, so the view stays; but a level seen for the first time must be in it. */
  #frame(key) {
    const extent = this.state.extent(key);
    if (this.seen.has(key) || !extent) return;
    this.seen.add(key);
    const [west, south, east, north] = this.adapter.box(0.05);
    const isInside = extent[0] >= west && extent[1] >= south && extent[2] <= east && extent[3] <= north;
    if (!isInside) this.fit();
  }

  stepLevel(by) {
    const index = this.state.levels.findIndex(({ key }) => key === this.level);
    const next = this.state.levels[index + by];
    if (next) this.setLevel(next.key);
  }

  /** Show the whole level, with the pictures under it. */
  fit() {
    const boxes = [this.state.extent(this.level), ...this.pictures()].filter(Boolean);
    const corners = boxes.flatMap(([west, south, east, north]) => [
      [west, south],
      [east, north],
    ]);
    this.adapter.fit(boxOf(corners) ?? EMPTY_LEVEL);
  }

  // --- selecting

  /** Select parts, [{kind, key}]. */
  select(parts, { reveal = false } = {}) {
    this.selection = parts.filter(({ kind, key }) => this.state.get(kind, key));
    // What a finding or a refusal lit up belongs to what was looked at before.
    this.overlay.highlight([]);
    const first = this.selection[0] && this.part(this.selection[0]);
    if (first && first.level !== this.level) {
      const kept = this.selection;
      this.setLevel(first.level);
      this.selection = kept;
    }
    this.#showSelection();
    if (reveal && first) this.adapter.reveal(boxOf(pointsOf(first.geometry)));
    this.events.emit("selection", this.selection);
  }

  part({ kind, key }) {
    return this.state.get(kind, key);
  }

  /** The one selected part with its kind, or null. */
  get only() {
    if (this.selection.length !== 1) return null;
    const part = this.part(this.selection[0]);
    return part ? { kind: this.selection[0].kind, part } : null;
  }

  #showSelection() {
    const { only } = this;
    const ring = only?.kind === "units" ? only.part.geometry.coordinates.flatMap((each) => each.slice(0, -1)) : [];
    const line = only?.kind === "openings" ? only.part.geometry.coordinates : [];
    this.overlay.select(this.selection, this.canEdit ? [...ring, ...line] : []);
  }

  // --- tools

  use(name) {
    const tool = this.tools[name];
    if (!tool || !this.level || (tool.edits && !this.canEdit)) return;
    this.tool?.end();
    this.tool = tool;
    this.overlay.draft(null);
    this.overlay.snap(null);
    tool.begin();
    this.events.emit("tool", tool);
  }

  /** How near counts as "on it", in metres. */
  reach(event) {
    return (REACH_PIXELS[event?.pointerType] ?? 10) / this.adapter.scale;
  }

  /** Snap a place as the settings have it; Alt suspends it for the moment. */
  snapped(place, event, { from = null, without = [], align = true } = {}) {
    const { state, level } = this;
    const off = !this.settings.snap || event?.altKey;
    const isOther = (corner) => !without.some((one) => one[0] === corner[0] && one[1] === corner[1]);
    const found = snap(place, {
      walls: off ? [] : state.walls(level).filter(([a, b]) => !without.length || (isOther(a) && isOther(b))),
      corners: off ? [] : state.corners(level).filter(isOther),
      grid: off || !this.settings.grid ? 0 : gridStep(this.adapter.scale),
      tolerance: off ? 0 : this.reach(event),
      align,
      from: off ? null : from,
    });
    this.overlay.snap(found);
    return found.point;
  }

  // --- edits

  /**
   * Send operations. `draft` is the shape shown until the server has answered, `done` what to do with the answer's
   * changes, `name` what the edit is called when it fails.
   */
  edit(operations, { draft = null, done = null, name = "" } = {}) {
    if (!this.canEdit) return;
    this.queue.push({ path: "edits", operations, draft, done, name, level: this.level });
  }

  undo() {
    if (this.canEdit) this.queue.push({ path: "undo", name: t("undo"), draft: null });
  }

  redo() {
    if (this.canEdit) this.queue.push({ path: "redo", name: t("redo"), draft: null });
  }

  /** Set attributes of parts of one kind. */
  set(kind, keys, attributes) {
    this.edit([{ op: "set", kind, keys, attributes }], { name: t("edit_set") });
  }

  remove() {
    const kinds = new Map();
    for (const { kind, key } of this.selection) kinds.set(kind, [...(kinds.get(kind) ?? []), key]);
    if (!kinds.size) return;
    // Doors first: a room cannot be gone while something still hangs on its walls.
    const operations = [...kinds.keys()].sort((a) => (a === "units" ? 1 : -1));
    this.edit(
      operations.map((kind) => ({ op: "remove", kind, keys: kinds.get(kind) })),
      { name: t("edit_remove") },
    );
  }

  #send(job) {
    const body = { version: this.state.version, token: job.token };
    if (job.operations) body.operations = job.operations;
    return post(this.config.urls[job.path], body);
  }

  #answered(answer, job) {
    const done = this.take(answer);
    job.done?.(done, answer);
    this.events.emit("answered", { answer, job });
  }

  /** Take in what the server says has changed. */
  take({ version, changes, can_undo: canUndo, can_redo: canRedo }) {
    const done = this.state.apply(changes ?? []);
    this.state.version = version ?? this.state.version;
    if (canUndo !== undefined) Object.assign(this, { canUndo, canRedo });
    this.view.changed(done);
    this.selection = this.selection.filter(({ kind, key }) => this.state.get(kind, key));
    this.#showSelection();
    this.events.emit("document", done);
    return done;
  }

  /** Put the whole plan in place of what is known. */
  reload(answer) {
    this.state.load(answer);
    Object.assign(this, { canUndo: answer.can_undo ?? false, canRedo: answer.can_redo ?? false });
    if (!this.state.level(this.level)) this.level = this.state.levels[0]?.key ?? null;
    this.view.show(this.level);
    this.select(this.selection);
    this.events.emit("document", []);
  }

  #queueChanged() {
    this.showDrafts();
    this.events.emit("queue", this.queue);
  }

  /** Shapes that wait for the server, and those it refused. */
  showDrafts() {
    const here = ({ level }) => level === this.level;
    const waiting = this.queue.jobs.filter(here).map(({ draft }) => ({ geometry: draft }));
    const refused = this.refusals.filter(here).map(({ draft }) => ({ geometry: draft, refused: true }));
    this.overlay.pending([...waiting, ...refused]);
  }
}
