import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";
import { readNumber } from "../../facilities/static/facilities/js/plan/numbers.js";
import { Figures } from "../../facilities/static/facilities/js/plan/tools/figures.js";

// The tools ask for the map's words by where these are served, which is not where they lie.
const words = new URL("../../gis_core/static/gis_core/js/map/text.js", import.meta.url);
const hook = `export const resolve = (name, context, next) =>
  name.endsWith("gis_core/js/map/text.js") ? { url: "${words}", shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { PathTool } = await import("../../facilities/static/facilities/js/plan/tools/path.js");
const { RectangleTool } = await import("../../facilities/static/facilities/js/plan/tools/rectangle.js");

// The page's words are not needed here: a missing one shows its key.
globalThis.document = { getElementById: () => null, documentElement: { lang: "en" } };

const taken = (value) => ({ value, isRefused: false });
const refused = { value: null, isRefused: true };

test("a number is read with a point, a comma or its unit", () => {
  assert.deepEqual(readNumber("8.35"), taken(8.35));
  assert.deepEqual(readNumber(" 8,35 "), taken(8.35));
  assert.deepEqual(readNumber("8.35 m"), taken(8.35));
  assert.deepEqual(readNumber(".5"), taken(0.5));
  assert.deepEqual(readNumber("-2"), taken(-2));
});

test("nothing typed is nothing wrong; what cannot be read is", () => {
  assert.deepEqual(readNumber("  "), taken(null));
  for (const text of ["abc", "1.2.3", "1,234.5", "12ab", "-"]) assert.deepEqual(readNumber(text), refused, text);
});

test("numbers beyond the limits, and parts of what comes whole, are refused", () => {
  const desks = { least: 0, most: 500, whole: true };
  assert.deepEqual(readNumber("0", desks), taken(0));
  assert.deepEqual(readNumber("500", desks), taken(500));
  for (const text of ["-1", "501", "1.5"]) assert.deepEqual(readNumber(text, desks), refused, text);
});

test("a figure that cannot be taken stays as it was typed until it is put right", () => {
  const figures = new Figures({ width: { label: "width", least: 0.05 }, x: { label: "x" } });
  assert.equal(figures.isEmpty, true);
  assert.deepEqual(figures.field("width", 3.25), { value: "3.25", wrong: false });
  figures.type("width", "0");
  assert.equal(figures.wrong, "width");
  assert.equal(figures.isEmpty, false);
  assert.deepEqual(figures.field("width", 3.25), { value: "0", wrong: true });
  figures.type("x", "-5");
  assert.equal(figures.get("x"), -5);
  figures.type("width", "4");
  assert.equal(figures.wrong, null);
  figures.type("width", "");
  assert.deepEqual(figures.field("width", null), { value: "", wrong: false });
});

/** An editor that keeps what it is told. */
function page() {
  const told = { notes: [], events: [], finished: [] };
  const editor = {
    adapter: { centre: [0, 0], scale: 100 },
    events: { emit: (name, detail) => told.events.push([name, detail]) },
    overlay: { draft: () => {}, snap: () => {} },
    reach: () => 0.1,
    snapped: (place) => place,
    status: { clear: () => {}, note: (_name, text) => told.notes.push(text), say: () => {} },
  };
  return { editor, told, finish: (points) => told.finished.push(points) };
}

test("a rectangle does not take the pointer's size for a typed side that cannot be taken", () => {
  const { editor, told, finish } = page();
  const tool = new RectangleTool(editor, { hint: "hint", finish });
  tool.tap([0, 0]);
  tool.move([4, 4]);
  tool.typed("width", "0");
  tool.typed("depth", "-5");
  tool.enter();
  tool.tap([4, 4]);
  assert.deepEqual(told.finished, []);
  assert.equal(told.notes.length, 2);
  assert.deepEqual(told.events.at(-1), ["focus-field", "width"]);
  const [width, depth] = tool.bar().fields;
  assert.deepEqual([width.value, width.wrong, depth.value, depth.wrong], ["0", true, "-5", true]);
  tool.typed("width", "3");
  tool.enter();
  assert.deepEqual(told.finished, []);
  tool.typed("depth", "2");
  tool.enter();
  assert.deepEqual(told.finished[0][2], [3, 2]);
});

test("a path sets no corner for a length that cannot be taken", () => {
  const { editor, told, finish } = page();
  const tool = new PathTool(editor, { hint: "hint", closed: false, finish });
  tool.tap([0, 0]);
  tool.move([4, 0]);
  tool.typed("length", "text");
  tool.enter();
  tool.tap([4, 0]);
  assert.equal(tool.points.length, 1);
  assert.deepEqual(told.events.at(-1), ["focus-field", "length"]);
  assert.equal(tool.bar().fields[0].value, "text");
  tool.typed("length", "2,5");
  tool.enter();
  assert.deepEqual(tool.points, [
    [0, 0],
    [2.5, 0],
  ]);
});
