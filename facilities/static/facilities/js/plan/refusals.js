// What the server would not do: the reason where it happened, the draft kept, and what can be done about it.

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/map/text.js";
import { boxOf, pointsOf, ringsOf, withoutStraight } from "./geometry.js";
import { isOverlap, isSettled, keysOf } from "./superseded.js";

const middleOf = (geometry) => {
  const box = boxOf(pointsOf(geometry));
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
};

export class Refusals {
  /** `container` lies over the canvas. */
  constructor(editor, container) {
    Object.assign(this, { editor, container });
    editor.on("refused", ({ error, job }) => this.#refused(error, job));
    editor.on("answered", ({ job }) => this.#answered(job));
    editor.on("level", () => this.render());
    editor.on("settle", () => this.#place());
  }

  #refused({ status, answer }, job) {
    const { editor } = this;
    const text = answer.detail || answer.title || t("refused_unknown");
    // What others did meanwhile comes with the refusal; a repeat must know it.
    const theirs = answer.changes ? editor.take(answer) : [];
    const touched = [...new Set([...(answer.keys ?? []), ...theirs.map(({ key }) => key)])];
    this.#showParts(touched);
    if (status === 423 || status === 403) editor.events.emit("locked", text);
    const refusal = {
      job,
      level: job.level ?? editor.level,
      draft: job.draft,
      text,
      status,
      theirs,
      code: answer.code,
    };
    refusal.keys = keysOf(job.operations, editor.state);
    refusal.place = answer.place ?? (job.draft ? middleOf(job.draft) : null);
    editor.status.say(text);
    if (!job.operations) {
      editor.status.note("undo", text, { kind: "warning", seconds: 8 });
      return;
    }
    editor.refusals.push(refusal);
    this.render();
  }

  /** What was refused before is settled once a later edit of the same part is done. */
  #answered({ operations }) {
    const { editor } = this;
    if (!operations || !editor.refusals.length) return;
    const done = { operations, keys: keysOf(operations, editor.state) };
    const left = editor.refusals.filter((refusal) => !isSettled(refusal, done));
    if (left.length === editor.refusals.length) return;
    editor.refusals = left;
    editor.overlay.highlight([]);
    this.render();
  }

  #showParts(keys) {
    const { state, overlay } = this.editor;
    const places = keys
      .map((key) => ({ kind: state.kindOf(key), key }))
      .filter(({ kind }) => kind)
      .map(({ kind, key }) => ({ geometry: state.get(kind, key).geometry, className: "blamed" }));
    overlay.highlight(places);
  }

  #drop(refusal) {
    const { editor } = this;
    editor.refusals = editor.refusals.filter((one) => one !== refusal);
    editor.overlay.highlight([]);
    editor.adapter.element.focus({ preventScroll: true });
    this.render();
  }

  #again(refusal, operations) {
    const { job } = refusal;
    this.#drop(refusal);
    this.editor.edit(operations, job);
  }

  #actions(refusal) {
    const { editor } = this;
    const { job, status, code } = refusal;
    const [operation] = job.operations;
    const actions = [];
    if (status === 409) actions.push({ label: t("apply_again"), run: () => this.#again(refusal, job.operations) });
    if (operation.op === "draw" && operation.over === "free" && isOverlap(code) && editor.canEdit) {
      actions.push({ label: t("cut_out"), run: () => this.#again(refusal, [{ ...operation, over: "cut" }]) });
    }
    if (operation.op === "draw" && editor.canEdit) {
      actions.push({ label: t("draw_again"), run: () => this.#resume(refusal) });
    }
    return [...actions, { label: t("discard_draft"), run: () => this.#drop(refusal) }];
  }

  /** Back to drawing, with what was drawn. */
  #resume(refusal) {
    const { editor } = this;
    this.#drop(refusal);
    const corners = withoutStraight(ringsOf(refusal.draft)[0]);
    if (corners.length === 4) {
      editor.use("rectangle");
      editor.tool.resume(corners[0], corners[2]);
    } else {
      editor.use("polygon");
      editor.tool.resume(corners);
    }
  }

  render() {
    const { editor } = this;
    editor.showDrafts();
    const here = editor.refusals.filter(({ level }) => level === editor.level);
    this.bubbles = here.map((refusal) => ({ refusal, element: this.#bubble(refusal) }));
    this.container.replaceChildren(...this.bubbles.map(({ element }) => element));
    this.#place();
  }

  #bubble(refusal) {
    const names = refusal.theirs
      .map(({ kind, before, after }) => (after ?? before) && this.editor.words.part(kind, after ?? before))
      .filter(Boolean);
    return h(
      "div",
      { className: "plan-refusal", role: "alert" },
      refusal.job.name ? h("strong", {}, t("refused", { what: refusal.job.name })) : "",
      h("p", {}, refusal.text),
      names.length
        ? h("p", { className: "subtle" }, t("changed_by_others", { names: [...new Set(names)].join(", ") }))
        : "",
      h(
        "div",
        { className: "buttons" },
        ...this.#actions(refusal).map(({ label, run }) =>
          h("button", { type: "button", className: "button small", onclick: run }, label),
        ),
      ),
    );
  }

  #place() {
    const { adapter } = this.editor;
    const size = [this.container.clientWidth, this.container.clientHeight];
    for (const [index, { refusal, element }] of (this.bubbles ?? []).entries()) {
      const [x, y] = refusal.place ? adapter.toCanvas(refusal.place) : [size[0] / 2, 120 + index * 120];
      const { offsetWidth: width, offsetHeight: height } = element;
      const within = (value, most) => Math.max(8, Math.min(value, most - 8));
      element.style.left = `${within(x - width / 2, size[0] - width)}px`;
      element.style.top = `${within(y + 14, size[1] - height)}px`;
    }
  }
}
