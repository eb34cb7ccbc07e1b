// What a finger meant on a map of many marks. Pure.
//
//   touched(marks, at, {canGrow}) -> {mark} the nearest within reach; {isCrowd: true} where several are meant alike and
//       the map can still be enlarged; null where there is none. marks: [{x, y, …}] and `at` in pixels.

// A thumb in a glove covers some 50 pixels.
const REACH = 28;
const ALIKE = 10;

export function touched(marks, at, { canGrow = false } = {}) {
  const near = marks
    .map((mark) => ({ mark, away: Math.hypot(mark.x - at.x, mark.y - at.y) }))
    .filter(({ away }) => away <= REACH)
    .sort((a, b) => a.away - b.away);
  if (near.length === 0) return null;
  const isCrowd = canGrow && near.length > 1 && near[1].away - near[0].away < ALIKE;
  return isCrowd ? { isCrowd } : { mark: near[0].mark };
}
