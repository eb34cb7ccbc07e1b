// The names of things in a plan, in the page's language.

import { language, number, t } from "../../../gis_core/js/map/text.js";
import { middle } from "./geometry.js";
import { plain } from "./numbers.js";
import { ends } from "./walls.js";

// Used where the server's table of categories has no colour.
const FALLBACK = ["#4f83cc", "#5aa469", "#c98b2b", "#8e6bbf", "#3f9ea6", "#b85c6b"];
const RESTRICTION_COLOURS = { "": "#009e73", employeesonly: "#d55e00", restricted: "#7b3294" };

const byValue = (options = []) => new Map(options.map((option) => [String(option.value), option]));

export class Words {
  constructor(config, state) {
    this.state = state;
    this.tables = Object.fromEntries(
      ["categories", "restrictions", "fixture_categories", "amenity_categories", "opening_kinds"].map((name) => [
        name,
        byValue(config[name]),
      ]),
    );
  }

  category(value) {
    return this.tables.categories.get(value)?.label ?? value;
  }

  categoryColour(value) {
    const found = this.tables.categories.get(value)?.color;
    if (found) return found;
    const index = [...this.tables.categories.keys()].indexOf(value);
    return FALLBACK[Math.max(0, index) % FALLBACK.length];
  }

  restriction(value) {
    return this.tables.restrictions.get(value)?.label ?? value;
  }

  restrictionColour(unit) {
    return this.tables.restrictions.get(unit.restriction)?.color ?? RESTRICTION_COLOURS[unit.restriction];
  }

  /** The letter that says "closed" without colour; nothing for an open room. */
  letter(unit) {
    if (!unit.restriction) return "";
    return `${t(unit.restriction === "employeesonly" ? "letter_closed" : "letter_restricted")} · `;
  }

  roomName(unit) {
    const [first, second] = language() === "ko" ? [unit.name_ko, unit.name_en] : [unit.name_en, unit.name_ko];
    const name = first || second || this.category(unit.category);
    return unit.number ? `${unit.number} ${name}` : name;
  }

  teamNames(unit) {
    return (unit.teams ?? []).map((key) => this.state.teams.find((team) => team.key === key)?.name).filter(Boolean);
  }

  amenity({ category }) {
    return this.tables.amenity_categories.get(category)?.label ?? category;
  }

  fixture({ category }) {
    return this.tables.fixture_categories.get(category)?.label ?? category;
  }

  opening({ kind }) {
    return this.tables.opening_kinds.get(kind)?.label ?? kind;
  }

  /** What a part is called where it stands alone. */
  part(kind, part) {
    if (kind === "units") return this.roomName(part);
    if (part.name) return part.name;
    if (kind === "openings") return part.entrance ? t("entrance_of", { kind: this.opening(part) }) : this.opening(part);
    return kind === "fixtures" ? this.fixture(part) : this.amenity(part);
  }

  level(level) {
    return level.short_name || level.name || String(level.ordinal);
  }
}

/** Metres with two decimals. */
export const metres = (value) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);

/** With one decimal, for labels. */
export const tenths = (value) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

export const squareMetres = (value) => `${metres(value)} m²`;
export const count = (value) => number(value);

/** What a field would take, said where it took nothing. */
export function numberWanted(label, { least, most, whole } = {}) {
  const key = most === undefined ? (least === undefined ? "number_any" : "number_least") : "number_range";
  return t(whole ? "number_whole" : key, { field: label, least: plain(least ?? 0), most: plain(most ?? 0) });
}

/** A text with a count in it; English says one thing otherwise than several. */
export const counted = (key, many, values = {}) => t(many === 1 ? `${key}_one` : key, { count: many, ...values });

/** Whether an opening is shut when the office is closed: told so, or leading to a room that is closed then. */
export function isLocked(opening, state) {
  if (opening.after_hours) return opening.after_hours === "locked";
  if (opening.restriction) return true;
  const [x, y] = middle(...ends(opening));
  const beside = [
    [x - 0.3, y],
    [x + 0.3, y],
    [x, y - 0.3],
    [x, y + 0.3],
  ].map((place) => state.roomAt(opening.level, place));
  return beside.some((room) => room?.restriction);
}
