// Two drawings one over the other: a slider, or a finger on the drawing, moves the edge between them.

const stage = document.querySelector("[data-swipe]");
const slider = document.getElementById("swipe");

if (stage && slider) {
  slider.addEventListener("input", show);
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("a")) return;
    stage.setPointerCapture(event.pointerId);
    moveTo(event.clientX);
    stage.addEventListener("pointermove", follow);
    // A mouse would select the drawing's words.
    if (event.pointerType === "mouse") event.preventDefault();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => stage.removeEventListener("pointermove", follow));
  }
  show();
}

function follow(event) {
  moveTo(event.clientX);
}

function moveTo(x) {
  const { left, width } = stage.querySelector(".compare-paper").getBoundingClientRect();
  slider.value = String(Math.round((100 * (x - left)) / width));
  show();
}

function show() {
  const share = slider.valueAsNumber;
  stage.style.setProperty("--edge", `${share}%`);
  slider.setAttribute("aria-valuetext", `${slider.dataset.before} ${share}%, ${slider.dataset.after} ${100 - share}%`);
}
