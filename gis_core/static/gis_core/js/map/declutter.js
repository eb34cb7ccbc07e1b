// Which names fit on the map.

/**
 * Choose the labels to show. `labels` is [{id, x, y, width, height, rank}] in pixels, x and y the middle; a lower
 * rank wins. Returns the ids that overlap no label chosen before. Labels already shown win among equals, so that
 * names do not flicker while the map moves.
 */
export function declutter(labels, shown = new Set(), gap = 4) {
  const sorted = [...labels].sort(
    (a, b) =>
      a.rank - b.rank || Number(shown.has(b.id)) - Number(shown.has(a.id)),
  );
  const placed = [];
  for (const label of sorted) {
    const clash = placed.some(
      (other) =>
        Math.abs(label.x - other.x) < (label.width + other.width) / 2 + gap &&
        Math.abs(label.y - other.y) < (label.height + other.height) / 2 + gap,
    );
    if (!clash) placed.push(label);
  }
  return placed.map(({ id }) => id);
}
