// Undo and redo as a stack of states. Every function returns a new history; none changes its argument.

const LIMIT = 200;

export function start(state) {
  return { past: [], present: state, future: [] };
}

export function push(history, state) {
  return {
    past: [...history.past, history.present].slice(-LIMIT),
    present: state,
    future: [],
  };
}

export const canUndo = (history) => history.past.length > 0;
export const canRedo = (history) => history.future.length > 0;

export function undo(history) {
  if (!canUndo(history)) return history;
  return {
    past: history.past.slice(0, -1),
    present: history.past.at(-1),
    future: [history.present, ...history.future],
  };
}

export function redo(history) {
  if (!canRedo(history)) return history;
  return {
    past: [...history.past, history.present],
    present: history.future[0],
    future: history.future.slice(1),
  };
}
