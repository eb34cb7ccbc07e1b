// Which records a click means.

/**
 * Order and reduce what lies under the cursor. `picked` is [{layer, id, label, kind, distance}] with kind "point",
 * "line", "outline" or "polygon"; `background` names layers that cover everything (the areas).
 * A record hit twice (its point and its outline) counts once. Background is offered only when nothing else was hit
 * or when there is a choice to make anyway.
 */
export function choose(picked, background) {
  const rank = { point: 0, line: 1, outline: 1, polygon: 2 };
  const sorted = [...picked].sort(
    (a, b) =>
      Number(background.has(a.layer)) - Number(background.has(b.layer)) ||
      rank[a.kind] - rank[b.kind] ||
      a.distance - b.distance,
  );
  const seen = new Set();
  const unique = sorted.filter(({ layer, id }) => {
    const key = `${layer}/${id}`;
    return !seen.has(key) && seen.add(key);
  });
  const front = unique.filter(({ layer }) => !background.has(layer));
  return front.length === 1 ? front : unique;
}
