// Rooms: a colour for their use or their restriction, a pattern for what is closed, a wall around.

import { svg } from "../../../../gis_core/js/map/dom.js";
import { pathData } from "./paths.js";

export const PATTERNS = { employeesonly: "plan-hatch", restricted: "plan-cross" };
const NO_COLOUR = "#eef0f2";
// How much of a colour is left when it is mixed with white: a plan is read by its walls and words first.
export const PALE = { use: 0.72, restriction: 0.32 };

/** A colour mixed with white. */
export function pale(colour, part) {
  const channels = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour ?? "");
  if (!channels) return NO_COLOUR;
  const mixed = channels.slice(1).map((hex) => Math.round(255 - (255 - Number.parseInt(hex, 16)) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** {fill: elements for the rooms' ground, wall: the outline drawn over all grounds}. */
export function drawRoom(unit, colour) {
  const data = pathData(unit.geometry);
  const fill = [svg("path", { d: data, fill: colour, class: unit.idle ? "room idle" : "room" })];
  const pattern = unit.category === "opentobelow" ? "plan-void" : PATTERNS[unit.restriction];
  if (pattern) fill.push(svg("path", { d: data, fill: `url(#${pattern})`, class: "room-pattern" }));
  return { fill, wall: svg("path", { d: data, class: "room-wall" }) };
}

/** The patterns, and a way to keep their lines equally far apart on the screen at every scale. */
export function patternDefinitions() {
  const pattern = (id, size, ...children) =>
    svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, ...children);
  const stroke = (d, colour, width) => svg("path", { d, stroke: colour, "stroke-width": width, fill: "none" });
  const patterns = [
    pattern("plan-hatch", 10, stroke("M-1 1L1 -1M0 10L10 0M9 11L11 9", "#7a4a12", 0.9)),
    pattern("plan-cross", 10, stroke("M0 10L10 0M0 0L10 10M-1 1L1 -1M9 11L11 9M-1 9L1 11M9 -1L11 1", "#5b2170", 0.9)),
    pattern("plan-void", 14, stroke("M0 0L14 14M14 0L0 14", "#8a94a0", 0.7)),
    pattern("plan-ground", 6, stroke("M-1 1L1 -1M0 6L6 0M5 7L7 5", "#9aa3ad", 0.8)),
    pattern("plan-gap", 8, stroke("M-1 1L1 -1M0 8L8 0M7 9L9 7", "#c2185b", 1.6)),
  ];
  return {
    patterns,
    rescale(pixelsPerMetre) {
      const scale = 1 / pixelsPerMetre;
      for (const element of patterns) element.setAttribute("patternTransform", `scale(${scale} ${-scale})`);
    },
  };
}
