// Choosing a record's member areas on the map: by a click, by a line drawn around them, or by the keyboard. The form's
// boxes hold what is chosen; what is known of it comes from the server beside them.

import { t } from "./text.js";

export class Members {
  /**
   * `section` is the form's panel; `onChange` hears that something else is chosen, `onSummary` of what is known of it.
   * `Members.in(section)` tells whether the form chooses members at all.
   */
  constructor(section, page, { onChange, onSummary }) {
    Object.assign(this, { page, onChange });
    this.place = section.querySelector("[data-members]");
    this.layer = this.place.dataset.members;
    this.fieldset = this.place.closest("fieldset");
    this.boxes = new Map(
      [...this.fieldset.querySelectorAll("input[type=checkbox]")].map((box) => [Number(box.value), box]),
    );
    this.isTaking = false;
    this.fieldset.addEventListener("change", () => this.show());
    this.place.addEventListener("htmx:afterSwap", () => onSummary());
  }

  static in(section) {
    return Boolean(section.querySelector("[data-members]"));
  }

  /** Whether the extent was drawn by hand, so that members do not change it. */
  get isDrawn() {
    return "drawn" in this.place.dataset;
  }

  get ids() {
    return new Set([...this.boxes].filter(([, box]) => box.checked).map(([id]) => id));
  }

  /** In one line: how many, how large, whether they hang together. `isWarning` when they do not. */
  get summary() {
    const found = this.place.querySelector("[data-summary]");
    return { text: found?.dataset.summary ?? "", isWarning: "warning" in (found?.dataset ?? {}) };
  }

  get lassoing() {
    return this.page.adapter.lasso.active;
  }

  get level() {
    return this.page.bar.level;
  }

  /** Show what is chosen on the map; `stop` takes it away. */
  show() {
    this.page.adapter.tiles.choose({ layer: this.layer, ids: this.ids });
  }

  stop() {
    if (this.lassoing) this.page.adapter.lasso.stop();
    this.page.adapter.tiles.choose(null);
  }

  /** Add the area at a place, or take it away. */
  at(place) {
    const picked = this.page.adapter.tiles.pick(place, 1);
    const hit = picked.find(({ layer, level }) => layer === this.layer && level === this.level);
    const box = hit && this.boxes.get(hit.id);
    if (!box) {
      this.page.status.say(t("no_area_here"));
      return;
    }
    this.#set([box], !box.checked);
  }

  /** Until it is pressed again, dragging draws around areas instead of moving the map. */
  lasso() {
    const { lasso } = this.page.adapter;
    if (lasso.active) lasso.stop();
    else lasso.start((ring) => this.#around(ring));
  }

  async #around(ring) {
    const { status } = this.page;
    try {
      const response = await fetch(this.place.dataset.inside, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
        body: JSON.stringify({ ring, level: this.level }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      status.clear("members");
      const boxes = answer.areas.map((id) => this.boxes.get(id)).filter(Boolean);
      this.#set(boxes, !this.isTaking);
    } catch {
      status.note("members", t("members_failed"), { kind: "warning", seconds: 8 });
    }
  }

  #set(boxes, isChosen) {
    const changed = boxes.filter((box) => box.checked !== isChosen);
    for (const box of changed) {
      box.checked = isChosen;
      box.closest("li").hidden = false;
    }
    const names = changed.map((box) => box.closest("label").textContent.trim().split(" ").at(-1)).join(", ");
    this.page.status.say(names ? t(isChosen ? "members_added" : "members_removed", { names }) : t("no_area_here"));
    if (!changed.length) return;
    // As if they had been ticked by hand: the draft, the map and what is known of them follow.
    changed[0].dispatchEvent(new Event("input", { bubbles: true }));
    changed[0].dispatchEvent(new Event("change", { bubbles: true }));
    this.onChange();
  }
}
