// The panels at the right (below on a phone): tabs, of which only the one in sight is drawn.

export class Panels {
  /** `panels` maps the tabs' names (data-panel-tab) to objects with render(). */
  constructor(element, editor, panels) {
    Object.assign(this, { element, editor, panels });
    this.tabs = [...element.querySelectorAll("[role=tab]")];
    this.current = "properties";
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.show(tab.dataset.panelTab, { unfold: true }));
      tab.addEventListener("keydown", (event) => this.#key(event));
    }
    for (const name of ["selection", "document", "level", "checks", "tool", "underlays"]) {
      editor.on(name, () => this.#changed());
    }
  }

  show(name, { unfold = false } = {}) {
    this.current = name;
    for (const tab of this.tabs) {
      const isCurrent = tab.dataset.panelTab === name;
      tab.setAttribute("aria-selected", String(isCurrent));
      tab.tabIndex = isCurrent ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isCurrent;
      if (isCurrent) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (unfold) this.fold(false);
    this.panels[name].opened?.();
    this.panels[name].render();
  }

  /** On a phone the panels are a sheet that folds down to its tabs. */
  fold(folded) {
    document.body.classList.toggle("plan-folded", folded);
    document.getElementById("plan-fold")?.setAttribute("aria-expanded", String(!folded));
  }

  // One picture's worth of changes is one rendering.
  #changed() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.refresh();
    });
  }

  /** Draw the panel in sight again; while somebody is typing in it, only when the field is left. */
  refresh() {
    const active = document.activeElement;
    if (this.element.contains(active) && active.dataset.dirty) {
      active.addEventListener("blur", () => this.#changed(), { once: true });
    } else this.panels[this.current].render();
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = this.tabs.findIndex(({ dataset }) => dataset.panelTab === this.current);
    const next = this.tabs.at((index + step) % this.tabs.length);
    this.show(next.dataset.panelTab);
    next.focus();
  }
}

/** Replace what an element holds, and put the focus (and what is selected in a field) back where it was. */
export function refill(element, ...children) {
  const active = document.activeElement;
  const name = element.contains(active) ? active.dataset.focus : null;
  const range = name && active.type === "text" ? [active.selectionStart, active.selectionEnd] : null;
  const isWhole = range && range[0] === 0 && range[1] === active.value.length;
  element.replaceChildren(...children.filter(Boolean));
  const again = name && element.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (!range || again.type !== "text") return;
  if (isWhole) again.select();
  else again.setSelectionRange(...range);
}
