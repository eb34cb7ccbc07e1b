// The pointer on the canvas: moves, taps and drags for the tool in hand; two fingers and the middle button for the view.

// A hand trembles, a finger more: as many pixels are still a tap.
const STEADY = { mouse: 4, pen: 6, touch: 10 };
const TWICE_MS = 400;

export class Pointer {
  /**
   * `adapter` is the canvas; `hand` gives what the tool does: move(place, event), press(place, event) which answers
   * whether a drag from there is the tool's, drag(place, event), drop(place, event), tap(place, event),
   * twice(place, event), cancel(), leave().
   */
  constructor(adapter, hand) {
    this.adapter = adapter;
    this.hand = hand;
    this.pressed = null;
    this.fingers = new Set();
    this.space = false;
    this.lastTap = { time: 0, x: 0, y: 0 };
    const { element } = adapter;
    // Before Leaflet hears of it, so that dragging can be taken from it.
    element.addEventListener("pointerdown", (event) => this.#down(event), true);
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#lost(event));
    element.addEventListener("pointerleave", () => !this.pressed && hand.leave());
    element.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #down(event) {
    if (event.target.closest(".plan-over")) return;
    this.fingers.add(event.pointerId);
    if (this.fingers.size > 1) {
      this.#giveUp();
      return;
    }
    const place = this.adapter.fromEvent(event);
    // What is not taken is left to the map engine, which moves the view: so with the middle button, and with space.
    const takes = event.button === 0 && !this.space && this.hand.press(place, event);
    this.pressed = { id: event.pointerId, x: event.clientX, y: event.clientY, takes, dragging: false };
    if (!takes) return;
    this.adapter.setDragging(false);
    this.adapter.element.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const { pressed } = this;
    if (pressed && pressed.id !== event.pointerId) return;
    const place = this.adapter.fromEvent(event);
    if (!pressed) {
      this.hand.move(place, event);
      return;
    }
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (far > (STEADY[event.pointerType] ?? 4)) pressed.dragging = true;
    if (pressed.dragging && pressed.takes) this.hand.drag(place, event);
  }

  #up(event) {
    this.fingers.delete(event.pointerId);
    const { pressed } = this;
    if (pressed?.id !== event.pointerId) return;
    this.#release();
    const place = this.adapter.fromEvent(event);
    if (pressed.dragging) {
      if (pressed.takes) this.hand.drop(place, event);
    } else if (event.button === 0) this.#tapped(place, event);
  }

  #tapped(place, event) {
    const { time, x, y } = this.lastTap;
    const isNear = Math.hypot(event.clientX - x, event.clientY - y) < 8;
    const isTwice = event.timeStamp - time < TWICE_MS && isNear;
    this.lastTap = isTwice ? { time: 0, x: 0, y: 0 } : { time: event.timeStamp, x: event.clientX, y: event.clientY };
    if (isTwice) this.hand.twice(place, event);
    else this.hand.tap(place, event);
  }

  #lost(event) {
    this.fingers.delete(event.pointerId);
    if (this.pressed?.id === event.pointerId) this.#giveUp();
  }

  /** A second finger came: what the first had begun is dropped, and both move the view. */
  #giveUp() {
    if (this.pressed?.takes) this.hand.cancel();
    this.#release();
  }

  #release() {
    this.pressed = null;
    this.adapter.setDragging(true);
  }
}
