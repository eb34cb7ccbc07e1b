// The plan as the editor knows it: parts by key, walls and corners by level, and what a change does to them.

import { area, boxOf, contains, distanceTo, edges, pointsOf, ringsOf } from "./geometry.js";

export const KINDS = ["units", "openings", "fixtures", "amenities"];

export class PlanState {
  /** `answer` is the server's: {version, document}. */
  constructor(answer) {
    this.load(answer);
  }

  load({ version, document }) {
    this.version = version;
    this.levels = [...document.levels].sort((a, b) => a.ordinal - b.ordinal);
    this.teams = document.teams ?? [];
    this.parts = Object.fromEntries(
      KINDS.map((kind) => [kind, new Map(document[kind].map((part) => [part.key, part]))]),
    );
    this.cached = new Map();
    this.facts = new WeakMap();
  }

  get(kind, key) {
    return this.parts[kind].get(key);
  }

  /** The kind of the part with this key, or undefined. */
  kindOf(key) {
    return KINDS.find((kind) => this.parts[kind].has(key));
  }

  level(key) {
    return this.levels.find((level) => level.key === key);
  }

  /** The parts of a kind on a level, in the plan's order. */
  on(kind, level) {
    return this.#cache(`${kind}/${level}`, () => [...this.parts[kind].values()].filter((part) => part.level === level));
  }

  /** Take in changes; those that change nothing are left out of the answer: [{kind, key, before, after}]. */
  apply(changes) {
    const done = [];
    for (const { kind, key, after } of changes) {
      const before = this.parts[kind].get(key) ?? null;
      if (!before && !after) continue;
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      if (after) this.parts[kind].set(key, after);
      else this.parts[kind].delete(key);
      done.push({ kind, key, before, after: after ?? null });
    }
    if (done.length) this.cached.clear();
    return done;
  }

  setOutline(levelKey, outline) {
    const level = this.level(levelKey);
    if (level) level.outline = outline;
    this.cached.clear();
  }

  /** Every wall of a level, [[a, b]…]: the sides of its rooms and of its outline. */
  walls(level) {
    return this.#cache(`walls/${level}`, () => {
      const outlines = ringsOf(this.level(level)?.outline).flatMap(edges);
      return [...this.on("units", level).flatMap(({ geometry }) => ringsOf(geometry).flatMap(edges)), ...outlines];
    });
  }

  /** The sides of a level's rooms with whose they are, [{a, b, unit}]. */
  sides(level) {
    return this.#cache(`sides/${level}`, () =>
      this.on("units", level).flatMap(({ key, geometry }) =>
        ringsOf(geometry)
          .flatMap(edges)
          .map(([a, b]) => ({ a, b, unit: key })),
      ),
    );
  }

  /** Every corner of a level once. */
  corners(level) {
    return this.#cache(`corners/${level}`, () => {
      const found = new Map();
      for (const [a] of this.walls(level)) found.set(`${a[0].toFixed(3)} ${a[1].toFixed(3)}`, a);
      return [...found.values()];
    });
  }

  /** {area, box} of a part, reckoned once. */
  measure(part) {
    let known = this.facts.get(part);
    if (!known) {
      known = { area: area(part.geometry), box: boxOf(pointsOf(part.geometry)) };
      this.facts.set(part, known);
    }
    return known;
  }

  roomAt(level, place) {
    return this.on("units", level).find((unit) => this.#inBox(unit, place, 0) && contains(unit.geometry, place));
  }

  /**
   * What lies at a place: {kind, part}, the smallest thing first (a mark, a door, furniture, a room), or null.
   * `reach` is how near counts, in metres.
   */
  at(level, place, reach) {
    const near = (kind) => {
      const found = this.on(kind, level)
        .filter((part) => this.#inBox(part, place, reach))
        .map((part) => ({ kind, part, far: this.#far(part, place) }))
        .filter(({ far }) => far <= reach);
      return found.sort((a, b) => a.far - b.far)[0];
    };
    const found = near("amenities") ?? near("openings") ?? near("fixtures");
    if (found) return { kind: found.kind, part: found.part };
    const room = this.roomAt(level, place);
    return room ? { kind: "units", part: room } : null;
  }

  #far(part, place) {
    const { geometry } = part;
    return geometry.type === "Polygon" && contains(geometry, place) ? 0 : distanceTo(geometry, place);
  }

  #inBox(part, [x, y], reach) {
    const box = this.measure(part).box;
    return x >= box[0] - reach && x <= box[2] + reach && y >= box[1] - reach && y <= box[3] + reach;
  }

  /** [west, south, east, north] of all that is on a level, or null. */
  extent(level) {
    const outline = pointsOf(this.level(level)?.outline);
    const parts = KINDS.flatMap((kind) => this.on(kind, level));
    return boxOf([...outline, ...parts.flatMap(({ geometry }) => pointsOf(geometry))]);
  }

  /** The rooms in which a team sits, by level and name. */
  roomsOf(team) {
    return [...this.parts.units.values()].filter(({ teams }) => teams?.includes(team));
  }

  #cache(name, make) {
    if (!this.cached.has(name)) this.cached.set(name, make());
    return this.cached.get(name);
  }
}
