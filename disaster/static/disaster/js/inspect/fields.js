// The questions of a checklist as fields. `onanswer(key, value)` is called at each change.

import { h } from "../../../gis_core/js/map/dom.js";
import { language, number } from "../../../gis_core/js/map/text.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { isKnown } from "./logic.js";

export const inLanguage = (titles) => titles?.[language().slice(0, 2)] ?? titles?.ko ?? "";

const isRequired = ({ required, kind }) => required ?? kind !== "text";

export function question(asked, value, onanswer) {
  const { key, kind } = asked;
  const answer = (given) => onanswer(key, given);
  if (kind === "yes_no") {
    const options = ["yes", "no"].map((each) => ({ value: each, label: t(each) }));
    return choices(asked, options, value, answer);
  }
  if (kind === "choice") {
    const options = asked.options.map((each) => ({ value: each.value, label: inLanguage(each.title) }));
    return choices(asked, options, value, answer);
  }
  return typed(asked, value, answer);
}

function named(asked) {
  const mark = isRequired(asked) ? h("span", { className: "inspect-required" }, t("required")) : null;
  return [inLanguage(asked.title), mark];
}

function choices(asked, options, chosen, onanswer) {
  const group = h("div", { className: "inspect-choices" });
  for (const { value, label } of options) {
    const input = h("input", { type: "radio", name: asked.key, value, onchange: () => onanswer(value) });
    input.checked = value === chosen;
    group.append(h("label", { className: "inspect-choice" }, input, h("span", {}, label)));
  }
  return h(
    "fieldset",
    { className: "inspect-question", "data-question": asked.key },
    h("legend", {}, ...named(asked).filter(Boolean)),
    hint(asked),
    group,
  );
}

function typed(asked, value, onanswer) {
  const isMeasure = asked.kind === "measure";
  const input = isMeasure ? h("input", { type: "text", inputmode: "decimal" }) : h("textarea", { rows: 2 });
  input.id = `q-${asked.key}`;
  input.value = value ?? "";
  input.addEventListener("input", () => onanswer(isMeasure ? numeric(input.value) : input.value.trim()));
  return h(
    "div",
    { className: "inspect-question", "data-question": asked.key },
    h("label", { for: input.id }, ...named(asked).filter(Boolean)),
    hint(asked),
    isMeasure ? h("p", { className: "inspect-hint" }, limitsText(asked)) : null,
    isMeasure ? h("div", { className: "inspect-measure" }, input, h("span", {}, asked.unit)) : input,
  );
}

function hint(asked) {
  const text = inLanguage(asked.hint);
  return text ? h("p", { className: "inspect-hint" }, text) : null;
}

export function limitsText({ min, max, unit }) {
  if (isKnown(min) && isKnown(max)) return t("between", { low: number(min), high: number(max), unit });
  return isKnown(min) ? t("at_least", { limit: number(min), unit }) : t("at_most", { limit: number(max), unit });
}

/** A number where it is one; else the text as it was typed, which is then told to be none. */
export function numeric(text) {
  const found = Number(text.replace(",", "."));
  if (text.trim() === "") return null;
  return Number.isNaN(found) ? text : found;
}

/** An answer as people read it. */
export function answerText(asked, value) {
  if (!isKnown(value)) return t("no_answer");
  if (asked?.kind === "yes_no") return t(value);
  const chosen = asked?.options?.find((option) => option.value === value);
  return chosen ? inLanguage(chosen.title) : asked?.unit ? `${number(value)} ${asked.unit}` : String(value);
}
