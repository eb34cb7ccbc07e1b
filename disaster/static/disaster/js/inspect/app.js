// Inspections on a phone: which screen is shown, and what the screens share.

import { watchFix } from "../../../gis_core/js/offline/fix.js";
import { objectOf } from "../../../gis_core/js/offline/ledger.js";
import { onchange, startApp } from "../../../gis_core/js/offline/start.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { clashView } from "./clash-view.js";
import { checklistFor, dueOf, labelOf, partsOf, seoulDay, standing, thingOf } from "./due.js";
import { formView } from "./form-view.js";
import { begin, KIND, reopen } from "./inspection.js";
import { contentsText, depotView, listView } from "./list-view.js";
import { current, download } from "./pack.js";
import { recordsView } from "./records-view.js";
import { scanView } from "./scan-view.js";
import { screens } from "./screens.js";

const main = document.getElementById("main");
const app = { row: null, message: null, camera: null };
const { go, put, renew } = screens(main, { live: ["list", "records"], onleave: () => closeCamera() });

const today = () => seoulDay(Date.now());

async function start() {
  const started = await startApp({ base: "/api/survey" });
  if (!started) return;
  Object.assign(app, started);
  if (app.person.isSure && !app.person.may) app.message = t("not_a_keeper");
  app.fix = watchFix();
  app.row = await current(app.store);
  onchange(() => app.isLoading || renew());
  window.addEventListener("hashchange", opened);
  await opened();
  document.body.dataset.inspect = "ready";
}

/** A label's address leads here as #l/<token>: by the server's answer, or by the worker's where there is none. */
function opened() {
  const token = labelOf(location.hash);
  if (!token) return list();
  history.replaceState(null, "", location.pathname);
  return label(token);
}

function closeCamera() {
  app.camera?.stop();
  app.camera = null;
}

async function saved() {
  const records = (await app.queue.list()).filter(({ kind }) => kind === KIND);
  return records.map((record) => ({ record, object: objectOf(record) }));
}

const list = () =>
  go("list", async () => {
    const due = app.row ? standing(app.row.pack, await saved(), today()) : [];
    const on = { download: get, scan, records, depot, begin: ofDue };
    return listView({ row: app.row, due, on, message: app.message });
  });

async function fetchPack() {
  app.isLoading = true;
  try {
    app.row = await download("/inspect/pack/", app.store);
    app.message = t("pack_done");
  } catch (error) {
    app.message = t(`pack_${error.code ?? "refused"}`, { message: error.message });
  }
  app.isLoading = false;
}

async function get() {
  await fetchPack();
  await list();
}

function depot(chosen) {
  app.message = null;
  put("depot", depotView(chosen, app.row.pack, today(), { back: list, inspect }));
}

function ofDue(due) {
  const thing = thingOf({ depot: due.depot, class: due.class, lot: null }, app.row.pack);
  return thing ? inspect(thing, due) : list();
}

/** What the label stands for; a label newer than the pack is looked up once more while there is a network. */
async function label(token) {
  const find = () => app.row?.pack.labels[token];
  if (!find() && navigator.onLine) await fetchPack();
  const thing = find() && thingOf(find(), app.row.pack);
  if (!thing) {
    if (app.row) app.message = t("label_unknown");
    return list();
  }
  // A label of a depot leads to what is in it.
  const isDepot = thing.classId === null && !thing.lot;
  return isDepot && partsOf(thing.depot, app.row.pack).length ? depot(thing.depot) : inspect(thing);
}

/** Begin an inspection, or go on with the draft that there is of the same. */
async function inspect({ depot: at, classId, lot }, due = dueOf(app.row.pack, at.id, classId, today())) {
  const { pack } = app.row;
  const edition = checklistFor(pack, classId);
  if (!edition) {
    app.message = t("no_checklist");
    return list();
  }
  const isSame = ({ object }) =>
    object.depot === at.id && object.item_class === classId && object.lot === (lot?.lot ?? null);
  const draft = (await saved()).find((each) => each.record.state === "draft" && isSame(each));
  if (draft) return open(draft.record.uuid);
  const what = lot ? `${lot.item} ${lot.code}`.trim() : classId === null ? t("depot_itself") : pack.classes[classId];
  return form(begin({ depot: at, classId, lot }, edition, due, t("inspection_of", { what, depot: at.name })));
}

function form(made) {
  const { queue, fix, row } = app;
  app.message = null;
  const at = row.pack.depots.find(({ id }) => id === made.object.depot);
  const part = at && partsOf(at, row.pack).find((each) => each.class === made.object.item_class);
  const lots = part?.lots.filter(({ lot }) => made.object.lot === null || lot === made.object.lot) ?? [];
  const onsave = () => {
    app.message = t("saved_here");
    return list();
  };
  put("form", formView(made, { queue, fix, contents: contentsText(lots, today()), onsave, onback: list }));
  main.focus({ preventScroll: true });
}

async function open(uuid) {
  const made = app.row && reopen(await app.queue.open(uuid), app.row.pack);
  if (made) return form(made);
  app.message = t("no_checklist");
  return list();
}

async function clash(uuid) {
  const { record, object } = await app.queue.open(uuid);
  const edition = app.row?.pack.checklists[String(object.checklist)];
  const decided = async (decide) => {
    await decide(uuid);
    await records();
    app.bar.result(await app.queue.send({ force: true }));
  };
  const mine = () => decided((id) => app.queue.keepMine(id));
  const theirs = () => decided((id) => app.queue.takeTheirs(id));
  put("clash", clashView({ record, object, edition }, { mine, theirs, back: records }));
}

const records = () =>
  go("records", () => recordsView({ queue: app.queue, on: { open, clash, back: list, again: records } }));

function scan() {
  const view = scanView({ onlabel: label, onback: list });
  put("scan", view.element);
  app.camera = view;
}

start();
