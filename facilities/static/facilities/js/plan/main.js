// The plan editor's page: reads what the server put into it, and ties the parts together.

import { byId, h, json } from "../../../gis_core/js/map/dom.js";
import { Status } from "../../../gis_core/js/map/status.js";
import { t } from "../../../gis_core/js/map/text.js";
import { PlanAdapter } from "./adapter.js";
import { get } from "./api.js";
import { ToolBar } from "./bar.js";
import { Checks } from "./checks.js";
import { Controls } from "./controls.js";
import { Editor } from "./editor.js";
import { Keyboard } from "./keyboard.js";
import { LevelTabs } from "./levels.js";
import { Overlay } from "./overlay.js";
import { Findings } from "./panels/findings.js";
import { History } from "./panels/history.js";
import { Panels } from "./panels/panels.js";
import { Properties } from "./panels/properties.js";
import { Rooms } from "./panels/rooms.js";
import { Schedule } from "./panels/schedule.js";
import { Teams } from "./panels/teams.js";
import { UnderlayPanel } from "./panels/underlays.js";
import { Pointer } from "./pointer.js";
import { Refusals } from "./refusals.js";
import { PlanState } from "./state.js";
import { ControlPointsTool, KnownLengthTool } from "./tools/calibrate.js";
import { createTools } from "./tools/index.js";
import { Underlays } from "./underlays.js";
import { PlanView } from "./view.js";
import { Words } from "./words.js";

const EMPTY = { levels: [], units: [], openings: [], fixtures: [], amenities: [], teams: [] };
const NARROW = window.matchMedia("(max-width: 47.9em)");

const config = json("plan-config");
const status = new Status(byId("plan-notes"), byId("plan-voice"));
const state = new PlanState({ version: 0, document: EMPTY });
const words = new Words(config, state);
const settings = { colourBy: "use", afterHours: false, grid: true, snap: true };
let settled = () => {};
const adapter = new PlanAdapter(byId("plan"), () => settled());
const overlay = new Overlay(adapter, state);
const view = new PlanView(adapter, state, words, settings);
const editor = new Editor({ adapter, config, overlay, settings, state, status, view, words });

const underlays = new Underlays(editor);
Object.assign(editor.tools, createTools(editor), {
  length: new KnownLengthTool(editor, underlays),
  points: new ControlPointsTool(editor, underlays),
});
const checks = new Checks(editor);
const controls = new Controls(editor, underlays);
new LevelTabs(byId("plan-levels"), editor);
new Refusals(editor, byId("plan-refusals"));
const bar = new ToolBar(byId("plan-bar"), editor);
const properties = new Properties(byId("panel-properties"), editor, checks);
const panels = new Panels(byId("plan-panels"), editor, {
  properties,
  rooms: new Rooms(byId("panel-rooms"), editor),
  schedule: new Schedule(byId("panel-schedule"), editor, checks),
  checks: new Findings(byId("panel-checks"), editor, checks),
  teams: new Teams(byId("panel-teams"), editor),
  underlays: new UnderlayPanel(byId("panel-underlays"), editor, underlays),
  history: new History(byId("panel-history"), editor),
});

// The hand: whatever the tool in hand does with the pointer.
const hand = new Proxy(
  {},
  {
    get:
      (_target, name) =>
      (...given) =>
        editor.tool?.[name](...given),
  },
);
const pointer = new Pointer(adapter, hand);
new Keyboard(editor, pointer, bar, { help: () => byId("plan-help").showModal() });

let waiting = false;
settled = () => {
  if (waiting || !editor.level) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    view.settle();
    overlay.settle();
    controls.showScale();
    editor.events.emit("settle");
  });
};

adapter.padding = () => {
  const narrow = NARROW.matches;
  const sheet = narrow ? byId("plan-panels").offsetHeight : 0;
  return { left: narrow ? 0 : 56, top: byId("plan-bar").offsetHeight + 8, right: 0, bottom: sheet };
};
new ResizeObserver(() => adapter.resized()).observe(adapter.element);

// --- what was just made is selected, so that it can be named at once

editor.on("made", ({ changes, drawn }) => {
  const made = changes.filter(({ before, after }) => !before && after);
  if (!made.length) return;
  editor.select([{ kind: made[0].kind, key: made[0].key }]);
  panels.show("properties");
  if (drawn) tellIfTrimmed(made[0], drawn);
});

/** A room that gave way to its neighbours is not the room that was drawn: say so, and how to have it otherwise. */
function tellIfTrimmed({ after }, drawn) {
  const { area } = state.measure(after);
  const wanted = state.measure({ geometry: drawn }).area;
  if (wanted - area < 0.01) return;
  const values = { wanted: wanted.toFixed(2), area: area.toFixed(2) };
  status.note("trimmed", t("trimmed", values), {
    kind: "warning",
    seconds: 12,
    actions: [
      {
        label: t("cut_out"),
        run: () => {
          status.clear("trimmed");
          editor.undo();
          editor.tools.rectangle.drawing.draw(drawn.coordinates[0].slice(0, -1), "cut");
        },
      },
    ],
  });
}

editor.on("edit-name", () => {
  panels.show("properties", { unfold: true });
  requestAnimationFrame(() => properties.name());
});
editor.on("focus-field", (name) => bar.focus(name));
editor.on("canvas-needed", () => {
  if (NARROW.matches) panels.fold(true);
  adapter.element.focus({ preventScroll: true });
});
editor.on("tool", (tool) => {
  if (NARROW.matches && tool !== editor.tools.select) panels.fold(true);
});
editor.on("refused", () => panels.refresh());
editor.on("behind", () => refresh());

/** Read the plan again: somebody else has changed it. */
async function refresh() {
  if (editor.queue.size) return;
  try {
    const answer = await get(config.urls.document);
    if (!editor.queue.size && answer.version > state.version) editor.reload(answer);
  } catch {
    // The next edit, or the next look, tells.
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && editor.level) refresh();
});

// --- start

async function begin() {
  try {
    const answer = await get(config.urls.document);
    editor.reload(answer);
    const wanted = new URLSearchParams(location.search).get("level");
    const ground = state.levels.find(({ ordinal }) => ordinal === 0) ?? state.levels[0];
    editor.level = (state.level(wanted) ?? ground)?.key ?? null;
    if (!editor.level) {
      const link = config.can_edit ? h("a", { href: config.urls.levels }, t("levels_add")) : "";
      status.note("start", h("span", {}, t("no_levels"), " ", link), { kind: "warning" });
      return;
    }
    editor.use("select");
    panels.show("properties");
    panels.fold(NARROW.matches);
    adapter.resized();
    editor.fit();
    view.show(editor.level);
    editor.events.emit("level", editor.level);
    await underlays.load(answer.underlays).catch(() => {});
    if (underlays.here.length) editor.fit();
    controls.offerUnsent();
    selectFromAddress();
  } catch (error) {
    const text = error.answer?.detail || t("plan_failed");
    status.note("start", text, { kind: "error", actions: [{ label: t("try_again"), run: () => location.reload() }] });
    if (error.status === undefined) throw error;
  }
  document.body.dataset.plan = "ready";
}

/** Other pages lead to a room by ?select=<key>. */
function selectFromAddress() {
  const key = new URLSearchParams(location.search).get("select");
  const kind = key && state.kindOf(key);
  if (kind) editor.select([{ kind, key }], { reveal: true });
}

begin();
