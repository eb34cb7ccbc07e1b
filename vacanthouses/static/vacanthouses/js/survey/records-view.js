// Everything this person saved on this phone, each with its state in plain words and what can be done about it.

import { h } from "../../../gis_core/js/map/dom.js";
import { fieldsOf } from "../../../gis_core/js/offline/clash.js";
import { objectOf } from "../../../gis_core/js/offline/ledger.js";
import { stateText, t } from "../../../gis_core/js/offline/words.js";
import { housesOf } from "./standing.js";

/** `on`: open(uuid), clash(uuid), back(), again(). */
export async function recordsView({ queue, pack, on }) {
  // The same phone may hold inspections of depots, which have an app of their own.
  const records = (await queue.list()).filter(({ kind }) => kind === "visits");
  const items = records.map((record) => item(record, { queue, pack, on }));
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button survey-back", onclick: on.back }, t("back")),
    h("h2", {}, t("my_records")),
    records.length ? h("ul", { className: "survey-list" }, ...items) : h("p", {}, t("no_records")),
  );
}

/** What the record is of, as people call it. */
export function nameOf({ house, title, new_house }, pack) {
  const address = housesOf(pack).find(({ id }) => id === house)?.address ?? title;
  return address ?? (new_house ? new_house.address || t("new_house") : t("house_number", { number: house }));
}

/** What the office said of a record that has arrived, in words; "" where it has said nothing. */
export function decisionText({ state, receipt }) {
  const target = receipt?.target;
  if (!["done", "waiting"].includes(state) || !["accepted", "returned", "set_aside"].includes(target?.state)) return "";
  const text = t(`office_${target.state}`);
  return target.comment ? `${text} ${t("returned_with", { comment: target.comment })}` : text;
}

function item(record, { queue, pack, on }) {
  const { text, tone, details } = stateText(record);
  const buttons = h("div", { className: "buttons" });
  const act = (key, onclick) => buttons.append(h("button", { type: "button", className: "button", onclick }, t(key)));
  if (record.state === "draft") act("discard", () => queue.discardDraft(record.uuid).then(on.again));
  if (record.state === "conflict") {
    details.push(t("clash_count", { count: fieldsOf(record.difference).length }));
    act("decide", () => on.clash(record.uuid));
  } else if (!record.receipt?.target?.is_final) {
    const isSentBack = record.state === "rejected" || record.receipt?.target?.state === "returned";
    act(isSentBack ? "correct" : "change", () => on.open(record.uuid));
  }
  if (record.draft && record.entries.length) details.push(t("draft_open"));
  const decision = decisionText(record);
  return h(
    "li",
    { className: "survey-item", "data-state": record.state, "data-uuid": record.uuid, tabindex: "-1" },
    h("strong", {}, nameOf(objectOf(record), pack)),
    h("span", { className: `survey-state ${tone}` }, text),
    decision ? h("p", { className: "survey-comment" }, decision) : null,
    details.length ? h("ul", { className: "survey-details" }, ...details.map((each) => h("li", {}, each))) : null,
    buttons,
  );
}
