// Everything this person saved on this phone, each with its state in plain words and what can be done about it.

import { h } from "../../../gis_core/js/map/dom.js";
import { stateText, t } from "../../../gis_core/js/offline/words.js";

export async function recordsView({ queue, pack, onopen, onback, again }) {
  const records = await queue.list();
  const items = await Promise.all(records.map((record) => item(record, { queue, pack, onopen, again })));
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button small survey-back", onclick: onback }, t("back")),
    h("h2", {}, t("my_records")),
    records.length ? h("ul", { className: "survey-list" }, ...items) : h("p", {}, t("no_records")),
  );
}

async function item(record, { queue, pack, onopen, again }) {
  const opened = await queue.open(record.uuid);
  const { text, tone, details } = stateText(record);
  const { house, title, new_house } = opened.object;
  const address = pack.houses.find(({ id }) => id === house)?.address ?? title;
  const name = address ?? (new_house ? new_house.address || t("new_house") : t("house_number", { number: house }));
  const buttons = h("div", { className: "buttons" });
  const act = (key, onclick) =>
    buttons.append(h("button", { type: "button", className: "button small", onclick }, t(key)));
  if (record.state === "draft") act("discard", () => queue.discardDraft(record.uuid).then(again));
  const isOfficeDone = ["accepted", "set_aside"].includes(record.receipt?.target?.state);
  if (record.state === "conflict") {
    act("keep_mine", () => queue.keepMine(record.uuid).then(again));
    act("take_theirs", () => queue.takeTheirs(record.uuid).then(again));
  } else if (!isOfficeDone) act(record.state === "rejected" ? "correct" : "change", () => onopen(record.uuid));
  const differences = Object.entries(record.difference?.difference ?? {}).map(([field, { current, yours }]) =>
    h("li", {}, t("differs", { field, current: JSON.stringify(current), yours: JSON.stringify(yours) })),
  );
  return h(
    "li",
    { className: "survey-item", "data-state": record.state, "data-uuid": record.uuid },
    h("strong", {}, name),
    h("span", { className: `survey-state ${tone}` }, text),
    details.length ? h("ul", { className: "survey-details" }, ...details.map((each) => h("li", {}, each))) : null,
    differences.length ? h("ul", { className: "survey-details" }, ...differences) : null,
    buttons,
  );
}
