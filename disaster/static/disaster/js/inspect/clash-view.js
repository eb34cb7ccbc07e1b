// Two versions of one inspection, side by side: a person says whose answers count. Answers that only one side changed are
// together already (gis_core/offline/bodies.py).

import { h } from "../../../gis_core/js/map/dom.js";
import { fieldsOf } from "../../../gis_core/js/offline/clash.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { answerText, inLanguage } from "./fields.js";

const ANSWERS = "answers.";

/** `on`: mine(), theirs(), back(). */
export function clashView({ record, object, edition }, on) {
  const asked = (field) => edition?.body.questions.find(({ key }) => `${ANSWERS}${key}` === field);
  const shown = fieldsOf(record.difference).filter(({ field }) => asked(field) || field === "note");
  const rows = shown.map(({ field, current, yours }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, field === "note" ? t("note") : inLanguage(asked(field).title)),
      h("td", {}, answerText(asked(field), yours)),
      h("td", {}, answerText(asked(field), current)),
    ),
  );
  const head = ["", t("clash_mine"), t("clash_theirs")].map((text) => h("th", { scope: "col" }, text));
  return h(
    "div",
    { className: "inspect-screen" },
    h("button", { type: "button", className: "button small inspect-back", onclick: on.back }, t("back")),
    h("h2", {}, object.title),
    h("p", {}, t("clash_intro")),
    rows.length
      ? h("table", { className: "table" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows))
      : null,
    h(
      "div",
      { className: "inspect-actions" },
      h("button", { type: "button", className: "button", onclick: on.mine }, t("clash_mine")),
      h("button", { type: "button", className: "button", onclick: on.theirs }, t("clash_theirs")),
    ),
  );
}
