// What lies under everything: areas only, or a raster with an opacity. In the address as "3" or "3:0.6".

import { t } from "./text.js";

export const AREAS_ONLY = "areas";

export function parseBase(text) {
  const [id, opacity] = (text ?? "").split(":");
  const number = Number(opacity);
  return { id: id || null, opacity: opacity && number >= 0 && number <= 1 ? number : null };
}

export const formatBase = ({ id, opacity }) => (opacity === null || id === AREAS_ONLY ? id : `${id}:${opacity}`);

export class BaseMaps {
  /** `form` has radio buttons "base" and a range "opacity", both made by the server. */
  constructor(form, bases, adapter, store, status) {
    Object.assign(this, { form, bases, adapter, store, status });
    this.failed = 0;
    if (!form) {
      this.apply = () => {};
      return;
    }
    form.addEventListener("change", (event) => event.target.name === "base" && this.#chosen(event.target.value));
    form.elements.opacity?.addEventListener("input", (event) => this.#opacity(Number(event.target.value)));
  }

  #chosen(id) {
    this.store.set({ base: id });
  }

  #opacity(opacity) {
    this.adapter.setBaseOpacity(opacity);
    this.store.set({ base: formatBase({ id: parseBase(this.store.state.base).id, opacity }) });
  }

  /** Put the state's base map under the layers; the first one marked by the administrator when it names none. */
  apply(state) {
    const asked = parseBase(state.base);
    const fallback = this.bases.find(({ first }) => first);
    const base =
      asked.id === AREAS_ONLY ? null : (this.bases.find(({ id }) => String(id) === asked.id) ?? fallback ?? null);
    const opacity = asked.opacity ?? base?.opacity ?? 1;
    const range = this.form.elements.opacity;
    this.form.elements.base.value = base ? String(base.id) : AREAS_ONLY;
    if (range) {
      range.closest("label").hidden = base === null;
      range.value = opacity;
    }
    if (base === this.shown) return;
    this.shown = base;
    this.failed = 0;
    this.status.clear("base");
    this.adapter.setBase(base, opacity, () => this.#tileFailed());
  }

  #tileFailed() {
    this.failed++;
    this.status.note("base", t("base_failed", { count: this.failed }), {
      kind: "warning",
      closable: true,
      actions: [{ label: t("try_again"), run: () => this.#retry() }],
    });
  }

  #retry() {
    this.failed = 0;
    this.status.clear("base");
    this.adapter.retryBase();
  }
}
