// Where the pointer is (or the map's middle), in the reference system the reader works with.

import { CODES, DEGREES, numbers, plainText } from "./coords.js";
import { t } from "./text.js";

const MEMORY = "dongne.crs";

export class CoordinateBar {
  /** `parts` are the elements {select, output, copy}; `onCode` hears when another system is chosen. */
  constructor(parts, projection, status, onCode) {
    this.parts = parts;
    this.projection = projection;
    this.status = status;
    this.point = null;
    const known = localStorage.getItem(MEMORY);
    parts.select.value = CODES.includes(known) ? known : DEGREES;
    parts.select.addEventListener("change", () => {
      localStorage.setItem(MEMORY, this.code);
      this.#write();
      onCode(this.code);
    });
    parts.copy.addEventListener("click", () => this.#copy());
  }

  get code() {
    return this.parts.select.value;
  }

  /** Show a place, as {lng, lat}. `isPointer` says whether it is under the pointer or the map's middle. */
  show({ lng, lat }, isPointer) {
    this.point = [lng, lat];
    this.isPointer = isPointer;
    this.#write();
  }

  #write() {
    if (!this.point) return;
    const [first, second] = numbers(this.projection, this.code, this.point);
    const key = this.code === DEGREES ? "place_degrees" : "place_metres";
    this.parts.output.textContent = t(key, { first, second });
    this.parts.output.title = t(this.isPointer ? "place_of_pointer" : "place_of_centre");
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(plainText(this.projection, this.code, this.point));
      this.status.note("copied", t("copied"), { seconds: 3 });
    } catch {
      this.status.note("copied", t("copy_failed"), { kind: "warning", seconds: 6 });
    }
  }
}
