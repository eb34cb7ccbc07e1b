// A layer's symbols as the tree and the notes show them: the same paths and colours as on the map.

import { svg } from "./dom.js";
import { dashOf, isPlace, shapePath } from "./style.js";

const LINES = new Set(["line", "dashed"]);

function line(category) {
  const dash = category.shape === "dashed" ? { "stroke-dasharray": "4 3" } : {};
  return svg("path", { d: "M-9,0L9,0", fill: "none", stroke: category.color, "stroke-width": 2.4, ...dash });
}

function area(layer, category) {
  return svg("path", {
    d: "M-9,-6L9,-6L9,6L-9,6Z",
    fill: category.color,
    "fill-opacity": 0.14,
    stroke: category.color,
    "stroke-width": 2.2,
    "stroke-dasharray": dashOf(layer.style, category).join(" "),
  });
}

function symbol(category, radius) {
  return svg("path", { d: shapePath(category.shape, radius), fill: category.color, "fill-rule": "evenodd" });
}

function badge(category) {
  const disc = svg("circle", { r: 8.6, fill: "none", stroke: category.color, "stroke-width": 1.6 });
  return svg("g", {}, disc, symbol(category, 4.6));
}

/** The symbol of one category. It has no name of its own: the text beside it says what it is. */
export function mark(layer, category) {
  let shape = isPlace(layer) ? badge(category) : symbol(category, 6.5);
  if (LINES.has(category.shape)) shape = line(category);
  else if (!isPlace(layer) && layer.geometryType !== "Point") shape = area(layer, category);
  return svg("svg", { class: "mark", viewBox: "-11 -10 22 20", "aria-hidden": "true", focusable: "false" }, shape);
}
