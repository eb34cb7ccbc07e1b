// The survey on a phone: which screen is shown, and what the screens share.

import { watchFix } from "../../../gis_core/js/offline/fix.js";
import { objectOf } from "../../../gis_core/js/offline/ledger.js";
import { current, download } from "../../../gis_core/js/offline/pack.js";
import { onchange, startApp } from "../../../gis_core/js/offline/start.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { clashView } from "./clash-view.js";
import { dayOf, routed } from "./day-route.js";
import { formView, positionText } from "./form-view.js";
import { houseView, listView } from "./list-view.js";
import { mapView } from "./map-view.js";
import { nameOf, recordsView } from "./records-view.js";
import { roundView } from "./round-view.js";
import { fitting } from "./rounds.js";
import { screens } from "./screens.js";
import { housesOf, standings } from "./standing.js";
import { begin, beginNew, reopen } from "./visit.js";

const main = document.getElementById("main");
const { go, put, renew } = screens(main, { live: ["list", "records"], onleave: () => leaveMap() });
const app = { filter: "todo", row: null, map: null, message: null };

async function start() {
  const started = await startApp({ base: "/api/survey" });
  if (!started) return;
  Object.assign(app, started);
  app.fix = watchFix({ onfix: moved });
  app.row = await current(app.store);
  // The card that tells how far the download is stays until it is done.
  onchange(() => app.isLoading || renew());
  await list();
  document.body.dataset.survey = "ready";
}

function moved(here) {
  app.map?.moved(here);
  const told = main.querySelector("[data-position]");
  if (told) told.textContent = positionText(app.fix);
}

function leaveMap() {
  app.map?.remove();
  app.map = null;
}

/** What became of each house: standing.js. */
async function states() {
  if (!app.row) return new Map();
  const saved = (await app.queue.list()).map((record) => ({ record, object: objectOf(record) }));
  const asked = (await app.store.get("meta", "decisions"))?.at;
  return standings(app.row, saved, asked);
}

const list = () => go("list", makeList);

async function makeList() {
  const found = await states();
  const filter = (name) => {
    app.filter = name;
    return list();
  };
  const order = (name) => {
    app.order = name;
    return list();
  };
  const on = { download: get, map, fresh, records, house, filter, order };
  const { row, message } = app;
  return listView({ row, states: found, filter: app.filter, order: app.order, here: app.fix.current(), on, message });
}

async function get(onprogress) {
  app.isLoading = true;
  try {
    const { tiles } = await download("/survey/pack/", app.store, { onprogress, key: "/api/survey/key" });
    app.row = await current(app.store);
    const key = tiles.isFull ? "pack_tiles_full" : tiles.failed ? "pack_tiles_failed" : "pack_done";
    app.message = t(key, { count: tiles.failed });
  } catch (error) {
    app.row = await current(app.store);
    app.message = t(`pack_${error.code ?? "refused"}`, { message: error.message });
  }
  app.isLoading = false;
  await list();
}

function house(chosen) {
  app.message = null;
  return go("house", async () => {
    const standing = (await states()).get(chosen.assignment);
    return houseView(chosen, { standing, on: { back: list, start: () => visit(chosen, standing) } });
  });
}

/** The visit there is, on this phone or as the office has it; a second one only where there is none. */
async function visit(chosen, { state, record }) {
  if (record) return record.state === "conflict" ? clash(record.uuid) : open(record.uuid);
  const { uuid, object, version } = chosen.last ?? {};
  if (state !== "returned" || !object) return form(begin(chosen, app.row.pack));
  await app.queue.adopt("visits", uuid, object, version);
  return open(uuid);
}

function form(made) {
  const { queue, fix, row } = app;
  const onsave = () => {
    app.message = t("saved_here");
    return list();
  };
  const round = row.pack.campaigns.find(({ id }) => id === made.object.campaign);
  put("form", formView(made, { queue, fix, round, onsave, onback: list }));
  main.focus({ preventScroll: true });
}

async function open(uuid) {
  form(reopen(await app.queue.open(uuid), app.row.pack));
}

async function clash(uuid) {
  const opened = await app.queue.open(uuid);
  const { form: asked, object } = reopen(opened, app.row.pack);
  const onsolve = async (made) => {
    await (made ? app.queue.resolve(uuid, made) : app.queue.takeTheirs(uuid));
    await records();
    app.bar.result(await app.queue.send({ force: true }));
  };
  const name = nameOf(object, app.row.pack);
  put("clash", clashView({ record: opened.record, object, form: asked, name }, { onsolve, onback: records }));
}

/** A house found on the way stands where the phone is; without a position, in the middle of the map. */
async function fresh() {
  const here = app.fix.current();
  return here ? found(here) : map();
}

/** Which round it belongs to is asked only where several are open there. */
function found(place) {
  const rounds = fitting(app.row.pack, place);
  const chosen = (round) => form(beginNew(place, app.row.pack, round));
  if (rounds.length < 2) return chosen(rounds[0] ?? null);
  put("round", roundView(rounds, { onchoose: chosen, onback: list }));
}

async function map() {
  const { pack } = app.row;
  const on = { back: list, house, place: found };
  const view = mapView({
    pack,
    houses: routed(housesOf(pack), pack, dayOf(Date.now())),
    states: await states(),
    fix: app.fix,
    on,
  });
  put("map", view.element);
  app.map = view.draw();
}

const records = () =>
  go("records", () => {
    const on = { open, clash, back: list, again: records };
    return recordsView({ queue: app.queue, pack: app.row?.pack ?? { houses: [] }, on });
  });

start();
