// The first screen: the pack, what is due, and the depots. The page of a depot: what can be inspected there.

import { h } from "../../../gis_core/js/map/dom.js";
import { ageText, t } from "../../../gis_core/js/offline/words.js";
import { partsOf } from "./due.js";

const OLD = 24 * 60 * 60 * 1000;

/** `due`: due.js standing(); `message`: what became of the last download, or of saving. */
export function listView({ row, due, on, message }) {
  if (!row) return h("div", { className: "inspect-screen" }, packCard(null, on.download, message));
  const { pack } = row;
  return h(
    "div",
    { className: "inspect-screen" },
    packCard(row, on.download, message),
    h("div", { className: "inspect-actions" }, action("scan", on.scan, "primary"), action("my_records", on.records)),
    h("h2", {}, t("due_list")),
    due.length
      ? h("ul", { className: "inspect-list" }, ...due.map((each) => dueItem(each, pack, on.begin)))
      : h("p", {}, t("due_none")),
    h("h2", {}, t("depots")),
    h("ul", { className: "inspect-list" }, ...pack.depots.map((depot) => depotItem(depot, due, on.depot))),
  );
}

const action = (key, onclick, look = "") =>
  h("button", { type: "button", className: `button ${look}`, onclick }, t(key));

function packCard(row, download, message) {
  const told = h("p", { role: "status", "data-pack": "" });
  const button = h("button", { type: "button", className: `button ${row ? "small" : "primary"}` });
  button.textContent = t(row ? "pack_again" : "pack_get");
  button.addEventListener("click", () => {
    button.disabled = true;
    told.textContent = t("pack_wait");
    download();
  });
  const age = row ? Date.now() - row.fetched_at : 0;
  const facts = row ? [t("pack_age", { count: row.pack.depots.length, age: ageText(age) })] : [t("pack_none")];
  if (row?.pack.left_out) facts.push(t("pack_left_out", { count: row.pack.left_out }));
  if (age > OLD) facts.push(t("pack_old"));
  told.textContent = [message, ...facts].filter(Boolean).join(" ");
  return h("section", { className: "inspect-pack" }, told, button);
}

export function dayText(days) {
  if (days < 0) return t("overdue", { count: -days });
  return days === 0 ? t("due_today") : t("due_in", { count: days });
}

function dueItem(due, pack, onbegin) {
  const depot = pack.depots.find(({ id }) => id === due.depot);
  const what = due.class === null ? t("depot_itself") : (pack.classes[String(due.class)] ?? due.title);
  return h(
    "li",
    { className: "inspect-item" },
    h(
      "button",
      { type: "button", className: "inspect-row", "data-due": String(due.schedule), onclick: () => onbegin(due) },
      h("strong", {}, `${depot?.name ?? ""} · ${what}`),
      h("span", { className: "inspect-facts" }, `${due.title} · ${due.due_on}`),
      h(
        "span",
        { className: `inspect-state ${due.days < 0 ? "bad" : due.days === 0 ? "wait" : ""}` },
        dayText(due.days),
      ),
    ),
  );
}

function depotItem(depot, due, ondepot) {
  const late = due.filter((each) => each.depot === depot.id && each.days < 0).length;
  return h(
    "li",
    { className: "inspect-item" },
    h(
      "button",
      { type: "button", className: "inspect-row", "data-depot": String(depot.id), onclick: () => ondepot(depot) },
      h("strong", {}, depot.name),
      h("span", { className: "inspect-facts" }, [depot.area, depot.address].filter(Boolean).join(" · ")),
      late ? h("span", { className: "inspect-state bad" }, `${t("due_list")}: ${late}`) : null,
    ),
  );
}

const lotText = ({ item, code, quantity, unit, expires_on: day }, today) => {
  const facts = [`${item} ${quantity}${unit}`];
  if (code) facts.push(t("lot", { code }));
  if (day) facts.push(t(day < today ? "expired" : "expires", { day }));
  return facts.join(" · ");
};

/** What lies there of a class, in words. */
export const contentsText = (lots, today) => lots.map((lot) => lotText(lot, today)).join(", ");

/** `on`: back(), inspect({depot, classId, lot}). */
export function depotView(depot, pack, today, on) {
  const parts = partsOf(depot, pack);
  return h(
    "div",
    { className: "inspect-screen" },
    h("button", { type: "button", className: "button small inspect-back", onclick: on.back }, t("back")),
    h("h2", {}, depot.name),
    h("p", { className: "inspect-facts" }, [depot.area, depot.address].filter(Boolean).join(" · ")),
    choice(t("depot_itself"), null, () => on.inspect({ depot, classId: null, lot: null })),
    ...parts.map((part) => classSection(part, depot, today, on)),
    parts.length ? null : h("p", {}, t("no_stock")),
  );
}

function classSection({ class: classId, title, lots }, depot, today, on) {
  const withCode = lots.filter(({ code }) => code);
  return h(
    "section",
    { className: "inspect-class" },
    choice(title, contentsText(lots, today), () => on.inspect({ depot, classId, lot: null }), classId),
    withCode.length
      ? h(
          "ul",
          { className: "inspect-list" },
          ...withCode.map((lot) =>
            h(
              "li",
              {},
              choice(lotText(lot, today), null, () => on.inspect({ depot, classId, lot })),
            ),
          ),
        )
      : null,
  );
}

const choice = (title, facts, onclick, id = "depot") =>
  h(
    "button",
    { type: "button", className: "inspect-row inspect-item", "data-class": String(id), onclick },
    h("strong", {}, t("inspect_class", { name: title })),
    facts ? h("span", { className: "inspect-facts" }, facts) : null,
  );
