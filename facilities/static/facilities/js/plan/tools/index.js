// The tools by the names of their buttons (data-tool), and the keys that take them in hand.

import { t } from "../../../../gis_core/js/map/text.js";
import { contains, distance, edges, line, middle, nearestOnSegment, polygon, ringsOf } from "../geometry.js";
import { MergeTool } from "./merge.js";
import { PathTool } from "./path.js";
import { AmenityTool, OpeningTool } from "./placing.js";
import { RectangleTool } from "./rectangle.js";
import { SelectTool } from "./select.js";

export const KEYS = {
  v: "select",
  r: "rectangle",
  p: "polygon",
  s: "split",
  m: "merge",
  d: "door",
  g: "gap",
  f: "fixture",
  a: "amenity",
  o: "outline",
  l: "measure",
};

// Furniture that is a line and not a surface.
const LINES = new Set(["shutter", "wall"]);

export const createTools = (editor) => ({
  select: new SelectTool(editor),
  ...roomTools(editor, new RoomDrawing(editor)),
  split: new PathTool(editor, {
    hint: "hint_split",
    closed: false,
    finish: (points) => split(editor, points),
    enough: (points) => cutsThrough(editor, points),
  }),
  merge: new MergeTool(editor),
  door: new OpeningTool(editor, "door"),
  gap: new OpeningTool(editor, "gap"),
  ...furnitureTools(editor, new FurnitureDrawing(editor)),
  amenity: new AmenityTool(editor),
  outline: new PathTool(editor, {
    hint: "hint_outline",
    closed: true,
    finish: (corners) => editor.events.emit("outline", polygon(corners)),
  }),
  measure: new PathTool(editor, {
    hint: "hint_measure",
    closed: false,
    edits: false,
    finish: (points) => editor.events.emit("measured", points),
  }),
});

function roomTools(editor, rooms) {
  const common = { finish: (corners) => rooms.draw(corners), options: () => rooms.fields() };
  return {
    rectangle: watched(new RectangleTool(editor, { hint: "hint_rectangle", ...common }), rooms),
    polygon: watched(new PathTool(editor, { hint: "hint_polygon", closed: true, ...common }), rooms),
  };
}

function furnitureTools(editor, furniture) {
  const options = () => [furniture.field()];
  const surface = { hint: "hint_fixture", finish: (corners) => furniture.place(polygon(corners)), options };
  const length = {
    hint: "hint_fixture_line",
    closed: false,
    finish: (points) => furniture.place(line(points)),
    enough: (points) => points.length === 2,
    options,
  };
  return {
    fixture: watched(new RectangleTool(editor, surface), furniture),
    "fixture-line": watched(new PathTool(editor, length), furniture),
  };
}

/** Let `other` hear what is chosen in a tool's bar before the tool itself does. */
function watched(tool, other) {
  tool.drawing = other;
  const typed = tool.typed.bind(tool);
  tool.typed = (name, value) => (other.typed(name, value) ? undefined : typed(name, value));
  return tool;
}

class RoomDrawing {
  constructor(editor) {
    this.editor = editor;
    this.category = "office";
    this.over = "free";
  }

  fields() {
    const options = this.editor.config.categories;
    const overs = ["free", "cut"].map((value) => ({ value, label: t(`over_${value}`) }));
    return [
      { name: "category", label: t("use"), type: "select", options, value: this.category },
      { name: "over", label: t("over_rooms"), type: "select", options: overs, value: this.over },
    ];
  }

  typed(name, value) {
    if (name !== "category" && name !== "over") return false;
    this[name] = value;
    return true;
  }

  draw(corners, over = this.over) {
    const { editor, category } = this;
    const geometry = polygon(corners);
    editor.edit([{ op: "draw", level: editor.level, geometry, attributes: { category }, over }], {
      draft: geometry,
      name: t("edit_draw"),
      done: (changes) => editor.events.emit("made", { changes, drawn: geometry }),
    });
  }
}

class FurnitureDrawing {
  constructor(editor) {
    this.editor = editor;
    this.category = "counter";
  }

  field() {
    const options = this.editor.config.fixture_categories;
    return { name: "category", label: t("category"), type: "select", options, value: this.category };
  }

  typed(name, value) {
    if (name !== "category") return false;
    this.category = value;
    const wanted = LINES.has(value) ? "fixture-line" : "fixture";
    if (this.editor.tool !== this.editor.tools[wanted]) this.editor.use(wanted);
    return true;
  }

  place(geometry) {
    const { editor, category } = this;
    const operation = { op: "place", kind: "fixtures", level: editor.level, geometry, attributes: { category } };
    editor.edit([operation], {
      draft: geometry,
      name: t("tool_fixture"),
      done: (changes) => editor.events.emit("made", { changes }),
    });
  }
}

/** The room a line goes through: the selected one if it does, else the one under the line's longest part. */
function roomUnder(editor, points) {
  const inside = points.slice(1).map((end, index) => middle(points[index], end));
  const { only } = editor;
  if (only?.kind === "units" && inside.some((place) => contains(only.part.geometry, place))) return only.part;
  const lengths = inside.map((place, index) => ({ place, length: distance(points[index], points[index + 1]) }));
  lengths.sort((a, b) => b.length - a.length);
  return lengths.map(({ place }) => editor.state.roomAt(editor.level, place)).find(Boolean) ?? null;
}

const onEdge = (room, place) =>
  ringsOf(room.geometry)
    .flatMap(edges)
    .some(([a, b]) => nearestOnSegment(place, a, b).distance < 0.002);

/** A line that begins and ends on the edge of the room it goes through needs no more corners. */
function cutsThrough(editor, points) {
  if (points.length < 2) return false;
  const room = roomUnder(editor, points);
  return Boolean(room) && onEdge(room, points[0]) && onEdge(room, points.at(-1));
}

function split(editor, points) {
  const room = roomUnder(editor, points);
  if (!room) {
    editor.status.note("tool", t("no_room_here"), { kind: "warning", seconds: 5 });
    return;
  }
  editor.edit([{ op: "split", unit: room.key, line: points }], { draft: line(points), name: t("tool_split") });
}
