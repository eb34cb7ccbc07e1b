// The bar over the canvas: what the tool in hand waits for, its exact figures, and what it measures.

import { h } from "../../../gis_core/js/map/dom.js";

export class ToolBar {
  constructor(element, editor) {
    Object.assign(this, { element, editor });
    this.made = "";
    this.inputs = new Map();
    for (const name of ["tool", "bar", "selection", "document", "level"]) editor.on(name, () => this.render());
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  render() {
    this.element.hidden = !this.editor.tool;
    const bar = this.editor.tool?.bar() ?? { hint: "" };
    const { fields = [], actions = [] } = bar;
    const made = JSON.stringify([
      fields.map(({ name, type }) => [name, type]),
      actions.map(({ name }) => name),
      bar.hint,
    ]);
    if (made !== this.made) this.#build(bar);
    this.made = made;
    this.first = bar.first;
    this.measure.textContent = bar.measure ?? "";
    this.measure.hidden = !bar.measure;
    for (const field of fields) this.#fill(this.inputs.get(field.name), field);
  }

  #fill(input, { value, type, wrong = false }) {
    if (!input) return;
    // What somebody is typing is theirs, and no mistake before it is left or entered.
    const isTyped = input === document.activeElement;
    if (!wrong) input.removeAttribute("aria-invalid");
    else if (!isTyped) input.setAttribute("aria-invalid", "true");
    if (isTyped) return;
    if (type === "checkbox") input.checked = value;
    else input.value = value;
  }

  #build({ hint, fields = [], actions = [] }) {
    const focused = document.activeElement?.dataset?.field;
    const typed = document.activeElement?.value;
    this.inputs.clear();
    this.measure = h("output", { className: "tool-measure number" });
    this.element.replaceChildren(
      h("p", { className: "tool-hint" }, hint),
      this.measure,
      fields.length ? h("div", { className: "tool-fields" }, ...fields.map((field) => this.#field(field))) : "",
      actions.length
        ? h(
            "div",
            { className: "tool-actions" },
            ...actions.map(({ label, run, primary }) =>
              h(
                "button",
                { type: "button", className: `button small${primary ? " primary" : ""}`, onclick: run },
                label,
              ),
            ),
          )
        : "",
    );
    const again = focused && this.inputs.get(focused);
    if (again) {
      if (again.type === "text") again.value = typed;
      again.focus();
    }
  }

  #field({ name, label, unit, type = "text", options }) {
    const tell = (event) =>
      this.editor.tool.typed(name, type === "checkbox" ? event.target.checked : event.target.value);
    const common = { "data-field": name, oninput: tell, onblur: () => queueMicrotask(() => this.render()) };
    let input;
    if (type === "select") {
      input = h("select", common, ...options.map(({ value, label: text }) => h("option", { value }, text)));
    } else if (type === "checkbox") input = h("input", { type, ...common });
    else input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", ...common });
    this.inputs.set(name, input);
    return h(
      "label",
      { className: `tool-field ${type}` },
      h("span", {}, label),
      input,
      unit ? h("span", {}, unit) : "",
    );
  }

  #key(event) {
    const { field } = event.target.dataset;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.editor.tool.escape();
      this.editor.adapter.element.focus();
    } else if (event.key === "Enter" && field && event.target.type === "text") {
      event.preventDefault();
      event.target.blur();
      this.editor.tool.enter();
      // A figure that could not be taken has the keyboard again.
      const isBack = this.element.contains(document.activeElement);
      if (!isBack) this.editor.adapter.element.focus({ preventScroll: true });
    }
  }

  focus(name) {
    this.render();
    const input = this.inputs.get(name);
    input?.focus();
    if (input?.type === "text") input.select();
  }

  /** A digit typed on the canvas begins the tool's first figure; answers whether there is one. */
  typeInto(character) {
    const input = this.first && this.inputs.get(this.first);
    if (!input) return false;
    input.value = character;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
}
