// The page's own buttons: tools, undo, view settings, help, copying a level; and what waits for the server.

import { byId, h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/map/text.js";
import { post } from "./api.js";
import { edges, lengthOf, ringsOf } from "./geometry.js";
import { Unsent } from "./unsent.js";
import { counted, metres } from "./words.js";

const BAR_PIXELS = 120;

export class Controls {
  constructor(editor, underlays) {
    Object.assign(this, { editor, underlays });
    this.unsent = new Unsent(sessionStorage, editor.config.user, editor.config.plan.id);
    this.tools = [...document.querySelectorAll("[data-tool]")];
    this.#buttons();
    this.#settings();
    this.#copying();
    editor.on("tool", () => this.#showTool());
    for (const name of ["document", "queue", "answered", "locked"]) editor.on(name, () => this.#showState());
    editor.on("queue", (queue) => this.#queue(queue));
    editor.on("outline", (geometry) => this.#outline(geometry));
    editor.on("measured", (points) => this.#measured(points));
    editor.on("answered", ({ answer }) => this.#notes(answer));
    editor.on("locked", () => {
      editor.canEdit = false;
      editor.use("select");
    });
    window.addEventListener("online", () => editor.queue.retry());
    window.addEventListener("beforeunload", (event) => {
      if (editor.queue.size || editor.refusals.length) event.preventDefault();
    });
  }

  #buttons() {
    const { editor } = this;
    for (const button of this.tools) button.addEventListener("click", () => this.#take(button.dataset.tool));
    byId("plan-undo")?.addEventListener("click", () => editor.undo());
    byId("plan-redo")?.addEventListener("click", () => editor.redo());
    byId("plan-zoom-in").addEventListener("click", () => editor.adapter.zoomBy(0.5));
    byId("plan-zoom-out").addEventListener("click", () => editor.adapter.zoomBy(-0.5));
    byId("plan-fit").addEventListener("click", () => editor.fit());
    byId("plan-help-open").addEventListener("click", () => byId("plan-help").showModal());
    byId("plan-fold").addEventListener("click", () => {
      const folded = !document.body.classList.contains("plan-folded");
      document.body.classList.toggle("plan-folded", folded);
      byId("plan-fold").setAttribute("aria-expanded", String(!folded));
    });
    for (const button of document.querySelectorAll("dialog [data-close]")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
  }

  #take(name) {
    const { editor } = this;
    if (name === "underlay") {
      document.querySelector("[data-panel-tab=underlays]").click();
      return;
    }
    editor.use(name);
    editor.adapter.element.focus({ preventScroll: true });
  }

  #settings() {
    const { editor } = this;
    const { settings, view } = editor;
    const change = (name, value) => {
      settings[name] = value;
      view.redraw();
      this.#legend();
    };
    for (const input of document.querySelectorAll("[name=colour-by]")) {
      input.addEventListener("change", () => change("colourBy", input.value));
    }
    for (const name of ["grid", "snap"]) {
      byId(`plan-${name}`).addEventListener("change", (event) => change(name, event.target.checked));
    }
    for (const name of ["document", "level"]) editor.on(name, () => this.#legend());
  }

  /** What the colours in sight mean. */
  #legend() {
    const { editor } = this;
    const { words, settings } = editor;
    const byUse = settings.colourBy === "use";
    const values = new Map();
    for (const unit of editor.state.on("units", editor.level))
      values.set(byUse ? unit.category : unit.restriction, unit);
    const items = [...values].map(([value, unit]) => {
      const swatch = h("span", { className: `plan-swatch ${byUse ? "" : unit.restriction}` });
      swatch.style.backgroundColor = editor.view.colour(unit);
      return h("li", {}, swatch, byUse ? words.category(value) : words.restriction(value));
    });
    byId("plan-legend").replaceChildren(...items);
  }

  #showTool() {
    const { tool, tools } = this.editor;
    for (const button of this.tools) {
      const named = tools[button.dataset.tool];
      const isLine = button.dataset.tool === "fixture" && tool === tools["fixture-line"];
      const isScaling = button.dataset.tool === "underlay" && (tool === tools.length || tool === tools.points);
      button.setAttribute("aria-pressed", String(tool === named || isLine || isScaling));
    }
    this.editor.adapter.element.classList.toggle("draws", tool !== tools.select);
  }

  #showState() {
    const { editor } = this;
    const { queue, canEdit } = editor;
    const waits = queue.size > 0;
    for (const [id, can] of [
      ["plan-undo", editor.canUndo || waits],
      ["plan-redo", editor.canRedo && !waits],
    ]) {
      const button = byId(id);
      if (button) button.disabled = !canEdit || !can;
    }
    for (const button of this.tools) {
      const tool = editor.tools[button.dataset.tool];
      // Without a level there is nothing to draw on, to measure or to lay a scan under.
      button.disabled = !editor.level || (!canEdit && Boolean(tool?.edits));
    }
    const copy = byId("plan-copy-open");
    if (copy) copy.disabled = !editor.level;
    const text = { idle: t("all_saved"), sending: t("saving"), stopped: t("not_sent", { count: queue.size }) }[
      queue.state
    ];
    const element = byId("plan-state");
    if (element) {
      element.textContent = text;
      element.dataset.state = queue.state;
    }
  }

  #queue(queue) {
    const { editor } = this;
    this.unsent.keep(queue.jobs.map(({ done: _done, ...job }) => job));
    if (queue.state !== "stopped") {
      editor.status.clear("queue");
      return;
    }
    const why = { 0: "no_network", 401: "signed_out" }[queue.failure?.status] ?? "server_refuses";
    const text = counted(why, queue.size);
    editor.status.note("queue", text, {
      kind: "error",
      actions: [
        { label: t("try_again"), run: () => queue.retry() },
        { label: t("discard"), run: () => this.#discard() },
      ],
    });
  }

  #discard() {
    const { editor } = this;
    if (!window.confirm(counted("discard_unsent", editor.queue.size))) return;
    editor.queue.discard();
    this.unsent.keep([]);
  }

  /** Edits that an earlier page could not send. */
  offerUnsent() {
    const jobs = this.unsent.find();
    const { editor } = this;
    if (!jobs.length || !editor.canEdit) return;
    editor.status.note("unsent", counted("unsent_found", jobs.length), {
      kind: "warning",
      actions: [
        {
          label: t("send_now"),
          run: () => {
            editor.status.clear("unsent");
            for (const job of jobs) editor.queue.push(job);
          },
        },
        {
          label: t("discard"),
          run: () => {
            editor.status.clear("unsent");
            this.unsent.keep([]);
          },
        },
      ],
    });
  }

  #notes(answer) {
    const { status } = this.editor;
    const texts = (answer.notes ?? []).map(({ text }) => text).filter(Boolean);
    if (texts.length) status.note("notes", texts.join(" "), { seconds: 12, closable: true });
  }

  async #outline(geometry) {
    const { editor } = this;
    const { level } = editor;
    try {
      await post(editor.config.urls.outline.replace("{level}", level), { geometry });
      editor.state.setOutline(level, geometry);
      editor.view.outlineChanged();
      editor.status.note("outline", t("outline_saved"), { seconds: 5 });
      editor.use("select");
      editor.events.emit("document", []);
    } catch (error) {
      // What was drawn stays in hand.
      editor.use("outline");
      editor.tool.resume(ringsOf(geometry)[0].slice(0, -1));
      const text = error.answer?.detail || (error.status ? t("outline_failed") : counted("no_network", 1));
      editor.status.note("outline", text, {
        kind: "error",
        closable: true,
        actions: [{ label: t("try_again"), run: () => this.#outline(geometry) }],
      });
    }
  }

  #measured(points) {
    const { editor } = this;
    const closed = points.length > 2 ? edges([...points, points[0]]).length : 0;
    const text = counted("measured_length", Math.max(1, closed - 1), { length: metres(lengthOf(points)) });
    editor.overlay.draft({ points });
    editor.status.note("measured", text, { seconds: 20, closable: true });
  }

  #copying() {
    const { editor } = this;
    const dialog = byId("plan-copy");
    if (!dialog) return;
    const [from, to] = ["from", "to"].map((name) => dialog.querySelector(`[name=${name}]`));
    byId("plan-copy-open").addEventListener("click", () => {
      const options = () =>
        editor.state.levels.map((level) => h("option", { value: level.key }, level.name || editor.words.level(level)));
      from.replaceChildren(...options());
      to.replaceChildren(...options());
      from.value = editor.level;
      to.value = editor.state.levels.find(({ key }) => key !== editor.level)?.key ?? "";
      dialog.showModal();
    });
    dialog.querySelector("form").addEventListener("submit", () => {
      if (from.value === to.value) return;
      const replace = dialog.querySelector("[name=replace]").checked;
      const target = to.value;
      editor.edit([{ op: "copy_level", from: from.value, to: target, replace }], {
        name: t("edit_copy"),
        done: () => editor.setLevel(target),
      });
    });
  }

  /** The scale bar: a round length that fits. */
  showScale() {
    const { scale } = this.editor.adapter;
    const most = BAR_PIXELS / scale;
    const power = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].find((step) => step * power <= most) * power;
    const bar = byId("plan-scale");
    bar.style.width = `${length * scale}px`;
    bar.textContent = length < 1 ? `${Math.round(length * 100)} cm` : `${Math.round(length)} m`;
  }
}
