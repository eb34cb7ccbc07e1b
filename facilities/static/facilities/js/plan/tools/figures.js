// The figures typed into a tool's bar: those that can be taken, and those that stay in their field to be put right.

import { plain, readNumber } from "../numbers.js";

export class Figures {
  /** `limits`: {name: {label, least, most}}; a figure without limits may be any number. */
  constructor(limits) {
    this.limits = limits;
    this.clear();
  }

  clear() {
    this.taken = Object.fromEntries(Object.keys(this.limits).map((name) => [name, null]));
    this.refused = new Map();
  }

  /** The number taken, or null. */
  get(name) {
    return this.taken[name];
  }

  /** Whether nothing was typed, not even something wrong. */
  get isEmpty() {
    return !this.refused.size && Object.values(this.taken).every((value) => value === null);
  }

  /** The first figure that cannot be taken, or null. */
  get wrong() {
    return this.refused.keys().next().value ?? null;
  }

  type(name, text) {
    const { value, isRefused } = readNumber(text, this.limits[name]);
    this.taken[name] = value;
    this.refused.delete(name);
    if (isRefused) this.refused.set(name, String(text).trim());
  }

  /** What a field of the bar holds: what was typed, else `otherwise` (a number or null). */
  field(name, otherwise) {
    if (this.refused.has(name)) return { value: this.refused.get(name), wrong: true };
    const value = this.taken[name] ?? otherwise;
    return { value: value === null ? "" : plain(value), wrong: false };
  }
}
