// Rows of controls as one stop of the Tab key: arrow keys move among them (the toolbar pattern of WAI-ARIA).

const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

/** `root` holds the rows, elements that match `row`; what else it holds (an open form) is left to Tab. */
export function rove(root, row) {
  const rows = [...root.querySelectorAll(row)].map((each) => [...each.querySelectorAll("a, button, input")]);
  let current = rows[0][0];
  for (const control of rows.flat()) control.tabIndex = control === current ? 0 : -1;

  root.addEventListener("focusin", ({ target }) => {
    if (!target.closest(row)) return;
    current.tabIndex = -1;
    current = target;
    current.tabIndex = 0;
  });

  root.addEventListener("keydown", (event) => {
    if (!event.target.closest(row) || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = moved(rows, event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function moved(rows, from, key) {
  if (key === "Home") return rows[0][0];
  if (key === "End") return rows.at(-1)[0];
  if (!MOVES[key]) return null;
  const [down, right] = MOVES[key];
  const at = rows.findIndex((controls) => controls.includes(from));
  const controls = rows[at + down] ?? rows[at];
  return controls[rows[at].indexOf(from) + right] ?? from;
}
