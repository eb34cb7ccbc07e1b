// The record form in the panel, seen from the map: its shape inputs, and its fields as a draft.

import { equals } from "./geometry.js";

const NOT_DRAFTED = new Set(["csrfmiddlewaretoken", "geometry", "outline"]);
const DEGREE_DIGITS = 7;

export class RecordForm {
  /** `onFields` hears of typing; `onTyped` of coordinates typed in, as [lng, lat]. */
  constructor(form, { onFields, onTyped }) {
    this.form = form;
    this.initial = { lon: this.#field("lon")?.value ?? "", lat: this.#field("lat")?.value ?? "" };
    form.addEventListener("input", () => onFields());
    for (const name of ["lon", "lat"]) {
      this.#field(name)?.addEventListener("change", () => this.#typed(onTyped));
    }
  }

  #field(name) {
    return this.form.elements.namedItem(name);
  }

  #typed(onTyped) {
    const place = [this.#field("lon").value, this.#field("lat").value].map((text) =>
      text.trim() ? Number(text) : NaN,
    );
    if (place.every(Number.isFinite)) onTyped(place);
  }

  /** The shapes a refused form came back with; undefined where it said nothing. */
  get sent() {
    const read = (name) => {
      const text = this.#field(name)?.value ?? "";
      return text ? JSON.parse(text) : undefined;
    };
    return { geometry: read("geometry"), outline: read("outline") };
  }

  /** Put the shapes into the form's inputs: empty when unchanged, "null" when taken away. */
  write(shape, original) {
    for (const name of ["geometry", "outline"]) {
      const input = this.#field(name);
      if (input) input.value = equals(shape[name], original[name]) ? "" : JSON.stringify(shape[name] ?? null);
    }
    if (!this.#field("lon")) return;
    const moved = !equals(shape.geometry, original.geometry);
    if (!moved || !shape.geometry) {
      this.#field("lon").value = this.initial.lon;
      this.#field("lat").value = this.initial.lat;
      return;
    }
    // A line or an area has no coordinates of its own that could be typed.
    const place =
      shape.geometry.type === "Point" ? shape.geometry.coordinates.map((at) => at.toFixed(DEGREE_DIGITS)) : "";
    this.#field("lon").value = place[0] ?? "";
    this.#field("lat").value = place[1] ?? "";
  }

  get fields() {
    return [...new FormData(this.form)].filter(([name, value]) => !NOT_DRAFTED.has(name) && typeof value === "string");
  }

  /** Fill in the fields of a draft, its version and its token with them: it was made from that version. */
  fill(fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || NOT_DRAFTED.has(field.name)) continue;
      const wanted = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
      else if (wanted.length) field.value = wanted[0];
    }
  }

  get label() {
    return this.#field("name")?.value || this.#field("address")?.value || "";
  }

  get save() {
    return this.form.querySelector("button[type=submit]");
  }
}
