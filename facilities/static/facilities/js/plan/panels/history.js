import { h } from "../../../../gis_core/js/map/dom.js";
import { t } from "../../../../gis_core/js/map/text.js";

/** Who changed what and when: the table of the plan's own history page. */
export class History {
  constructor(element, editor) {
    Object.assign(this, { element, editor, version: null });
  }

  async render() {
    const { editor } = this;
    const { version } = editor.state;
    if (version === this.version) return;
    this.version = version;
    try {
      const response = await fetch(editor.config.urls.history);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (this.version === version) this.#show([...page.querySelectorAll("#main tbody tr")]);
    } catch {
      this.version = null;
      this.element.replaceChildren(h("p", { className: "subtle" }, t("history_failed")));
    }
  }
  /** The rows of the table as a list: a panel is too narrow for six columns. */
  #show(rows) {
    const item = (row) => {
      const [, what, parts, who, when] = [...row.cells].map((cell) => cell.textContent.trim());
      return h(
        "li",
        {},
        h("strong", {}, what),
        h("span", { className: "subtle" }, parts),
        h("span", { className: "subtle small" }, `${who} · ${when}`),
      );
    };
    const link = h("a", { href: this.editor.config.urls.history, className: "button small" }, t("whole_history"));
    this.element.replaceChildren(
      rows.length
        ? h("ol", { className: "plan-history" }, ...rows.map(item))
        : h("p", { className: "empty" }, t("no_history")),
      h("p", { className: "buttons" }, link),
    );
  }
}
