// The picture of a drawing shows each layer as what it is chosen to be, and which row of the table it is.

const drawn = (row) => document.getElementById(`drawn-${row.dataset.layer}`);

for (const row of document.querySelectorAll("tr[data-layer]")) {
  const path = drawn(row);
  if (!path) continue;
  const select = row.querySelector("select");
  select.addEventListener("change", () => path.setAttribute("class", `layer ${select.value}`));
  const light = (on) => path.classList.toggle("lit", on);
  for (const [begin, end] of [
    ["pointerenter", "pointerleave"],
    ["focusin", "focusout"],
  ]) {
    row.addEventListener(begin, () => light(true));
    row.addEventListener(end, () => light(false));
  }
}
