// The state of the map page, in one place. Listeners hear what changed.

export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get state() {
      return state;
    },
    /** Change some keys; `how` is handed to the listeners ("push" makes a step of the browser's history). */
    set(patch, how = "replace") {
      const before = state;
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, before, how);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
