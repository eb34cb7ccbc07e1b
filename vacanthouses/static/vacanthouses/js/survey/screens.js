// One screen at a time: drawn when it is ready, kept up to date while it is a list, and left as it was by a finger.
//
//   screens(main, {live, onleave}) -> {go(screen, make), put(screen, element), renew()}
//       live: screens that renew() draws again; make() -> element or a promise of one

import { placeOf, restore, whileHeld } from "./scroll.js";

export function screens(main, { live, onleave }) {
  const now = { screen: null, show: () => {}, turn: 0, drawn: 0, shown: 0, isGoing: false, isStale: false };
  // How far down each list was read, for whoever comes back to it.
  const read = new Map();
  const isHeld = whileHeld(main, () => now.isStale && renew());

  function place(screen, element, show) {
    read.set(now.screen, placeOf(main));
    if (screen !== now.screen) onleave();
    main.replaceChildren(element);
    if (screen === now.screen || (live.includes(screen) && read.has(screen))) restore(main, read.get(screen));
    else window.scrollTo(0, 0);
    Object.assign(now, { screen, show });
  }

  /** Draw a screen that takes a moment to make, unless somebody went elsewhere or a newer drawing was faster. */
  async function draw(screen, make) {
    const { turn } = now;
    now.drawn += 1;
    const number = now.drawn;
    const element = await make();
    if (turn !== now.turn || number < now.shown) return;
    now.shown = number;
    place(screen, element, () => draw(screen, make));
  }

  /** Somebody goes to another screen; what changes on the way there is drawn on arrival. */
  async function go(screen, make) {
    now.turn += 1;
    const { turn } = now;
    now.isGoing = true;
    await draw(screen, make);
    if (turn !== now.turn) return;
    now.isGoing = false;
    if (now.isStale) renew();
  }

  /** A screen that is there at once: whatever was on its way stays away. */
  function put(screen, element) {
    now.turn += 1;
    now.isGoing = false;
    place(screen, element, () => {});
  }

  function renew() {
    now.isStale = now.isGoing || isHeld();
    if (!now.isStale && live.includes(now.screen)) now.show();
  }

  return { go, put, renew };
}
