// One level of a plan on the canvas. Only the level in sight is in the page; a change draws again only what it touched.

import { svg } from "../../../gis_core/js/map/dom.js";
import { drawLabel } from "./draw/label.js";
import { labelWidth } from "./draw/labels.js";
import { drawOpening } from "./draw/openings.js";
import { pathData } from "./draw/paths.js";
import { drawRoom, PALE, pale, patternDefinitions } from "./draw/rooms.js";
import { drawAmenity, drawFixture } from "./draw/things.js";
import { boxesMeet, labelSpots, THICKEST } from "./geometry.js";
import { gridStep } from "./snapping.js";
import { isLocked, tenths } from "./words.js";

export class PlanView {
  /** `words` gives names (see words.js); `settings` are {colourBy: "use" | "restriction", afterHours, grid}. */
  constructor(adapter, state, words, settings) {
    Object.assign(this, { adapter, state, words, settings });
    this.level = null;
    this.lonely = new Set();
    this.drawn = new Map();
    this.spots = new WeakMap();
    this.patterns = patternDefinitions();
    adapter.definitions.append(...this.patterns.patterns);
  }

  show(level) {
    this.level = level;
    this.redraw();
  }

  redraw() {
    const { layers } = this.adapter;
    for (const name of ["ground", "rooms", "walls", "fixtures", "openings", "labels", "marks"]) {
      layers[name].replaceChildren();
    }
    this.drawn.clear();
    this.#drawOutline();
    for (const unit of this.state.on("units", this.level)) this.#drawUnit(unit);
    for (const fixture of this.state.on("fixtures", this.level)) this.#drawFixture(fixture);
    for (const opening of this.state.on("openings", this.level)) this.#drawOpening(opening);
    this.settle();
  }

  /** Draw again what these changes touched; [{kind, key, before, after}] as PlanState.apply answers. */
  changed(changes) {
    const here = changes.filter(({ before, after }) => (before ?? after).level === this.level);
    const boxes = [];
    for (const { kind, key, before, after } of here) {
      this.#remove(key);
      if (kind === "units") boxes.push(...[before, after].filter(Boolean).map((unit) => this.state.measure(unit).box));
      if (after?.level !== this.level) continue;
      if (kind === "units") this.#drawUnit(after);
      else if (kind === "fixtures") this.#drawFixture(after);
      else if (kind === "openings") this.#drawOpening(after);
    }
    for (const opening of this.state.on("openings", this.level)) {
      const { box } = this.state.measure(opening);
      if (boxes.some((other) => boxesMeet(box, other, THICKEST))) this.#drawOpening(opening);
    }
    this.settle();
  }

  /** Openings that lead nowhere, by key. */
  setLonely(keys) {
    const touched = [...keys, ...this.lonely].filter((key) => keys.has(key) !== this.lonely.has(key));
    this.lonely = keys;
    for (const key of touched) {
      const opening = this.state.get("openings", key);
      if (opening?.level === this.level) this.#drawOpening(opening);
    }
  }

  /** What depends on the scale and on what is in sight: grid, labels, marks, patterns. */
  settle() {
    this.patterns.rescale(this.adapter.scale);
    this.#drawGrid();
    this.#drawLabels();
    this.#drawMarks();
  }

  #remove(key) {
    for (const element of this.drawn.get(key) ?? []) element.remove();
    this.drawn.delete(key);
  }

  #drawOutline() {
    const { ground } = this.adapter.layers;
    const outline = this.state.level(this.level)?.outline;
    ground.replaceChildren();
    if (!outline) return;
    const d = pathData(outline);
    ground.append(
      svg("path", { d, class: "level-ground" }),
      svg("path", { d, class: "level-pattern", fill: "url(#plan-ground)" }),
      svg("path", { d, class: "level-outline" }),
    );
  }

  outlineChanged() {
    this.#drawOutline();
  }

  /** The colour of a room under the present settings. */
  colour(unit) {
    const { words } = this;
    const { colourBy } = this.settings;
    const full = colourBy === "use" ? words.categoryColour(unit.category) : words.restrictionColour(unit);
    return pale(full, PALE[colourBy]);
  }

  #drawUnit(unit) {
    const { rooms, walls } = this.adapter.layers;
    const { fill, wall } = drawRoom(unit, this.colour(unit));
    rooms.append(...fill);
    walls.append(wall);
    this.drawn.set(unit.key, [...fill, wall]);
  }

  #drawFixture(fixture) {
    const element = drawFixture(fixture, this.settings.afterHours);
    this.adapter.layers.fixtures.append(element);
    this.drawn.set(fixture.key, [element]);
  }

  #drawOpening(opening) {
    this.#remove(opening.key);
    const around = {
      near: this.state.sides(this.level),
      roomAt: (place) => this.state.roomAt(this.level, place),
      areaOf: (room) => this.state.measure(room).area,
    };
    const locked = this.settings.afterHours && isLocked(opening, this.state);
    const element = drawOpening(opening, around, { locked, lonely: this.lonely.has(opening.key) });
    this.adapter.layers.openings.append(element);
    this.drawn.set(opening.key, [element]);
  }

  #drawGrid() {
    const { grid } = this.adapter.layers;
    grid.replaceChildren();
    if (!this.settings.grid) return;
    const step = gridStep(this.adapter.scale);
    const [west, south, east, north] = this.adapter.box(0.5);
    const lines = { minor: [], major: [] };
    // Every tenth line, or every second where five metres are the next round step.
    const every = [0.1, 1, 10].includes(step) ? 10 : 2;
    const from = (value) => Math.floor(value / step);
    for (let index = from(west); index * step <= east; index += 1) {
      lines[index % every ? "minor" : "major"].push(`M${index * step} ${south}V${north}`);
    }
    for (let index = from(south); index * step <= north; index += 1) {
      lines[index % every ? "minor" : "major"].push(`M${west} ${index * step}H${east}`);
    }
    for (const [name, data] of Object.entries(lines))
      grid.append(svg("path", { d: data.join(""), class: `grid-${name}` }));
  }

  #spots(unit) {
    if (!this.spots.has(unit)) this.spots.set(unit, labelSpots(unit.geometry));
    return this.spots.get(unit);
  }

  /** The best place for a label that no furniture and no mark takes. */
  #spot(unit, name, things) {
    const spots = this.#spots(unit);
    const half = [labelWidth(name) / 2 / this.adapter.scale, 20 / this.adapter.scale];
    const isFree = ({ point: [x, y] }) => {
      const box = [x - half[0], y - half[1], x + half[0], y + half[1]];
      return !things.some((thing) => boxesMeet(box, thing));
    };
    return spots.find(isFree) ?? spots[0];
  }

  /** About where doors open to. */
  #swings(seen) {
    return this.state
      .on("openings", this.level)
      .map((opening) => this.state.measure(opening).box)
      .filter((box) => boxesMeet(box, seen))
      .map(([west, south, east, north]) => {
        const half = Math.max(east - west, north - south) * 0.8;
        return [
          west - (east - west < half ? half : 0),
          south - (north - south < half ? half : 0),
          east + (east - west < half ? half : 0),
          north + (north - south < half ? half : 0),
        ];
      });
  }

  #drawLabels() {
    const { adapter } = this;
    const seen = adapter.box(0.25);
    const things = [...this.state.on("fixtures", this.level), ...this.state.on("amenities", this.level)];
    const taken = things.map((thing) => this.state.measure(thing).box).filter((box) => boxesMeet(box, seen));
    taken.push(...this.#swings(seen));
    const labels = [];
    for (const unit of this.state.on("units", this.level)) {
      const { box, area } = this.state.measure(unit);
      if (!boxesMeet(box, seen)) continue;
      const name = this.words.roomName(unit);
      const spot = this.#spot(unit, name, taken);
      if (!spot) continue;
      const wanted = [
        { kind: "name", text: name },
        { kind: "area", text: `${this.words.letter(unit)}${tenths(area)} m²`, small: true },
        { kind: "teams", text: this.words.teamNames(unit).join(", "), small: true },
      ];
      const place = adapter.toLayer(spot.point);
      const label = drawLabel(wanted, place, spot.width * adapter.scale, spot.height * adapter.scale);
      if (label) labels.push(label);
    }
    adapter.layers.labels.replaceChildren(...labels);
  }

  #drawMarks() {
    const { adapter } = this;
    const marks = this.state
      .on("amenities", this.level)
      .map((amenity) =>
        drawAmenity(amenity, adapter.toLayer(amenity.geometry.coordinates), this.words.amenity(amenity)),
      );
    adapter.layers.marks.replaceChildren(...marks);
  }
}
