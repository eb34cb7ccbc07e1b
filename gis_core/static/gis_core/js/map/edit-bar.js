// The bar above the map while a shape is drawn or changed: what can be done now, and what it measures.

import { area, areaText, isLine, lengthText, perimeter, polygons, selfCrossing } from "./geometry.js";
import { language, t } from "./text.js";

const STORAGE = "EPSG:5179";
// A ring of many corners takes too long to check on every move of the mouse; the server checks it anyway.
const MOST_CHECKED = 600;

export class EditBar {
  /** `actions` maps the names of the bar's buttons (data-edit) to what they do. */
  constructor(element, projection, actions) {
    this.element = element;
    this.metres = (point) => projection.forward(STORAGE, point);
    this.hint = element.querySelector("[data-part=hint]");
    this.measure = element.querySelector("[data-part=measure]");
    this.place = element.querySelector("[data-part=place]");
    this.levels = element.querySelector("[data-part=levels]");
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-edit]");
      if (button) actions[button.dataset.edit]?.(button);
    });
    this.place.addEventListener("submit", (event) => {
      event.preventDefault();
      actions.type(this.place.elements.coordinates.value);
    });
  }

  /**
   * Show what the session allows: {shown: names of the visible buttons, disabled: names, which shape is changed, the
   * kind it is drawn as, hint, point: whether coordinates can be typed, areas: whether areas of a level are chosen,
   * pressed: names of the buttons that are on}.
   */
  show({ shown, disabled, which, kind, hint, point, areas = false, pressed = [] }) {
    this.element.hidden = false;
    for (const button of this.element.querySelectorAll("[data-edit]")) {
      const { edit } = button.dataset;
      button.hidden = !shown.includes(edit);
      button.disabled = disabled.includes(edit);
      if (button.dataset.kind) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
      if ("toggle" in button.dataset) button.setAttribute("aria-pressed", String(pressed.includes(edit)));
      if (button.dataset.which) button.setAttribute("aria-pressed", String(button.dataset.which === which));
    }
    this.place.hidden = !point;
    this.levels.hidden = !areas;
    if (this.hint.textContent !== hint) this.hint.textContent = hint;
  }

  /** The level of areas that a click means. */
  get level() {
    return this.levels.querySelector("select").value;
  }

  /** Write something else than what a polygon measures. */
  tell({ text, isWarning }) {
    this.measure.classList.toggle("wrong", isWarning);
    this.measure.textContent = text;
  }

  hide() {
    this.element.hidden = true;
    this.hint.textContent = "";
    this.measure.textContent = "";
  }

  /** Write area and length of a polygon, and say when it crosses itself; of a line its length. */
  read(geometry) {
    if (isLine(geometry)) {
      this.measure.classList.remove("wrong");
      this.measure.textContent = lengthText(perimeter(geometry, this.metres), language());
      return;
    }
    const parts = polygons(geometry);
    if (!parts.length) {
      this.measure.textContent = "";
      return;
    }
    const corners = parts.flat(2).length;
    const crossing = corners <= MOST_CHECKED && selfCrossing(geometry);
    this.measure.classList.toggle("wrong", Boolean(crossing));
    this.measure.textContent = crossing
      ? t("crosses_itself")
      : t("measured", {
          area: areaText(area(geometry, this.metres), language()),
          length: lengthText(perimeter(geometry, this.metres), language()),
        });
  }
}
