import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";
import { boxOf, pointsOf } from "../geometry.js";
import { refill } from "./panels.js";

/** Whether a finding is about the time when the office is closed. */
export const isAfterHours = ({ code }) => code.includes("after_hours");

/** What the checks found, coverage and circulation; each finding leads to its place on the plan. */
export class Findings {
  constructor(element, editor, checks) {
    Object.assign(this, { element, editor, checks, chosen: null });
    editor.on("checks", () => this.#count());
    editor.on("selection", () => {
      if (!this.choosing) this.chosen = null;
    });
  }

  #count() {
    const all = [...this.checks.coverage, ...this.checks.circulation].filter(({ severity }) => severity !== "note");
    const badge = document.getElementById("plan-findings-count");
    badge.hidden = !all.length;
    badge.textContent = String(all.length);
    badge.classList.toggle(
      "danger",
      all.some(({ severity }) => severity === "error"),
    );
  }

  render() {
    const { checks, editor } = this;
    if (!checks.found) {
      refill(this.element, h("p", { className: "subtle" }, t(checks.failed ? "checks_failed" : "loading")));
      return;
    }
    const after = editor.settings.afterHours;
    const circulation = checks.circulation.filter((finding) => isAfterHours(finding) === after);
    refill(
      this.element,
      this.#switch(),
      checks.failed ? h("p", { className: "plan-warning icon icon-warning" }, t("checks_failed")) : null,
      this.#group(t("coverage"), checks.coverage, "no_coverage"),
      this.#group(t(after ? "circulation_after" : "circulation_day"), circulation, "no_circulation"),
      this.#interfaces(),
    );
  }

  /** Day or after hours: for the checks, and for what the plan shows as shut. */
  #switch() {
    const { editor } = this;
    const choice = (afterHours, label) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(editor.settings.afterHours === afterHours),
          "data-focus": `hours-${afterHours}`,
          onclick: () => {
            editor.settings.afterHours = afterHours;
            editor.view.redraw();
            this.render();
          },
        },
        label,
      );
    return h(
      "div",
      { className: "plan-switch", role: "group", "aria-label": t("hours") },
      choice(false, t("day")),
      choice(true, t("after_hours_mode")),
    );
  }

  #group(title, findings, none) {
    const order = { error: 0, warning: 1, note: 2 };
    const sorted = [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
    return h(
      "section",
      { className: "plan-findings" },
      h("h3", {}, title, " ", h("span", { className: "subtle number" }, String(findings.length))),
      sorted.length
        ? h("ul", {}, ...sorted.map((finding) => this.#item(finding)))
        : h("p", { className: "plan-fine icon icon-success" }, t(none)),
    );
  }

  #item(finding) {
    const id = `${finding.code}/${finding.keys.join("/")}`;
    const icon = { error: "icon-error", warning: "icon-warning", note: "icon-information" }[finding.severity];
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          className: `plan-finding icon ${icon}`,
          "aria-pressed": String(this.chosen === id),
          "data-focus": id,
          onclick: () => this.#choose(finding, id),
        },
        h(
          "span",
          {},
          h("span", {}, finding.text),
          finding.suggestion ? h("span", { className: "plan-suggestion" }, finding.suggestion) : "",
        ),
      ),
    );
  }

  /** Show a finding where it is: its rooms, and the route or the place it tells of. */
  #choose(finding, id) {
    const { editor } = this;
    const { state } = editor;
    const parts = finding.keys.map((key) => ({ kind: state.kindOf(key), key })).filter(({ kind }) => kind);
    const level = finding.level || (parts[0] && editor.part(parts[0]).level);
    this.chosen = id;
    this.choosing = true;
    if (level) editor.setLevel(level);
    editor.select(parts.slice(0, 1));
    this.choosing = false;
    const others = parts.filter((part) => editor.part(part).level === editor.level);
    const places = others.map((part) => ({ geometry: editor.part(part).geometry, className: "blamed" }));
    if (finding.geometry) places.push({ geometry: finding.geometry, className: "route" });
    editor.overlay.highlight(places);
    const box = boxOf(places.flatMap(({ geometry }) => pointsOf(geometry)));
    if (box) editor.adapter.reveal(box);
    this.render();
  }

  /** The doors between what is open and what is closed, with what controls them. */
  #interfaces() {
    const { editor, checks } = this;
    const openings = (checks.found.circulation?.interfaces ?? [])
      .map((one) => ({ one, opening: editor.state.get("openings", one.opening) }))
      .filter(({ opening }) => opening);
    if (!openings.length) return null;
    const head = (text) => h("th", { scope: "col" }, text);
    return h(
      "section",
      { className: "plan-findings" },
      h("h3", {}, t("interfaces"), " ", h("span", { className: "subtle number" }, String(openings.length))),
      h(
        "table",
        { className: "table plan-table" },
        h("thead", {}, h("tr", {}, head(t("between")), head(t("access_control")))),
        h("tbody", {}, ...openings.map(({ one, opening }) => this.#interface(one, opening))),
      ),
    );
  }

  #interface({ open_side: open, closed_room: closed }, opening) {
    const { state, words, config } = this.editor;
    const rooms = [open, closed].map((key) => state.get("units", key)).filter(Boolean);
    const names = rooms.map((room) => words.roomName(room)).join(" – ") || words.part("openings", opening);
    const choose = () => this.editor.select([{ kind: "openings", key: opening.key }], { reveal: true });
    const button = {
      type: "button",
      className: "plan-link",
      onclick: choose,
      "data-focus": `interface-${opening.key}`,
    };
    const control = config.access_controls.find(({ value }) => value === opening.access_control);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h("button", button, names)),
      h("td", {}, control?.label ?? opening.access_control),
    );
  }
}
