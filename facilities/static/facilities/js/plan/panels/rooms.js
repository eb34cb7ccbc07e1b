import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";
import { distance } from "../geometry.js";
import { ends } from "../walls.js";
import { metres } from "../words.js";
import { refill } from "./panels.js";

const KINDS = ["units", "openings", "fixtures", "amenities"];

/** Everything on the level as a table: what the plan shows, for those who do not see it, and to find things by name. */
export class Rooms {
  constructor(element, editor) {
    Object.assign(this, { element, editor, kind: "units", wanted: "" });
    this.list = h("div", { className: "plan-list" });
    this.search = h("input", {
      className: "input",
      type: "search",
      "aria-label": t("find_room"),
      placeholder: t("find_room"),
      oninput: () => {
        this.wanted = this.search.value.trim().toLowerCase();
        this.render();
      },
    });
    this.choice = h(
      "select",
      {
        className: "input",
        "aria-label": t("what_to_list"),
        onchange: () => {
          this.kind = this.choice.value;
          this.render();
        },
      },
      ...KINDS.map((kind) => h("option", { value: kind }, t(`list_${kind}`))),
    );
    element.append(h("div", { className: "plan-row" }, this.choice, this.search), this.list);
  }

  render() {
    const { editor, kind, wanted } = this;
    const parts = editor.state
      .on(kind, editor.level)
      .map((part) => ({ part, name: editor.words.part(kind, part) }))
      .filter(({ part, name }) => !wanted || `${name} ${this.#facts(part).join(" ")}`.toLowerCase().includes(wanted));
    const heads = [t("name"), ...this.#heads()];
    const rows = parts.map(({ part, name }) => this.#row(part, name));
    refill(
      this.list,
      parts.length
        ? h(
            "table",
            { className: "table plan-table" },
            h("caption", { className: "sr-only" }, t(`list_${kind}`)),
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ...heads.map((text, index) =>
                  h("th", { scope: "col", className: index === heads.length - 1 ? "number" : null }, text),
                ),
              ),
            ),
            h("tbody", {}, ...rows),
          )
        : h("p", { className: "empty" }, t(wanted ? "none_found" : `no_${kind}`)),
    );
  }

  #heads() {
    if (this.kind === "units") return [t("use"), "m²"];
    return this.kind === "openings" ? [t("joins"), t("width_m")] : [t("category")];
  }

  /** What stands in the columns after the name. */
  #facts(part) {
    const { words, state } = this.editor;
    if (this.kind === "units") {
      const closed = part.restriction ? ` (${words.restriction(part.restriction)})` : "";
      return [words.category(part.category) + closed, metres(state.measure(part).area)];
    }
    if (this.kind === "openings") return [this.#joined(part), metres(distance(...ends(part)))];
    return [this.kind === "fixtures" ? words.fixture(part) : words.amenity(part)];
  }

  /** The rooms on both sides of an opening. */
  #joined(opening) {
    const { state, words, level } = this.editor;
    const [a, b] = ends(opening);
    const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const length = distance(a, b) || 1;
    const [dx, dy] = [(-(b[1] - a[1]) / length) * 0.35, ((b[0] - a[0]) / length) * 0.35];
    const names = [state.roomAt(level, [x + dx, y + dy]), state.roomAt(level, [x - dx, y - dy])];
    return names.map((room) => (room ? words.roomName(room) : t("outside"))).join(" – ");
  }

  #row(part, name) {
    const { editor, kind } = this;
    const isSelected = editor.selection.some(({ key }) => key === part.key);
    const choose = () => editor.select([{ kind, key: part.key }], { reveal: true });
    const facts = this.#facts(part);
    return h(
      "tr",
      { className: isSelected ? "current" : null },
      h(
        "th",
        { scope: "row" },
        h(
          "button",
          {
            type: "button",
            className: "plan-link",
            onclick: choose,
            "data-focus": part.key,
            "aria-pressed": String(isSelected),
          },
          name,
        ),
      ),
      ...facts.map((text, index) =>
        h(
          "td",
          { className: index === facts.length - 1 && kind !== "fixtures" && kind !== "amenities" ? "number" : null },
          text,
        ),
      ),
    );
  }
}
