import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";
import { plain, typedNumber } from "../numbers.js";
import { metres } from "../words.js";
import { button, textField } from "./fields.js";
import { refill } from "./panels.js";

const TYPES = ".png,.jpg,.jpeg,.tif,.tiff,.pdf,image/png,image/jpeg,image/tiff,application/pdf";

/** Pictures under the level in sight: added, scaled, shown, ordered and removed. */
export class UnderlayPanel {
  constructor(element, editor, underlays) {
    Object.assign(this, { element, editor, underlays, sending: false });
  }

  render() {
    const { editor, underlays } = this;
    refill(
      this.element,
      editor.canEdit ? this.#form() : null,
      underlays.here.length
        ? h("ul", { className: "plan-cards" }, ...underlays.here.map((underlay, index) => this.#card(underlay, index)))
        : h("p", { className: "empty" }, t("no_underlays")),
    );
  }

  #form() {
    if (this.form) return this.form;
    const file = h("input", {
      type: "file",
      name: "file",
      accept: TYPES,
      required: true,
      id: "underlay-file",
      "data-focus": "underlay-file",
    });
    this.submit = h(
      "button",
      { type: "submit", className: "button small primary", "data-focus": "underlay-send" },
      t("underlay_add"),
    );
    this.message = h("p", { className: "plan-warning icon icon-warning", role: "alert", hidden: true });
    this.progress = h("progress", { max: "1", value: "0", hidden: true, "aria-label": t("uploading") });
    this.pages = h("div", { className: "plan-pages" });
    file.addEventListener("change", () => this.pages.replaceChildren());
    this.form = h(
      "form",
      { className: "plan-upload", onsubmit: (event) => this.#submitted(event) },
      h(
        "div",
        { className: "plan-field" },
        h("label", { for: "underlay-file" }, t("underlay_file")),
        file,
        h("p", { className: "subtle small" }, t("underlay_help")),
      ),
      this.message,
      this.progress,
      this.submit,
      this.pages,
    );
    return this.form;
  }

  #submitted(event) {
    event.preventDefault();
    this.#send(new FormData(this.form));
  }

  async #send(data) {
    if (this.sending) return;
    data.set("level", this.editor.level);
    this.#busy(true);
    try {
      const { added, ...choice } = await this.underlays.add(data, (part) => {
        this.progress.value = part;
      });
      if (added) this.#added(added);
      else this.#choose(choice);
    } catch (error) {
      this.message.textContent = reason(error);
      this.message.hidden = false;
    }
    this.#busy(false);
  }

  #added(underlay) {
    this.form.reset();
    this.pages.replaceChildren();
    this.editor.status.note("underlay", t("underlay_added"), { seconds: 6 });
    this.editor.adapter.fit(this.underlays.extent(underlay));
    this.render();
  }

  /** The file has several pages: show them, and take the one that is clicked. */
  #choose({ upload, pages, count }) {
    const take = (number) => () => {
      const data = new FormData();
      data.set("upload", upload);
      data.set("page", String(number));
      this.#send(data);
    };
    const page = ({ number, thumbnail }) =>
      h(
        "button",
        { type: "button", className: "plan-page-choice", onclick: take(number) },
        h("img", { src: thumbnail, alt: "" }),
        t("pdf_page_number", { number }),
      );
    const typed = h("input", { className: "input", type: "text", inputmode: "numeric", id: "underlay-page" });
    const other = h(
      "div",
      { className: "plan-row" },
      h("div", { className: "plan-field" }, h("label", { for: "underlay-page" }, t("pdf_page")), typed),
      button(t("underlay_add"), () => take(Number.parseInt(typed.value, 10) || 1)()),
    );
    this.pages.replaceChildren(
      h("p", {}, t("choose_page", { count })),
      h("div", { className: "plan-page-list" }, ...pages.map(page)),
      count > pages.length ? other : "",
    );
  }

  #busy(on) {
    this.sending = on;
    this.submit.disabled = on;
    this.progress.hidden = !on;
    if (on) this.message.hidden = true;
  }

  #card(underlay, index) {
    const { editor } = this;
    const { id } = underlay;
    const seen = h("input", {
      type: "checkbox",
      "data-focus": `seen-${id}`,
      onchange: (event) => this.#change(id, { visible: event.target.checked }),
    });
    seen.checked = underlay.visible !== false;
    return h(
      "li",
      { className: "plan-card", "data-underlay": String(id) },
      h(
        "div",
        { className: "plan-card-head" },
        h("label", { className: "check" }, seen, h("strong", {}, underlay.name || t("underlay"))),
        underlay.matrix ? "" : h("span", { className: "badge danger" }, t("no_scale")),
      ),
      this.#opacity(underlay),
      editor.canEdit ? this.#scaling(underlay) : "",
      editor.canEdit ? this.#buttons(underlay, index) : "",
    );
  }

  #opacity(underlay) {
    const input = h("input", {
      type: "range",
      min: "0.05",
      max: "1",
      step: "0.05",
      "aria-label": t("opacity"),
      "data-focus": `opacity-${underlay.id}`,
      oninput: (event) => {
        underlay.opacity = Number(event.target.value);
        this.underlays.draw();
      },
      onchange: (event) => this.editor.canEdit && this.#change(underlay.id, { opacity: Number(event.target.value) }),
    });
    input.value = String(underlay.opacity ?? 0.6);
    return h("label", { className: "plan-range" }, h("span", {}, t("opacity")), input);
  }

  #scaling(underlay) {
    const { editor } = this;
    const begin = (name) => () => {
      editor.use(name);
      editor.tool.start(underlay.id);
      editor.events.emit("bar");
      editor.events.emit("canvas-needed");
    };
    const tool = editor.tools.points;
    const isFitting = editor.tool === tool && tool.id === underlay.id;
    return h(
      "div",
      { className: "plan-scaling" },
      h(
        "div",
        { className: "buttons" },
        button(t("scale_by_length"), begin("length"), {
          focus: `length-${underlay.id}`,
          className: underlay.matrix ? "" : "primary",
        }),
        button(t("scale_by_points"), begin("points"), { focus: `points-${underlay.id}` }),
      ),
      underlay.paper_mm ? this.#paper(underlay) : "",
      isFitting ? this.#points(tool) : "",
    );
  }

  /** A sheet whose size on paper is known has its scale with the number that stands on it. */
  #paper(underlay) {
    const apply = (text) => {
      const scale = typedNumber(text);
      if (scale > 0) this.#change(underlay.id, { scale });
    };
    return textField(`paper-${underlay.id}`, t("paper_scale"), "", apply, { numeric: true, maxlength: 5 });
  }

  /** The control points with their places, to be typed, and by how much each is missed. */
  #points(tool) {
    const row = ({ place }, index) => {
      const set = (axis) => (text) => {
        const value = typedNumber(text);
        if (value !== null) tool.place(index, axis ? [place[0], value] : [value, place[1]]);
      };
      const miss = tool.residuals[index];
      return h(
        "li",
        {},
        h("span", { className: "number" }, String(index + 1)),
        textField(`point-x-${index}`, "X", plain(place[0]), set(0), { numeric: true, maxlength: 12 }),
        textField(`point-y-${index}`, "Y", plain(place[1]), set(1), { numeric: true, maxlength: 12 }),
        h(
          "span",
          { className: "number subtle", "data-residual": "" },
          miss === undefined ? "–" : t("misses_by", { metres: metres(miss) }),
        ),
        button("✕", () => tool.drop(index), { className: "plain", focus: `point-off-${index}` }),
      );
    };
    return h(
      "div",
      { className: "plan-points" },
      h("ol", {}, ...tool.points.map(row)),
      tool.waiting ? button(t("type_place"), () => tool.keepWaiting(), { focus: "point-type" }) : "",
      tool.points.length >= 2
        ? button(t("apply"), () => tool.enter(), { className: "primary", focus: "points-apply" })
        : h("p", { className: "subtle small" }, t("points_help")),
      tool.rms === null ? "" : h("p", { className: "number" }, t("rms", { metres: metres(tool.rms) })),
    );
  }

  #buttons(underlay, index) {
    const { here } = this.underlays;
    const swap = () => {
      // Pictures made at one time have one order: give each its own.
      const ids = here.map(({ id }) => id);
      [ids[index], ids[index - 1]] = [ids[index - 1], ids[index]];
      for (const [order, id] of ids.entries()) this.#change(id, { order });
    };
    return h(
      "div",
      { className: "buttons" },
      index ? button(t("move_down"), swap, { focus: `down-${underlay.id}` }) : "",
      button(t("remove"), () => this.#remove(underlay), { className: "danger", focus: `remove-${underlay.id}` }),
    );
  }

  async #change(id, patch) {
    await this.#told(() => this.underlays.change(id, patch));
  }

  async #remove({ id, name }) {
    if (!window.confirm(t("remove_underlay", { name }))) return;
    await this.#told(() => this.underlays.remove(id));
  }

  async #told(work) {
    try {
      await work();
    } catch (error) {
      this.editor.status.note("underlay", reason(error), { kind: "error", closable: true });
    }
  }
}

const reason = ({ status, answer }) =>
  answer?.detail ||
  Object.values(answer?.errors ?? {})
    .flat()
    .join(" ") ||
  t(status ? "underlay_failed" : "network_failed");
