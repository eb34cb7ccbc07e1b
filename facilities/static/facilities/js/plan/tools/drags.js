// What can be dragged with the select tool. Each drag has move(place, event), drop() and a preview of its own.

import { t } from "../../../../gis_core/js/map/text.js";
import { ghostOpening } from "../draw/openings.js";
import { add, direction, distance, dot, left, line, pointsOf, round, rounded, same, subtract } from "../geometry.js";
import { ends, shiftWall, standOnWall, withMoves } from "../walls.js";

const LEAST_MOVE_M = 0.001;
const NARROWEST_M = 0.3;
// How far from a wall the pointer may be while an opening is dragged along it (pixels).
const WALL_PIXELS = 60;

/** Corners that move together; neighbours follow. */
class CornersDrag {
  constructor(editor) {
    this.editor = editor;
    this.moves = [];
  }

  preview() {
    const { editor, moves } = this;
    const touched = editor.state
      .on("units", editor.level)
      .filter(({ geometry }) => pointsOf(geometry).some((corner) => moves.some(({ from }) => same(from, corner))));
    this.shapes = touched.map(({ geometry }) => withMoves(geometry, moves));
    editor.overlay.draft({ shapes: this.shapes, points: this.measured(), measured: true });
  }

  measured() {
    return [];
  }

  drop() {
    const { editor, moves } = this;
    editor.overlay.draft(null);
    editor.overlay.snap(null);
    const moved = moves.filter(({ from, to }) => distance(from, to) > LEAST_MOVE_M);
    if (!moved.length) return;
    editor.edit([{ op: "move_corners", level: editor.level, moves: moved }], {
      draft: this.shapes?.[0] ?? null,
      name: t("edit_wall"),
    });
  }
}

export class CornerDrag extends CornersDrag {
  constructor(editor, corner, neighbours) {
    super(editor);
    Object.assign(this, { corner, neighbours });
  }

  move(place, event) {
    const to = this.editor.snapped(place, event, { from: this.neighbours[0], without: [this.corner] });
    this.moves = [{ from: this.corner, to }];
    this.preview();
  }

  measured() {
    const to = this.moves[0]?.to;
    return to ? [this.neighbours[0], to, this.neighbours[1]] : [];
  }
}

export class WallDrag extends CornersDrag {
  constructor(editor, a, b) {
    super(editor);
    Object.assign(this, { a, b });
    this.across = left(direction(a, b));
    this.sides = editor.state.sides(editor.level);
    this.run = shiftWall(a, b, 0, this.sides).map(({ from }) => from);
  }

  move(place, event) {
    const at = this.editor.snapped(place, event, { without: this.run });
    this.by = round(dot(subtract(at, this.a), this.across));
    this.moves = shiftWall(this.a, this.b, this.by, this.sides);
    this.preview();
  }

  measured() {
    return [this.a, add(this.a, [this.across[0] * this.by, this.across[1] * this.by])];
  }
}

export class OpeningDrag {
  constructor(editor, opening) {
    Object.assign(this, { editor, opening, found: null });
    this.width = distance(...ends(opening));
  }

  move(place, event) {
    const { editor, opening } = this;
    const walls = editor.state.walls(editor.level);
    const found = standOnWall(place, walls, this.width, WALL_PIXELS / editor.adapter.scale, !event?.altKey);
    if (found) this.found = found;
    if (!this.found) return;
    const { ends: line, wall } = this.found;
    editor.overlay.draft({ points: [wall[0], ...line, wall[1]], ghosts: [ghostOpening(...line, opening.kind)] });
  }

  drop() {
    const { editor, found, opening } = this;
    editor.overlay.draft(null);
    if (!found) return;
    const draft = line(found.ends);
    editor.edit([{ op: "move_opening", key: opening.key, at: found.at }], { draft, name: t("edit_opening") });
  }
}

/** One end of an opening: its width, with the other end where it is. */
export class OpeningEndDrag {
  constructor(editor, opening, index) {
    Object.assign(this, { editor, opening });
    const both = ends(opening);
    this.fixed = both[1 - index];
    this.along = direction(this.fixed, both[index]);
    this.width = distance(...both);
  }

  move(place) {
    const wanted = dot(subtract(place, this.fixed), this.along);
    this.width = Math.max(NARROWEST_M, Math.round(wanted / 0.05) * 0.05);
    this.end = rounded(add(this.fixed, [this.along[0] * this.width, this.along[1] * this.width]));
    this.editor.overlay.draft({
      points: [this.fixed, this.end],
      ghosts: [ghostOpening(this.fixed, this.end, this.opening.kind)],
    });
  }

  drop() {
    const { editor, opening, fixed, end } = this;
    editor.overlay.draft(null);
    if (!end) return;
    const at = rounded([(fixed[0] + end[0]) / 2, (fixed[1] + end[1]) / 2]);
    const operation = { op: "move_opening", key: opening.key, at, width: round(this.width) };
    editor.edit([operation], { draft: line([fixed, end]), name: t("edit_opening") });
  }
}

export function shifted(geometry, by) {
  const move = (value) => (typeof value[0] === "number" ? rounded(add(value, by)) : value.map(move));
  return { ...geometry, coordinates: move(geometry.coordinates) };
}

/** Furniture and marks: moved as they are. */
export class ThingDrag {
  constructor(editor, kind, part, start) {
    Object.assign(this, { editor, kind, part, start, geometry: null });
    this.first = pointsOf(part.geometry)[0];
  }

  move(place, event) {
    // The thing's first corner is what snaps, wherever it was taken hold of.
    const wanted = add(this.first, subtract(place, this.start));
    const at = this.editor.snapped(wanted, event);
    this.geometry = shifted(this.part.geometry, subtract(at, this.first));
    const [x, y] = pointsOf(this.geometry)[0];
    const mark = {
      type: "Polygon",
      coordinates: [
        [
          [x - 0.2, y],
          [x, y - 0.2],
          [x + 0.2, y],
          [x, y + 0.2],
          [x - 0.2, y],
        ],
      ],
    };
    this.editor.overlay.draft({ shapes: [this.geometry.type === "Point" ? mark : this.geometry] });
  }

  drop() {
    const { editor, kind, part, geometry } = this;
    editor.overlay.draft(null);
    editor.overlay.snap(null);
    if (!geometry) return;
    editor.edit([{ op: "move", kind, key: part.key, geometry }], { draft: geometry, name: t("edit_move") });
  }
}
