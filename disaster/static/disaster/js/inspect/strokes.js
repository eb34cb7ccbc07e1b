// Strokes of a signature: lists of [x, y] in thousandths of the field's width. Pure.

const STEP = 5;
const MOST_POINTS = 4500;

/** `strokes` with one more point, where it is a step away from the last one. Pure. */
export function withPoint(strokes, [x, y]) {
  const stroke = strokes.at(-1);
  const [lastX, lastY] = stroke.at(-1) ?? [-STEP, -STEP];
  const isFull = strokes.reduce((sum, each) => sum + each.length, 0) >= MOST_POINTS;
  if (isFull || (stroke.length && Math.hypot(x - lastX, y - lastY) < STEP)) return strokes;
  return [...strokes.slice(0, -1), [...stroke, [x, y]]];
}
