// Which parts an edit is about, and whether a later one settles what became of an earlier one.

import { pointsOf, same } from "./geometry.js";

// Refusals for which the way out is to cut the new room out of those already there (facilities/words/drawing.py).
const OVERLAPS = new Set(["no_free_space", "overlap"]);

export const isOverlap = (code) => OVERLAPS.has(code);

/** The rooms of which one of the moves' corners is, before the moves or after. */
function movedRooms({ level, moves }, state) {
  const places = moves.flatMap(({ from, to }) => [from, to]);
  const isMoved = ({ geometry }) => pointsOf(geometry).some((corner) => places.some((place) => same(corner, place)));
  return state
    .on("units", level)
    .filter(isMoved)
    .map(({ key }) => key);
}

/** The keys of the existing parts that operations are about; what is drawn anew has none. */
export function keysOf(operations, state) {
  const keys = (operations ?? []).flatMap((operation) => {
    if (operation.op === "move_corners") return movedRooms(operation, state);
    if (operation.op === "assign_team") return [operation.team];
    return [operation.key, operation.unit, ...(operation.keys ?? []), ...(operation.units ?? [])];
  });
  return [...new Set(keys.filter(Boolean))];
}

/**
 * Whether an edit that was done leaves nothing of a refusal to be decided. One refused because of somebody else's edit
 * (409) can still be applied again, so only an edit of the same sort settles it.
 */
export function isSettled({ keys, status, job }, done) {
  if (!keys.some((key) => done.keys.includes(key))) return false;
  return status !== 409 || job.operations[0].op === done.operations[0].op;
}
