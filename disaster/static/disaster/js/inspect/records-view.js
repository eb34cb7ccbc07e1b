// Every inspection this person saved on this phone, each with its state in plain words and what can be done about it.

import { h } from "../../../gis_core/js/map/dom.js";
import { fieldsOf } from "../../../gis_core/js/offline/clash.js";
import { objectOf } from "../../../gis_core/js/offline/ledger.js";
import { stateText, t } from "../../../gis_core/js/offline/words.js";
import { KIND } from "./inspection.js";

/** `on`: open(uuid), clash(uuid), back(), again(). */
export async function recordsView({ queue, on }) {
  const records = (await queue.list()).filter(({ kind }) => kind === KIND);
  return h(
    "div",
    { className: "inspect-screen" },
    h("button", { type: "button", className: "button small inspect-back", onclick: on.back }, t("back")),
    h("h2", {}, t("my_records")),
    records.length
      ? h("ul", { className: "inspect-list" }, ...records.map((record) => item(record, queue, on)))
      : h("p", {}, t("no_records")),
  );
}

/** What came of an inspection that has arrived, in words: [text, …]. */
export function resultTexts({ state, receipt }) {
  const target = receipt?.target;
  if (!["done", "waiting"].includes(state) || !target?.state) return [];
  const texts = [t(`result_${target.state}`, { reasons: target.comment })];
  if (target.repairs?.length) texts.push(t("repairs_opened", { names: target.repairs.join(", ") }));
  return texts;
}

function item(record, queue, on) {
  const { text, tone, details } = stateText(record);
  const object = objectOf(record);
  const buttons = h("div", { className: "buttons" });
  const act = (key, onclick) => buttons.append(h("button", { type: "button", className: "button", onclick }, t(key)));
  if (record.state === "draft") act("discard", () => queue.discardDraft(record.uuid).then(on.again));
  if (record.state === "conflict") {
    details.push(t("clash_count", { count: fieldsOf(record.difference).length }));
    act("decide", () => on.clash(record.uuid));
  } else if (!record.receipt?.target?.is_final) {
    const key = { draft: "continue_inspection", rejected: "correct" }[record.state] ?? "change";
    act(key, () => on.open(record.uuid));
  }
  if (record.draft && record.entries.length) details.push(t("draft_open"));
  return h(
    "li",
    { className: "inspect-item inspect-record", "data-state": record.state, "data-uuid": record.uuid, tabindex: "-1" },
    h("strong", {}, object.title),
    h("span", { className: "inspect-facts" }, object.inspected_at.slice(0, 16).replace("T", " ")),
    h("span", { className: `inspect-state ${tone}` }, text),
    ...resultTexts(record).map((each) => h("p", { className: "inspect-comment" }, each)),
    details.length ? h("ul", { className: "inspect-details" }, ...details.map((each) => h("li", {}, each))) : null,
    buttons,
  );
}
