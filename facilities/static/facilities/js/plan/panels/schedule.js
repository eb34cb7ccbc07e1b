import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";

/** The area schedule, which the server writes (facilities/_schedule.html). */
export class Schedule {
  constructor(element, editor, checks) {
    Object.assign(this, { element, editor, checks, shown: null });
    element.addEventListener("click", (event) => {
      const item = event.target.closest("[data-keys]");
      const keys = item?.dataset.keys.split(" ").filter(Boolean) ?? [];
      if (keys.length)
        editor.select(
          keys.map((key) => ({ kind: editor.state.kindOf(key), key })).filter(({ kind }) => kind),
          { reveal: true },
        );
    });
  }

  render() {
    const html = this.checks.found?.schedule_html;
    this.element.classList.toggle("stale", this.checks.found?.version !== this.editor.state.version);
    if (html === undefined || html === this.shown) {
      if (this.shown === null)
        this.element.replaceChildren(
          h("p", { className: "subtle" }, t(this.checks.failed ? "checks_failed" : "loading")),
        );
      return;
    }
    this.shown = html;
    // Our own server's markup; scripts in it would not run under the page's policy.
    this.element.innerHTML = html;
  }
}
