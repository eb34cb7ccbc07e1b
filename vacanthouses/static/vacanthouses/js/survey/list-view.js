// The first screen: the pack, and the houses of the crew, nearest first.

import { h } from "../../../gis_core/js/map/dom.js";
import { ageText, stateText, t } from "../../../gis_core/js/offline/words.js";
import { byRoute, dayOf, hasRoute, routed } from "./day-route.js";
import { distanceText, ordered } from "./places.js";
import { housesOf } from "./standing.js";

export const FILTERS = ["todo", "returned", "done"];

/** `states`: standing.js; `message`: what became of the last download, or of saving. */
export function listView({ row, states, filter, order = "route", here, on, message }) {
  const pack = row?.pack;
  if (!pack) return h("div", { className: "survey-screen" }, packCard(null, on.download, message));
  const counts = Object.fromEntries(FILTERS.map((name) => [name, 0]));
  const houses = routed(housesOf(pack), pack, dayOf(Date.now()));
  const stateOf = (house) => states.get(house.assignment).state;
  for (const house of houses) counts[stateOf(house)] += 1;
  const near = ordered(
    houses.filter((house) => stateOf(house) === filter),
    here,
  );
  const shown = order === "route" ? byRoute(near) : near;
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
    hasRoute(near.map(({ house }) => house)) ? orderTabs(order, on.order) : null,
    shown.length
      ? h(
          "ul",
          { className: "survey-list" },
          ...shown.map((each) => houseItem(each, states.get(each.house.assignment), on.house)),
        )
      : h("p", {}, t("no_houses")),
  );
}

function orderTabs(order, onorder) {
  const button = (name) =>
    h(
      "button",
      {
        type: "button",
        className: "button small",
        "aria-pressed": String(name === order),
        onclick: () => onorder(name),
      },
      t(`order_${name}`),
    );
  return h(
    "div",
    { className: "survey-tabs", role: "group", "aria-label": t("order") },
    button("route"),
    button("near"),
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
  if (row?.pack.tiles?.length && !row.tiles) facts.push(t("pack_tiles_open"));
  if (row?.pack.tiles_cut) facts.push(t("pack_tiles_cut"));
  told.textContent = [message, ...facts].filter(Boolean).join(" ");
  return h("section", { className: "survey-pack" }, told, button);
}

function houseItem({ house, distance }, { state, comment, record }, onhouse) {
  const marks = [];
  if (house.order) marks.push(t("route_stop", { number: house.order }));
  if (house.is_blind) marks.push(t("blind"));
  const saved = state === "done" && record ? stateText(record) : null;
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
      saved ? h("span", { className: `survey-state ${saved.tone}` }, saved.text) : null,
      comment ? h("span", { className: "survey-comment" }, t("returned_with", { comment })) : null,
    ),
  );
}

export function houseView(house, { standing, on }) {
  const { state, comment, record } = standing;
  const isElsewhere = state === "done" && !record;
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button small survey-back", onclick: on.back }, t("back")),
    h("h2", {}, house.address),
    h("p", { className: "survey-facts" }, house.pnu),
    comment ? h("p", { className: "survey-comment" }, t("returned_with", { comment })) : null,
    isElsewhere ? h("p", {}, t(house.last ? "done_elsewhere" : "done_by_others", { day: house.done_on })) : null,
    house.reasons.length ? h("h3", {}, t("why_suspected")) : null,
    h("ul", {}, ...house.reasons.map((reason) => h("li", {}, reason))),
    house.note ? h("p", {}, house.note) : null,
    isElsewhere
      ? null
      : h(
          "button",
          { type: "button", className: "button primary survey-save", onclick: on.start },
          t(record || state === "returned" ? "continue_visit" : "start_visit"),
        ),
  );
}
