// The questions of a form as fields. `onanswer(id, value)` is called at each change.

import { h } from "../../../gis_core/js/map/dom.js";
import { language } from "../../../gis_core/js/map/text.js";
import { t } from "../../../gis_core/js/offline/words.js";

export const inLanguage = (titles) => titles?.[language().slice(0, 2)] ?? titles?.ko ?? "";

const choice = (type, name, value, label, checked, onchange) =>
  h(
    "label",
    { className: "survey-choice" },
    h("input", { type, name, value, checked: Boolean(checked), onchange }),
    h("span", {}, label),
  );

/** A group of big buttons, one or several of which are chosen. */
export function choices({ type, name, legend, options, chosen, onchange, required }) {
  const set = h("fieldset", { className: "survey-question", "data-question": name });
  set.append(h("legend", {}, legend, required ? h("span", { className: "survey-required" }, t("required")) : null));
  const group = h("div", { className: "survey-choices" });
  for (const { value, label } of options) {
    group.append(choice(type, name, value, label, chosen.includes(value), () => onchange(read(set, type))));
  }
  set.append(group);
  return set;
}

function read(set, type) {
  const values = [...set.querySelectorAll("input:checked")].map((input) => input.value);
  return type === "radio" ? (values[0] ?? null) : values;
}

export function question(asked, value, onanswer) {
  const { id, type } = asked;
  const legend = inLanguage(asked.title);
  const onchange = (answer) => onanswer(id, answer);
  if (type === "yes_no") {
    const options = ["yes", "no"].map((each) => ({ value: each, label: t(each) }));
    return hinted(
      asked,
      choices({ type: "radio", name: id, legend, options, chosen: [value], onchange, required: asked.required }),
    );
  }
  if (type === "single" || type === "multi") {
    const options = asked.options.map((option) => ({ value: option.value, label: inLanguage(option.title) }));
    const chosen = Array.isArray(value) ? value : [value];
    const kind = type === "single" ? "radio" : "checkbox";
    return hinted(
      asked,
      choices({ type: kind, name: id, legend, options, chosen, onchange, required: asked.required }),
    );
  }
  return hinted(asked, typed(asked, legend, value, onchange));
}

function typed({ id, type, required, unit }, legend, value, onchange) {
  const input = type === "text" ? h("textarea", { rows: 2 }) : h("input", { type: type === "date" ? "date" : "text" });
  if (type === "number") input.setAttribute("inputmode", "decimal");
  input.id = `q-${id}`;
  input.value = value ?? "";
  input.addEventListener("input", () => onchange(type === "number" ? numeric(input.value) : input.value.trim()));
  return h(
    "div",
    { className: "survey-question", "data-question": id },
    h(
      "label",
      { for: input.id },
      legend,
      unit ? ` (${unit})` : null,
      required ? h("span", { className: "survey-required" }, t("required")) : null,
    ),
    input,
  );
}

/** A number where it is one; else the text as it was typed, which is then told to be none. */
function numeric(text) {
  const number = Number(text.replace(",", "."));
  if (text.trim() === "") return null;
  return Number.isNaN(number) ? text : number;
}

function hinted({ hint }, element) {
  const text = inLanguage(hint);
  if (text) element.append(h("p", { className: "survey-hint" }, text));
  return element;
}
