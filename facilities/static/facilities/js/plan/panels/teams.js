import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";
import { counted } from "../words.js";
import { button, selectField } from "./fields.js";
import { refill } from "./panels.js";

// A press becomes a drag after so many pixels.
const STEADY_PIXELS = 5;

/** The centre's teams as cards: dragged onto a room, or seated by a list. */
export class Teams {
  constructor(element, editor) {
    Object.assign(this, { element, editor, drag: null });
  }

  render() {
    const { state } = this.editor;
    if (this.drag) return;
    refill(
      this.element,
      h("p", { className: "subtle" }, t(this.editor.canEdit ? "teams_help" : "teams_look")),
      state.teams.length
        ? h("ul", { className: "plan-cards" }, ...state.teams.map((team) => this.#card(team)))
        : h("p", { className: "empty" }, t("no_teams")),
    );
  }

  #card(team) {
    const { editor } = this;
    const rooms = editor.state.roomsOf(team.key);
    const grip = editor.canEdit
      ? h("span", {
          className: "plan-grip",
          "aria-hidden": "true",
          title: t("team_drag"),
          onpointerdown: (event) => this.#press(event, team, rooms),
        })
      : "";
    const seats = rooms.map((room) => this.#seat(team, room));
    return h(
      "li",
      { className: "plan-card", "data-team": team.key },
      h(
        "div",
        { className: "plan-card-head" },
        grip,
        h("strong", {}, team.name),
        h(
          "span",
          { className: "subtle number" },
          t("headcount", { now: team.headcount_now, planned: team.headcount_planned }),
        ),
      ),
      team.visits_per_day ? h("p", { className: "subtle small" }, counted("visits", team.visits_per_day)) : "",
      rooms.length
        ? h("ul", { className: "plan-seats" }, ...seats)
        : h("p", { className: "plan-unseated" }, t("not_seated")),
      editor.canEdit ? this.#choice(team, rooms) : "",
    );
  }

  #seat(team, room) {
    const { editor } = this;
    const level = editor.state.level(room.level);
    const name = `${editor.words.level(level)} ${editor.words.roomName(room)}`;
    const show = () => editor.select([{ kind: "units", key: room.key }], { reveal: true });
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", className: "plan-link", onclick: show, "data-focus": `seat-${team.key}-${room.key}` },
        name,
      ),
      editor.canEdit
        ? button(t("remove"), () => this.#assign(team, room.key, null), {
            className: "plain",
            focus: `off-${team.key}-${room.key}`,
          })
        : "",
    );
  }

  /** Seating without a mouse: every room of the plan by level. */
  #choice(team, rooms) {
    const { editor } = this;
    const { state, words } = editor;
    const taken = new Set(rooms.map(({ key }) => key));
    const options = state.levels.flatMap((level) =>
      state
        .on("units", level.key)
        .filter(({ key }) => !taken.has(key))
        .map((room) => ({ value: room.key, label: `${words.level(level)} · ${words.roomName(room)}` })),
    );
    const from = rooms.length === 1 ? rooms[0].key : null;
    return selectField(
      `seat-${team.key}`,
      t(from ? "team_move_to" : "team_seat_in"),
      [{ value: "", label: t("choose_room") }, ...options],
      "",
      (key) => key && this.#assign(team, from, key),
    );
  }

  #assign(team, from, to) {
    this.editor.edit([{ op: "assign_team", team: team.key, from, to }], { name: t("edit_team") });
  }

  // --- dragging; by pointer events, so that it works by touch as well

  #press(event, team, rooms) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { target } = event;
    target.setPointerCapture(event.pointerId);
    this.drag = {
      team,
      from: rooms.find(({ level }) => level === this.editor.level)?.key ?? rooms[0]?.key ?? null,
      x: event.clientX,
      y: event.clientY,
      card: null,
      over: null,
    };
    const move = (moved) => this.#move(moved);
    const end = (ended) => {
      target.removeEventListener("pointermove", move);
      this.#end(ended.type === "pointerup");
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", end, { once: true });
    target.addEventListener("pointercancel", end, { once: true });
  }

  #move(event) {
    const { drag, editor } = this;
    if (!drag.card && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STEADY_PIXELS) return;
    if (!drag.card) {
      drag.card = h("div", { className: "plan-dragged" }, drag.team.name);
      document.body.append(drag.card);
      document.body.classList.add("plan-dragging");
    }
    drag.card.style.left = `${event.clientX + 12}px`;
    drag.card.style.top = `${event.clientY + 12}px`;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const isOnPlan = editor.adapter.element.contains(under);
    drag.over = isOnPlan ? (editor.state.roomAt(editor.level, editor.adapter.fromEvent(event)) ?? null) : null;
    editor.overlay.highlight(drag.over ? [{ geometry: drag.over.geometry, className: "target" }] : []);
    drag.card.textContent = drag.over ? `${drag.team.name} → ${editor.words.roomName(drag.over)}` : drag.team.name;
  }

  #end(isDropped) {
    const { drag, editor } = this;
    this.drag = null;
    drag.card?.remove();
    document.body.classList.remove("plan-dragging");
    editor.overlay.highlight([]);
    if (isDropped && drag.over && drag.over.key !== drag.from) this.#assign(drag.team, drag.from, drag.over.key);
    this.render();
  }
}
