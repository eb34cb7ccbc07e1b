import assert from "node:assert/strict";
import { test } from "node:test";
import { labelLines, lineOffsets, textWidth } from "../../facilities/static/facilities/js/plan/draw/labels.js";

const wanted = [
  { kind: "name", text: "민원 대기 공간" },
  { kind: "area", text: "24.5 m²", small: true },
  { kind: "teams", text: "민원팀, 복지팀", small: true },
];
const texts = (width, height) => labelLines(wanted, width, height).map(({ text }) => text);

test("a large room says its name, its area and who sits there", () => {
  assert.equal(texts(200, 100).length, 3);
});

test("a low room says the most important line only", () => {
  assert.deepEqual(texts(200, 24), ["민원 대기 공간"]);
});

test("a narrow room shortens its name rather than running over the wall", () => {
  const [name] = texts(70, 100);
  assert.ok(name.endsWith("…"));
  assert.ok(textWidth(name, 13) <= 62);
});

test("a tiny room says nothing", () => {
  assert.deepEqual(texts(20, 100), []);
  assert.deepEqual(texts(200, 8), []);
});

test("lines stand around the middle", () => {
  const [first, second] = lineOffsets(2);
  assert.ok(first < 4.5 && second > 4.5);
});
