// The first screen: the pack, and the houses of the crew, nearest first.

import { h } from "../../../gis_core/js/map/dom.js";
import { ageText, t } from "../../../gis_core/js/offline/words.js";
import { distanceText, ordered } from "./places.js";

export const FILTERS = ["todo", "returned", "done"];

/** `message`: what became of the last download. */
export function listView({ row, states, filter, here, on, message }) {
  const pack = row?.pack;
  if (!pack) return h("div", { className: "survey-screen" }, packCard(null, on.download, message));
  const counts = Object.fromEntries(FILTERS.map((name) => [name, 0]));
  for (const house of pack.houses) counts[states.get(house.assignment) ?? "todo"] += 1;
  const shown = ordered(
    pack.houses.filter((house) => (states.get(house.assignment) ?? "todo") === filter),
    here,
  );
  return h(
    "div",
    { className: "survey-screen" },
    packCard(row, on.download, message),
    h(
      "div",
      { className: "survey-actions" },
      action("map", on.map),
      action("new_house", on.fresh),
      action("my_records", on.records),
    ),
    h(
      "div",
      { className: "survey-tabs", role: "group", "aria-label": t("filter") },
      ...FILTERS.map((name) =>
        h(
          "button",
          {
            type: "button",
            className: "button small",
            "aria-pressed": String(name === filter),
            onclick: () => on.filter(name),
          },
          t(`filter_${name}`, { count: counts[name] }),
        ),
      ),
    ),
    shown.length
      ? h("ul", { className: "survey-list" }, ...shown.map((each) => houseItem(each, on.house)))
      : h("p", {}, t("no_houses")),
  );
}

const action = (key, onclick) => h("button", { type: "button", className: "button", onclick }, t(key));

function packCard(row, download, message) {
  const told = h("p", { role: "status", "data-pack": "" });
  const button = h("button", { type: "button", className: `button ${row ? "small" : "primary"}` });
  button.textContent = t(row ? "pack_again" : "pack_get");
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = t("pack_wait");
    await download(({ done, of }) => {
      if (of) told.textContent = t("pack_progress", { done, of });
    });
  });
  const age = row && ageText(Date.now() - row.fetched_at);
  const facts = row ? [t("pack_age", { count: row.pack.houses.length, age })] : [t("pack_none")];
  if (row?.pack.left_out) facts.push(t("pack_left_out", { count: row.pack.left_out }));
  told.textContent = [message, ...facts].filter(Boolean).join(" ");
  return h("section", { className: "survey-pack" }, told, button);
}

function houseItem({ house, distance }, onhouse) {
  const marks = [];
  if (house.order) marks.push(t("route_stop", { number: house.order }));
  if (house.is_blind) marks.push(t("blind"));
  return h(
    "li",
    { className: "survey-item" },
    h(
      "button",
      { type: "button", className: "survey-house", "data-house": String(house.id), onclick: () => onhouse(house) },
      h("strong", {}, house.address),
      h(
        "span",
        { className: "survey-facts" },
        [house.area, distanceText(distance), ...marks].filter(Boolean).join(" · "),
      ),
      house.last?.comment
        ? h("span", { className: "survey-comment" }, t("returned_with", { comment: house.last.comment }))
        : null,
    ),
  );
}

export function houseView(house, { record, on }) {
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button small survey-back", onclick: on.back }, t("back")),
    h("h2", {}, house.address),
    h("p", { className: "survey-facts" }, house.pnu),
    house.last?.comment
      ? h("p", { className: "survey-comment" }, t("returned_with", { comment: house.last.comment }))
      : null,
    house.reasons.length ? h("h3", {}, t("why_suspected")) : null,
    h("ul", {}, ...house.reasons.map((reason) => h("li", {}, reason))),
    house.note ? h("p", {}, house.note) : null,
    h(
      "button",
      { type: "button", className: "button primary survey-save", onclick: () => on.start(record) },
      t(record ? "continue_visit" : "start_visit"),
    ),
  );
}
