// Which names fit on the map, and where.

const overlap = (a, b, gap) =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 + gap && Math.abs(a.y - b.y) < (a.height + b.height) / 2 + gap;

/**
 * Choose the labels to show. `labels` is [{id, x, y, width, height, rank}] in pixels, x and y the middle; a lower rank
 * wins, and among equals a label in `shown`, so that names do not flicker while the map moves. A label gives way to
 * `obstacles` (boxes of the same form) by moving up or down, and to labels chosen before it by not being shown.
 * Returns [{id, dy}] with the pixels it moved.
 */
export function declutter(labels, { shown = new Set(), obstacles = [], gap = 3 } = {}) {
  const sorted = [...labels].sort((a, b) => a.rank - b.rank || Number(shown.has(b.id)) - Number(shown.has(a.id)));
  const placed = [];
  for (const label of sorted) {
    const moves = [0, -1.3, 1.3, -2.2, 2.2].map((lines) => Math.round(lines * label.height));
    const free = moves
      .map((dy) => ({ ...label, y: label.y + dy, dy }))
      .filter((box) => !placed.some((other) => overlap(box, other, gap)));
    const clear = free.find((box) => !obstacles.some((other) => overlap(box, other, 1)));
    // Rather a name over a symbol than no name; never a name over a name.
    const chosen = clear ?? free.find(({ dy }) => dy === 0);
    if (chosen) placed.push(chosen);
  }
  return placed.map(({ id, dy }) => ({ id, dy }));
}
