// Two versions of one visit, side by side in the words of its form: a person picks, question by question.

import { h } from "../../../gis_core/js/map/dom.js";
import { language } from "../../../gis_core/js/map/text.js";
import { fieldsOf, picked } from "../../../gis_core/js/offline/clash.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { inLanguage } from "./fields.js";
import { isKnown, questions } from "./logic.js";

const ANSWERS = "answers.";
// What nobody enters and nobody can decide: this phone's is as good.
const SHOWN = ["outcome", "reason", "note", "photos", "new_house", "visited_at", "fix"];

const asked = (field, form) =>
  field.startsWith(ANSWERS) && form
    ? questions(form.body).find(({ id }) => id === field.slice(ANSWERS.length))
    : undefined;

export function fieldTitle(field, form) {
  if (!field.startsWith(ANSWERS)) return t(`field_${field}`);
  return inLanguage(asked(field, form)?.title) || field.slice(ANSWERS.length);
}

/** A value as people read it. */
export function valueText(field, value, form) {
  if (!isKnown(value)) return t("no_answer");
  if (field === "outcome") return t(`outcome_${value}`);
  if (field === "photos") return t("photo_count", { count: value.length });
  if (field === "new_house") return value.address || t("no_answer");
  if (field === "visited_at") return new Date(value).toLocaleString(language());
  if (field === "fix") return t("new_place", { lat: value.lat.toFixed(5), lon: value.lon.toFixed(5) });
  const { type, options, unit } = asked(field, form) ?? {};
  const one = (each) => inLanguage(options?.find((option) => option.value === each)?.title) || String(each);
  if (type === "yes_no" && ["yes", "no"].includes(value)) return t(value);
  if (Array.isArray(value)) return value.map(one).join(", ");
  return unit ? `${value} ${unit}` : one(value);
}

/** `onsolve(object)` with the text as picked, or null where all of it is the office's; `onback()`. */
export function clashView({ record, object, form, name }, { onsolve, onback }) {
  const all = fieldsOf(record.difference);
  const shown = all.filter(({ field }) => field.startsWith(ANSWERS) || SHOWN.includes(field));
  const picks = new Map(all.map(({ field }) => [field, shown.some((each) => each.field === field) ? null : "mine"]));
  const sets = shown.map((each) => choice(each, form, (side) => picks.set(each.field, side)));
  const told = h("p", { className: "survey-problems", role: "alert" });
  const pickAll = (side) => {
    for (const set of sets) set.querySelector(`input[value=${side}]`).click();
  };
  const save = () => {
    const open = shown.findIndex(({ field }) => !picks.get(field));
    if (open >= 0) {
      told.textContent = t("clash_open", { question: fieldTitle(shown[open].field, form) });
      sets[open].scrollIntoView({ block: "center" });
      return;
    }
    const made = picked(record.difference, object, picks);
    onsolve(isSame(made, record.difference.current) ? null : made);
  };
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button survey-back", onclick: onback }, t("back")),
    h("h2", {}, name),
    h("p", {}, t(shown.length ? "clash_intro" : "clash_none")),
    h("div", { className: "survey-pair" }, button("keep_mine", "mine"), button("take_theirs", "theirs")),
    ...sets,
    told,
    h("button", { type: "button", className: "button primary survey-save", onclick: save }, t("clash_save")),
  );

  function button(key, side) {
    return h("button", { type: "button", className: "button", onclick: () => pickAll(side) }, t(key));
  }
}

function choice({ field, current, yours }, form, onpick) {
  const side = (value, key, content) =>
    h(
      "label",
      { className: "survey-choice survey-side" },
      h("input", { type: "radio", name: `clash-${field}`, value, onchange: () => onpick(value) }),
      h("span", {}, h("small", {}, t(key)), h("b", {}, valueText(field, content, form))),
    );
  return h(
    "fieldset",
    { className: "survey-question", "data-field": field },
    h("legend", {}, fieldTitle(field, form)),
    h("div", { className: "survey-pair" }, side("mine", "yours", yours), side("theirs", "theirs", current)),
  );
}

/** Equal in content, whatever the order of names. */
export function isSame(a, b) {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Array.isArray(a) === Array.isArray(b) && [...names].every((name) => isSame(a[name], b[name]));
}
