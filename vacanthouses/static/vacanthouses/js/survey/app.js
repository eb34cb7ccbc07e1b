// The survey on a phone: which screen is shown, and what the screens share.

import { h } from "../../../gis_core/js/map/dom.js";
import { watchFix } from "../../../gis_core/js/offline/fix.js";
import { current, download } from "../../../gis_core/js/offline/pack.js";
import { onchange, startApp } from "../../../gis_core/js/offline/start.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { formView, positionText } from "./form-view.js";
import { houseView, listView } from "./list-view.js";
import { drawMap } from "./map-adapter.js";
import { recordsView } from "./records-view.js";
import { begin, beginNew, reopen } from "./visit.js";

const main = document.getElementById("main");
const LIVE = ["list", "records"];
const app = { filter: "todo", screen: "list", row: null, turn: 0, drawn: 0, shown: 0, isGoing: false, isStale: false };

async function start() {
  const started = await startApp({ base: "/api/survey" });
  if (!started) return;
  Object.assign(app, started);
  app.fix = watchFix({ onfix: moved });
  app.row = await current(app.store);
  onchange(renew);
  await list();
  document.body.dataset.survey = "ready";
}

function moved(here) {
  app.map?.moved(here);
  const told = main.querySelector("[data-position]");
  if (told) told.textContent = positionText(app.fix);
}

function put(screen, element, show = () => {}) {
  app.map?.remove();
  Object.assign(app, { screen, show, map: null });
  main.replaceChildren(element);
}

/** What this phone knows of each assignment: todo, done (a saved visit), or returned by the office. */
async function states() {
  const found = new Map();
  const records = new Map();
  const returned = app.row.pack.houses.filter(({ last }) => last?.state === "returned");
  for (const house of returned) found.set(house.assignment, "returned");
  for (const record of await app.queue.list()) {
    const { object } = await app.queue.open(record.uuid);
    if (!object.assignment) continue;
    records.set(object.assignment, record);
    const isReturned =
      found.get(object.assignment) === "returned" && Date.parse(record.entries.at(-1)?.time) < app.row.fetched_at;
    if (record.entries.length && !isReturned) found.set(object.assignment, "done");
  }
  return { found, records };
}

/** Draw a screen that takes a moment to make, unless somebody went elsewhere or a newer drawing was faster. */
async function draw(screen, make) {
  const { turn } = app;
  app.drawn += 1;
  const number = app.drawn;
  const element = await make();
  if (turn !== app.turn || number < app.shown) return;
  app.shown = number;
  put(screen, element, () => draw(screen, make));
}

/** Somebody goes to another screen; what changes on the way there is drawn on arrival. */
async function go(screen, make) {
  app.turn += 1;
  const { turn } = app;
  app.isGoing = true;
  await draw(screen, make);
  if (turn !== app.turn) return;
  app.isGoing = false;
  if (app.isStale) renew();
}

/** A screen that is there at once: whatever was on its way stays away. */
function arrive() {
  app.turn += 1;
  app.isGoing = false;
}

function renew() {
  app.isStale = app.isGoing;
  if (!app.isGoing && LIVE.includes(app.screen)) app.show();
}

const list = () => go("list", makeList);

async function makeList() {
  const { found } = app.row ? await states() : { found: new Map() };
  const on = {
    download: get,
    map: () => map(found),
    fresh,
    records,
    house,
    filter: (name) => {
      app.filter = name;
      return list();
    },
  };
  const { row, filter } = app;
  return listView({ row, states: found, filter, here: app.fix.current(), on, message: app.message });
}

async function get(onprogress) {
  try {
    const { tiles } = await download("/survey/pack/", app.store, { onprogress, key: "/api/survey/key" });
    app.row = await current(app.store);
    app.message = t(tiles.failed ? "pack_tiles_failed" : "pack_done", { count: tiles.failed });
  } catch (error) {
    app.message = t(`pack_${error.code ?? "refused"}`, { message: error.message });
  }
  await list();
}

function house(chosen) {
  app.message = null;
  return go("house", async () => {
    const record = (await states()).records.get(chosen.assignment);
    const on = { back: list, start: (known) => (known ? open(known.uuid) : form(begin(chosen, app.row.pack))) };
    return houseView(chosen, { record, on });
  });
}

function form(visit) {
  arrive();
  put("form", formView(visit, { queue: app.queue, fix: app.fix, onsave: list, onback: list }));
  main.focus();
}

async function open(uuid) {
  form(reopen(await app.queue.open(uuid), app.row.pack));
}

/** A house found on the way stands where the phone is; without a position, in the middle of the map. */
async function fresh() {
  const here = app.fix.current();
  if (here) return form(beginNew(here, app.row.pack));
  return map((await states()).found);
}

async function map(found) {
  const element = h("div", { className: "survey-map" });
  const here = () => form(beginNew(app.map.centre(), app.row.pack));
  arrive();
  put(
    "map",
    h(
      "div",
      { className: "survey-screen" },
      h("button", { type: "button", className: "button small survey-back", onclick: list }, t("back")),
      h("p", { className: "survey-hint" }, t("map_hint")),
      element,
      h("button", { type: "button", className: "button", onclick: here }, t("new_house_middle")),
    ),
  );
  app.map = drawMap(element, {
    areas: app.row.pack.areas,
    houses: app.row.pack.houses.map((each) => ({ ...each, state: found.get(each.assignment) ?? "todo" })),
    here: app.fix.current(),
    onhouse: house,
    onplace: (place) => form(beginNew(place, app.row.pack)),
  });
}

const records = () =>
  go("records", () =>
    recordsView({
      queue: app.queue,
      pack: app.row?.pack ?? { houses: [] },
      onopen: open,
      onback: list,
      again: records,
    }),
  );

start();
