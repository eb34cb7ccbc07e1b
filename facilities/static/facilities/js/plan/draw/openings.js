// Openings as architects draw them: the wall broken, a door's leaf with the arc it swings, an arrow at an entrance.

import { svg } from "../../../../gis_core/js/map/dom.js";
import { add, direction, distance, middle, scale } from "../geometry.js";
import { ends, wallOf } from "../walls.js";
import { lineData, ringData } from "./paths.js";

// Wider than this a door has two leaves (metres).
const TWO_LEAVES = 1.25;
// How far beside the wall to look for the room a door swings into.
const STEP_IN = 0.08;

/** Which way a door swings: into the smaller room, out of an entrance. 1 is to the left of its line, -1 to the right. */
function swing(opening, wall, roomAt, areaOf) {
  const centre = middle(...ends(opening));
  const at = (offset) => roomAt(add(centre, scale(wall.across, offset)));
  const leftRoom = at(wall.far + STEP_IN);
  const rightRoom = at(wall.near - STEP_IN);
  if (leftRoom && rightRoom) return areaOf(leftRoom) <= areaOf(rightRoom) ? 1 : -1;
  const inwards = leftRoom ? 1 : -1;
  return opening.entrance ? -inwards : inwards;
}

function leaf(hinge, closedAt, across, side) {
  const width = distance(hinge, closedAt);
  const open = add(hinge, scale(across, width * side));
  // The world's y points up: what sweeps counterclockwise there does so on the screen as well.
  const along = direction(hinge, closedAt);
  const turnsLeft = along[0] * across[1] * side - along[1] * across[0] * side > 0;
  const arc = `M${closedAt[0]} ${closedAt[1]}A${width} ${width} 0 0 ${turnsLeft ? 1 : 0} ${open[0]} ${open[1]}`;
  return [svg("path", { d: lineData([hinge, open]), class: "door-leaf" }), svg("path", { d: arc, class: "door-arc" })];
}

function leaves(a, b, across, side) {
  if (distance(a, b) < TWO_LEAVES) return leaf(a, b, across, side);
  const centre = middle(a, b);
  return [...leaf(a, centre, across, side), ...leaf(b, centre, across, side)];
}

function arrow(centre, wall, inwards) {
  const at = (along, across) => add(add(centre, scale(wall.along, along)), scale(wall.across, across * inwards));
  const face = inwards > 0 ? -wall.near : wall.far;
  const tip = -face - 0.25;
  const points = [at(0, tip), at(0.22, tip - 0.4), at(-0.22, tip - 0.4)];
  return svg("path", { d: ringData(points), class: "entrance-arrow" });
}

function lock(centre) {
  const size = 0.16;
  const [x, y] = centre;
  return svg(
    "g",
    { class: "door-lock" },
    svg("rect", { x: x - size, y: y - size, width: size * 2, height: size * 1.5 }),
    svg("path", { d: `M${x - size * 0.6} ${y + size * 0.5}a${size * 0.6} ${size * 0.7} 0 0 0 ${size * 1.2} 0` }),
  );
}

/**
 * An opening's symbol. `near` are the sides of rooms around it, `roomAt` and `areaOf` tell of rooms, `marks` is
 * {locked, lonely}: shut after hours, and leading nowhere.
 */
export function drawOpening(opening, { near, roomAt, areaOf }, { locked = false, lonely = false } = {}) {
  const [a, b] = ends(opening);
  const wall = wallOf(opening, near);
  const face = (point, offset) => add(point, scale(wall.across, offset));
  const group = svg("g", { class: `opening ${opening.kind}${lonely ? " lonely" : ""}${locked ? " locked" : ""}` });
  group.append(
    svg("path", {
      d: ringData([face(a, wall.near), face(b, wall.near), face(b, wall.far), face(a, wall.far)]),
      class: "opening-break",
    }),
    svg("path", {
      d: [a, b].map((end) => lineData([face(end, wall.near - 0.06), face(end, wall.far + 0.06)])).join(""),
      class: "opening-jamb",
    }),
  );
  const side = swing(opening, wall, roomAt, areaOf);
  const hang = side > 0 ? wall.far : wall.near;
  if (opening.kind === "door") group.append(...leaves(face(a, hang), face(b, hang), wall.across, side));
  else group.append(svg("path", { d: lineData([a, b]), class: "gap-line" }));
  if (opening.entrance) group.append(arrow(middle(a, b), wall, -side));
  if (opening.restriction)
    group.append(svg("path", { d: lineData([a, b]), class: `closed-line ${opening.restriction}` }));
  if (locked) group.append(lock(middle(a, b)));
  return group;
}

/** The ghost of an opening to be placed: its line and its width. */
export const ghostOpening = (a, b, kind) =>
  svg("g", { class: `opening ghost ${kind}` }, svg("path", { d: lineData([a, b]), class: "opening-ghost" }));
