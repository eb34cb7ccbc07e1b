// A list that is drawn anew stays where the eye is, and is not drawn anew under a finger.
//
//   const at = placeOf(main); restore(main, at)      the same entry at the same height again, and with the keyboard
//   whileHeld(main, onrelease) -> isHeld()

const KEPT = "[data-house], [data-uuid]";
const keyOf = (element) => element?.dataset?.house ?? element?.dataset?.uuid ?? null;

export function placeOf(main) {
  const { scrollY } = window;
  const isNear = (each) => each.getBoundingClientRect().bottom > 0;
  // At the very top the newest order of the list is what somebody wants to see.
  const anchor = scrollY > 0 ? [...main.querySelectorAll(KEPT)].find(isNear) : null;
  const top = anchor?.getBoundingClientRect().top ?? 0;
  return { scrollY, anchor: keyOf(anchor), top, focus: keyOf(document.activeElement?.closest(KEPT)) };
}

export function restore(main, { scrollY, anchor, top, focus }) {
  const find = (key) => key && [...main.querySelectorAll(KEPT)].find((each) => keyOf(each) === key);
  find(focus)?.focus({ preventScroll: true });
  const again = find(anchor);
  // Where the entry went away the page stays as far down as it was.
  if (again) window.scrollBy(0, again.getBoundingClientRect().top - top);
  else window.scrollTo(0, scrollY);
}

export function whileHeld(main, onrelease) {
  let isHeld = false;
  main.addEventListener("pointerdown", () => {
    isHeld = true;
  });
  const release = () => {
    if (!isHeld) return;
    isHeld = false;
    // The click that belongs to it comes first.
    setTimeout(onrelease, 50);
  };
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, release);
  return () => isHeld;
}
