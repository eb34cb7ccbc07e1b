// Unsaved work, kept until it is saved or given up. `storage` is sessionStorage, or anything like it.

const PREFIX = "dongne.draft";

export function draftKey(user, layer, id) {
  return `${PREFIX}.${user}.${layer}.${id ?? "new"}`;
}

/** A draft is {fields: [[name, value]…], shape: {geometry, outline}, version, saved: ISO instant}. */
export function keep(storage, key, draft) {
  try {
    storage.setItem(key, JSON.stringify({ ...draft, saved: new Date().toISOString() }));
    return true;
  } catch {
    // Full or forbidden storage must not stop the work itself: the form still holds it.
    return false;
  }
}

export function find(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function drop(storage, key) {
  try {
    storage.removeItem(key);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}
