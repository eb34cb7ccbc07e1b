// The review queue by keyboard. Every key does what a link, button or form of the page does too.

const review = document.getElementById("review");
const help = document.getElementById("review-help");

document.getElementById("review-help-open")?.addEventListener("click", () => help.showModal());

function isWriting(target) {
  return target.closest("input:not([type=checkbox]):not([type=hidden]), textarea, select") !== null;
}

function follow(key) {
  document.querySelector(`[data-key="${key}"]`)?.click();
}

/** Opens a folded form and puts the cursor into its first field. */
function open(id) {
  const part = document.getElementById(id);
  if (!part) return;
  part.open = true;
  part.querySelector("textarea, select, form input:not([type=hidden])")?.focus();
}

/** Accepts; where another visit must be set aside first, the form says so and takes the cursor there. */
function accept() {
  const form = document.getElementById("review-accept");
  if (!form) return;
  const open = form.querySelector("input[type=checkbox]:not(:checked)");
  if (open) open.focus();
  else form.requestSubmit();
}

function leave(target) {
  target.closest("details")?.removeAttribute("open");
  document.getElementById("review-house")?.focus();
}

const photos = review ? [...review.querySelectorAll(".review-photos figure")] : [];
let shown = 0;

function turn(step) {
  if (photos.length === 0) return;
  shown = (shown + step + photos.length) % photos.length;
  photos.forEach((photo, number) => {
    photo.hidden = number !== shown;
  });
  const told = document.getElementById("review-photo-number");
  if (told) {
    told.textContent = review.dataset.photo
      .replace("%(number)s", String(shown + 1))
      .replace("%(total)s", String(photos.length));
  }
}

const KEYS = {
  j: () => follow("j"),
  ArrowDown: () => follow("j"),
  k: () => follow("k"),
  ArrowUp: () => follow("k"),
  ArrowLeft: () => turn(-1),
  ArrowRight: () => turn(1),
  a: accept,
  r: () => open("review-return"),
  e: () => open("review-edit"),
  "?": () => help.showModal(),
};
// A Korean keyboard sends these letters for the same keys.
const HANGUL = { ㅓ: "j", ㅏ: "k", ㅁ: "a", ㄱ: "r", ㄷ: "e" };

document.addEventListener("keydown", (event) => {
  if (help.open || event.isComposing) return;
  if (isWriting(event.target)) {
    if (event.key === "Escape") leave(event.target);
    else if (event.key === "Enter" && event.ctrlKey) event.target.form?.requestSubmit();
    else return;
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const act = KEYS[HANGUL[event.key] ?? event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

review?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn]");
  if (button) turn(Number(button.dataset.turn));
});

if (review) {
  review.querySelector(".review-turn")?.removeAttribute("hidden");
  turn(0);
  const begun = review.querySelector("details[open] textarea, details[open] select");
  (begun ?? document.getElementById("review-house")).focus();
}
