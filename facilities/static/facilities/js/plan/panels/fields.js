// Fields of the properties panel: each tells its value when it is changed, and knows how to be found again.

import { h } from "../../../../gis_core/js/map/dom.js";
import { plain, readNumber } from "../numbers.js";
import { numberWanted } from "../words.js";

const dirty = (event) => {
  event.target.dataset.dirty = "1";
};

function told(change) {
  return (event) => {
    delete event.target.dataset.dirty;
    change(event.target);
  };
}

function labelled(name, label, input, extra = "") {
  const id = `plan-field-${name}`;
  input.id = id;
  input.dataset.focus = name;
  return h("div", { className: "plan-field" }, h("label", { for: id }, label), input, extra);
}

/**
 * A number within limits ({least, most, whole}). `change` is told the number; one that cannot be taken is told to
 * `refused` in words, and the field holds the stored value again. Whole numbers have the browser's own arrows; metres
 * are text, because the browser drops the comma that many type for the point.
 */
export function numberField(name, label, value, change, { least, most, whole = false, refused, ...options }) {
  const limits = { least, most, whole };
  const stored = plain(value);
  const field = textField(
    name,
    label,
    stored,
    (text) => {
      const found = readNumber(text, limits);
      if (found.value === null) {
        input.value = stored;
        refused(numberWanted(label, limits));
      } else {
        refused("");
        change(found.value);
      }
    },
    { ...options, numeric: true },
  );
  const input = field.querySelector("input");
  if (whole) {
    Object.assign(input, { type: "number", min: String(least), max: String(most), step: "1", inputMode: "numeric" });
    input.value = stored;
  }
  return field;
}

/** A line of text. `change` is told the value. */
export function textField(
  name,
  label,
  value,
  change,
  { disabled = false, maxlength = 60, unit = "", numeric = false } = {},
) {
  const input = h("input", {
    className: `input${numeric ? " number" : ""}`,
    type: "text",
    maxlength: String(maxlength),
    autocomplete: "off",
    inputmode: numeric ? "decimal" : null,
    disabled,
    oninput: dirty,
    onchange: told((target) => change(target.value.trim())),
  });
  input.value = value;
  if (numeric) {
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") input.blur();
    });
  }
  return labelled(name, label, input, unit ? h("span", { className: "unit" }, unit) : "");
}

export function selectField(name, label, options, value, change, { disabled = false } = {}) {
  const input = h(
    "select",
    { className: "input", disabled, onchange: told((target) => change(target.value)) },
    ...options.map((option) => h("option", { value: option.value }, option.label)),
  );
  input.value = value;
  return labelled(name, label, input);
}

export function checkField(name, label, value, change, { disabled = false } = {}) {
  const input = h("input", { type: "checkbox", disabled, onchange: (event) => change(event.target.checked) });
  input.checked = Boolean(value);
  input.dataset.focus = name;
  return h("label", { className: "check" }, input, label);
}

export function button(label, run, { className = "", focus = label, disabled = false } = {}) {
  return h(
    "button",
    { type: "button", className: `button small ${className}`, onclick: run, disabled, "data-focus": focus },
    label,
  );
}
