// The building's levels as tabs over the canvas, the highest at the right.

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/map/text.js";

export class LevelTabs {
  constructor(element, editor) {
    Object.assign(this, { element, editor });
    for (const name of ["level", "document"]) editor.on(name, () => this.render());
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  render() {
    const { editor, element } = this;
    const made = editor.state.levels.map(({ key, short_name: name }) => `${key}${name}`).join();
    if (made !== this.made) {
      this.made = made;
      element.replaceChildren(...editor.state.levels.map((level) => this.#tab(level)));
    }
    for (const tab of element.children) {
      const isCurrent = tab.dataset.level === editor.level;
      tab.setAttribute("aria-selected", String(isCurrent));
      tab.tabIndex = isCurrent ? 0 : -1;
      tab.querySelector(".count").textContent = String(editor.state.on("units", tab.dataset.level).length);
    }
  }

  #tab(level) {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        "data-level": level.key,
        "aria-controls": "plan",
        title: level.name || null,
        onclick: () => this.editor.setLevel(level.key),
      },
      this.editor.words.level(level),
      " ",
      h("span", { className: "count number", "aria-label": t("rooms") }),
    );
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.editor.stepLevel(step);
    this.element.querySelector("[aria-selected=true]")?.focus();
  }
}
