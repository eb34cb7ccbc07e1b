import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";
import { distance, middle, rectangleSides, ringsOf } from "../geometry.js";
import { merge } from "../tools/merge.js";
import { ends, lengthen, sideTowards } from "../walls.js";
import { counted, metres, squareMetres } from "../words.js";
import { button, checkField, numberField, selectField, textField } from "./fields.js";
import { refill } from "./panels.js";

const PYEONG_M2 = 400 / 121;
const SHORTEST_M = 0.05;
const MOST_SIDES = 40;
const MOST_DESKS = 500;
const OPENING_M = { least: 0.3, most: 50 };

export class Properties {
  constructor(element, editor, checks) {
    Object.assign(this, { element, editor, checks });
  }

  render() {
    const { editor } = this;
    const { only, selection } = editor;
    this.off = { disabled: !editor.canEdit };
    this.metres = { ...this.off, unit: "m", least: SHORTEST_M, refused: (text) => this.#refused(text) };
    if (!selection.length) refill(this.element, ...this.#nothing());
    else if (!only) refill(this.element, ...this.#several());
    else refill(this.element, ...this[`_${only.kind}`](only.part));
  }

  /** Begin to write the name of what is selected. */
  name() {
    const field = this.element.querySelector("[data-focus=name_ko], [data-focus=name_en], [data-focus=name]");
    field?.focus();
    field?.select();
  }

  /** Why a field holds the stored value again; nothing to say once it was put right. */
  #refused(text) {
    const { status } = this.editor;
    if (text) status.note("field", text, { kind: "warning", seconds: 8 });
    else status.clear("field");
  }

  #nothing() {
    const { state, level, canEdit } = this.editor;
    // That the building has no levels is said over the canvas.
    if (!level) return [];
    const rooms = state.on("units", level);
    const total = rooms.reduce((sum, room) => sum + state.measure(room).area, 0);
    const about = h(
      "dl",
      { className: "plan-figures" },
      ...pair(t("rooms"), String(rooms.length)),
      ...pair(t("floor_area"), squareMetres(total)),
      ...pair(t("doors"), String(state.on("openings", level).length)),
    );
    return [
      h("h2", {}, t("level_title", { name: this.#levelName() })),
      about,
      h("p", { className: "subtle" }, t(canEdit ? "nothing_selected" : "nothing_selected_look")),
    ];
  }

  #levelName() {
    const level = this.editor.state.level(this.editor.level);
    return level ? level.name || this.editor.words.level(level) : "";
  }

  #several() {
    const { editor } = this;
    const { selection, config, state } = editor;
    const rooms = selection.filter(({ kind }) => kind === "units").map(({ key }) => key);
    const total = rooms.reduce((sum, key) => sum + state.measure(state.get("units", key)).area, 0);
    const none = { value: "", label: t("keep_as_is") };
    const setAll = (name) => (value) => value && editor.set("units", rooms, { [name]: value === "open" ? "" : value });
    const restrictions = config.restrictions.map(({ value, label }) => ({ value: value || "open", label }));
    return [
      h("h2", {}, t("several_selected", { count: selection.length })),
      rooms.length ? h("p", {}, counted("several_area", rooms.length, { area: squareMetres(total) })) : null,
      rooms.length
        ? selectField("category", t("use"), [none, ...config.categories], "", setAll("category"), this.off)
        : null,
      rooms.length
        ? selectField("restriction", t("restriction"), [none, ...restrictions], "", setAll("restriction"), this.off)
        : null,
      editor.canEdit &&
        this.#buttons(rooms.length > 1 ? button(t("tool_merge"), () => merge(editor), { className: "primary" }) : null),
    ];
  }

  #buttons(...more) {
    const { editor } = this;
    return h(
      "div",
      { className: "buttons" },
      ...more,
      button(t("delete"), () => editor.remove(), { className: "danger" }),
    );
  }

  #set(kind, part) {
    return (name) => (value) => {
      if (value !== part[name]) this.editor.set(kind, [part.key], { [name]: value });
    };
  }

  _units(unit) {
    const { editor, off } = this;
    const set = this.#set("units", unit);
    return [
      this.#title(t("room"), unit, "units"),
      this.#size(unit),
      this.#found(unit),
      textField("name_ko", t("name_ko"), unit.name_ko, set("name_ko"), off),
      textField("name_en", t("name_en"), unit.name_en, set("name_en"), off),
      selectField("category", t("use"), editor.config.categories, unit.category, set("category"), off),
      selectField(
        "restriction",
        t("restriction"),
        editor.config.restrictions,
        unit.restriction,
        set("restriction"),
        off,
      ),
      h(
        "div",
        { className: "plan-row" },
        textField("number", t("room_number"), unit.number, set("number"), { ...off, maxlength: 12 }),
        numberField("desks", t("desks"), unit.desks, set("desks"), {
          ...this.metres,
          unit: "",
          least: 0,
          most: MOST_DESKS,
          whole: true,
        }),
      ),
      checkField("after_hours", t("used_after_hours"), unit.after_hours, set("after_hours"), off),
      checkField("idle", t("idle"), unit.idle, set("idle"), off),
      this.#teams(unit),
      textField("shaft", t("shaft"), unit.shaft, set("shaft"), { ...off, maxlength: 20 }),
      textField("note", t("note"), unit.note, set("note"), { ...off, maxlength: 200 }),
      this.#sides(unit),
      editor.canEdit && this.#buttons(),
    ];
  }

  #title(what, part, kind) {
    return h(
      "header",
      { className: "plan-part-head" },
      h("p", { className: "subtle" }, what),
      h("h2", {}, this.editor.words.part(kind, part)),
    );
  }

  #size(unit) {
    const { area } = this.editor.state.measure(unit);
    const sides = rectangleSides(unit.geometry);
    const figures = h(
      "p",
      { className: "plan-area" },
      h("strong", { className: "number", "data-area": "" }, squareMetres(area)),
      h("span", { className: "subtle number" }, t("pyeong", { value: metres(area / PYEONG_M2) })),
    );
    if (!sides) return figures;
    const ring = ringsOf(unit.geometry)[0];
    const field = (name, value, index) =>
      numberField(name, t(name), value, (length) => this.#lengthen(unit, index, length), this.metres);
    const simple = ring.length === 5;
    if (!simple) return h("div", {}, figures, h("p", {}, `${metres(sides.width)} × ${metres(sides.depth)} m`));
    return h(
      "div",
      {},
      figures,
      h(
        "div",
        { className: "plan-row" },
        field("width", sides.width, sideTowards(ring, [1, 0])),
        field("depth", sides.depth, sideTowards(ring, [0, 1])),
      ),
    );
  }

  /** Give a side its exact length by moving the wall at its end; what hangs on that wall follows. */
  #lengthen(unit, index, length) {
    const { editor } = this;
    const ring = ringsOf(unit.geometry)[0];
    if (Math.abs(length - distance(ring[index], ring[index + 1])) < 1e-4) return;
    const moves = lengthen(ring, index, length, editor.state.sides(unit.level));
    editor.edit([{ op: "move_corners", level: unit.level, moves }], { name: t("edit_wall") });
  }

  #sides(unit) {
    const ring = ringsOf(unit.geometry)[0];
    if (ring.length > MOST_SIDES) return null;
    const fields = ring
      .slice(1)
      .map((end, index) =>
        numberField(
          `side-${index}`,
          t("side", { number: index + 1 }),
          distance(ring[index], end),
          (length) => this.#lengthen(unit, index, length),
          this.metres,
        ),
      );
    const details = h(
      "details",
      { className: "plan-details", open: this.sidesOpen },
      h("summary", {}, t("sides")),
      h("p", { className: "subtle small" }, t("sides_help")),
      h("div", { className: "plan-sides" }, ...fields),
    );
    details.addEventListener("toggle", () => {
      this.sidesOpen = details.open;
    });
    return details;
  }

  #teams(unit) {
    const { state, canEdit } = this.editor;
    const seated = unit.teams ?? [];
    const others = state.teams.filter(({ key }) => !seated.includes(key));
    if (!state.teams.length) return null;
    const options = [{ value: "", label: "—" }, ...others.map(({ key, name }) => ({ value: key, label: name }))];
    const add = (key) => key && this.#seat(key, null, unit.key);
    return h(
      "div",
      { className: "plan-field" },
      h("span", { className: "plan-label" }, t("teams")),
      seated.length ? h("ul", { className: "plan-chips" }, ...seated.map((key) => this.#team(key, unit))) : "",
      others.length && canEdit ? selectField("add-team", t("team_add"), options, "", add) : "",
    );
  }

  #team(key, unit) {
    const { state, canEdit } = this.editor;
    const name = state.teams.find((team) => team.key === key)?.name ?? key;
    const off = {
      type: "button",
      className: "chip-off icon icon-close",
      onclick: () => this.#seat(key, unit.key, null),
      "aria-label": t("team_away", { name }),
      "data-focus": `away-${key}`,
    };
    return h("li", { className: "badge information" }, name, canEdit ? h("button", off) : "");
  }

  #seat(team, from, to) {
    this.editor.edit([{ op: "assign_team", team, from, to }], { name: t("edit_team") });
  }

  _openings(opening) {
    const { editor, off } = this;
    const { config } = editor;
    const set = this.#set("openings", opening);
    const width = distance(...ends(opening));
    const choice = (name, options) => selectField(name, t(name), options, opening[name], set(name), off);
    const flag = (name) => checkField(name, t(name), opening[name], set(name), off);
    const resize = (length) => this.#widen(opening, length);
    return [
      this.#title(t("opening"), opening, "openings"),
      this.#found(opening),
      choice("kind", config.opening_kinds),
      numberField("width", t("width_opening"), width, resize, { ...this.metres, ...OPENING_M }),
      flag("entrance"),
      choice("restriction", config.restrictions),
      choice("access_control", config.access_controls),
      choice("after_hours", config.after_hours),
      flag("step_free"),
      flag("automatic"),
      textField("name", t("name"), opening.name, set("name"), off),
      editor.canEdit && this.#buttons(),
    ];
  }

  #widen(opening, width) {
    const [a, b] = ends(opening);
    if (Math.abs(width - distance(a, b)) < 1e-4) return;
    const operation = { op: "move_opening", key: opening.key, at: middle(a, b), width };
    this.editor.edit([operation], { name: t("edit_opening") });
  }

  /** What the checks have to say about a part, where it can be put right. */
  #found(part) {
    const found = this.checks.about(part.key);
    if (!found.length) return null;
    const icon = ({ severity }) => (severity === "note" ? "icon-information" : `icon-${severity}`);
    return h(
      "ul",
      { className: "plan-found" },
      ...found.map((finding) =>
        h("li", { className: `plan-warning icon ${icon(finding)} ${finding.severity}` }, h("span", {}, finding.text)),
      ),
    );
  }

  _fixtures(fixture) {
    return this.#thing("fixtures", fixture, t("fixture"), this.editor.config.fixture_categories);
  }

  _amenities(amenity) {
    return this.#thing("amenities", amenity, t("amenity"), this.editor.config.amenity_categories);
  }

  #thing(kind, part, what, categories) {
    const set = this.#set(kind, part);
    return [
      this.#title(what, part, kind),
      this.#found(part),
      selectField("category", t("category"), categories, part.category, set("category"), this.off),
      textField("name", t("name"), part.name, set("name"), this.off),
      this.editor.canEdit && this.#buttons(),
    ];
  }
}

const pair = (term, value) => [h("dt", {}, term), h("dd", { className: "number" }, value)];
