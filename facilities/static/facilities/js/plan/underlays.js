// Scans and drawings under a level: what there is, where it lies, and keeping it so on the server.

import { svg } from "../../../gis_core/js/map/dom.js";
import { applied, provisional } from "./affine.js";
import { get, send, upload } from "./api.js";
import { boxOf } from "./geometry.js";

export class Underlays {
  constructor(editor) {
    this.editor = editor;
    this.list = [];
    editor.on("level", () => this.draw());
    editor.pictures = () => this.here.map((underlay) => this.extent(underlay));
  }

  get here() {
    return this.list.filter(({ level }) => level === this.editor.level);
  }

  find(id) {
    return this.list.find((one) => one.id === id);
  }

  matrix(underlay) {
    return underlay.matrix ?? underlay.suggested_matrix ?? provisional(underlay.width, underlay.height);
  }

  /** Take the underlays of the document's answer, or ask for them. */
  async load(given) {
    this.#set(given ?? (await get(this.editor.config.urls.underlays)).underlays ?? []);
  }

  #set(list) {
    this.list = [...list].sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.id - b.id);
    this.draw();
    this.editor.events.emit("underlays");
  }

  #url(id) {
    return `${this.editor.config.urls.underlays}${id}/`;
  }

  /** Send a file. Answers {added}, or {pages, upload} when the file has several pages to choose from. */
  async add(form, progress) {
    const answer = await upload(this.editor.config.urls.underlays, form, progress);
    if (answer.pages) return answer;
    this.#set([...this.list, answer]);
    return { added: answer };
  }

  /** Change an underlay; what is only looks (opacity, visible) shows at once. Answers {matrix, residuals, rms}. */
  async change(id, patch) {
    const { opacity, visible } = patch;
    if (opacity !== undefined) this.find(id).opacity = opacity;
    if (visible !== undefined) this.find(id).visible = visible;
    this.draw();
    const answer = await send("PATCH", this.#url(id), patch);
    Object.assign(this.find(id), answer);
    this.#set(this.list);
    return answer;
  }

  async remove(id) {
    await send("DELETE", this.#url(id));
    this.#set(this.list.filter((one) => one.id !== id));
  }

  /** The box in metres that a picture covers. */
  extent(underlay) {
    const { width, height } = underlay;
    const matrix = this.matrix(underlay);
    return boxOf(
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ].map((pixel) => applied(matrix, pixel)),
    );
  }

  draw() {
    const images = this.here
      .filter(({ visible }) => visible !== false)
      .map((underlay) =>
        svg("image", {
          href: underlay.url,
          width: underlay.width,
          height: underlay.height,
          opacity: underlay.opacity ?? 0.6,
          transform: `matrix(${this.matrix(underlay).join(" ")})`,
          preserveAspectRatio: "none",
        }),
      );
    this.editor.adapter.layers.underlays.replaceChildren(...images);
  }
}
