// One screen at a time: drawn when it is ready, and a list drawn anew while nobody has a finger on it.
//
//   screens(main, {live, onleave}) -> {go(screen, make), put(screen, element), renew()}
//       live: screens that renew() draws again; make() -> element or a promise of one

export function screens(main, { live, onleave }) {
  const now = { screen: null, show: () => {}, turn: 0 };
  let isHeld = false;
  main.addEventListener("pointerdown", () => {
    isHeld = true;
  });
  for (const name of ["pointerup", "pointercancel"])
    window.addEventListener(name, () => {
      isHeld = false;
    });

  function place(screen, element, show) {
    const isSame = screen === now.screen;
    if (!isSame) onleave();
    const { scrollY } = window;
    main.replaceChildren(element);
    window.scrollTo(0, isSame ? scrollY : 0);
    Object.assign(now, { screen, show });
  }

  async function go(screen, make) {
    now.turn += 1;
    const { turn } = now;
    const element = await make();
    // Somebody went elsewhere meanwhile.
    if (turn === now.turn) place(screen, element, () => go(screen, make));
  }

  function put(screen, element) {
    now.turn += 1;
    place(screen, element, () => {});
  }

  function renew() {
    if (!isHeld && live.includes(now.screen)) now.show();
  }

  return { go, put, renew };
}
