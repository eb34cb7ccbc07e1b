// The month by keyboard: arrows go from day to day, Home and End to the ends of a week, Page Up and Down to other months.

const table = document.querySelector("[data-calendar]");
const days = [...table.querySelectorAll("[data-day]")];

/** One day of the grid is in the order of the Tab key, so that Tab leaves the grid as it leaves a field. */
function choose(day) {
  for (const each of days) each.tabIndex = each === day ? 0 : -1;
}

const visible = days.filter((day) => day.offsetParent);

choose(
  days.find((day) => day.getAttribute("aria-current")) ??
    visible.find((day) => day.closest(".today")) ??
    visible[0] ??
    days[0],
);

table.addEventListener("focusin", (event) => {
  const day = event.target.closest("[data-day]");
  if (day) choose(day);
});

function endOfWeek(day, last) {
  const week = [...day.closest("tr").querySelectorAll("[data-day]")];
  return days.indexOf(last ? week.at(-1) : week[0]);
}

table.addEventListener("keydown", (event) => {
  const day = event.target.closest("[data-day]");
  if (!day || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = days.indexOf(day);
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - 7,
    ArrowDown: at + 7,
    Home: endOfWeek(day, false),
    End: endOfWeek(day, true),
  }[event.key];
  const rel = { PageUp: "prev", PageDown: "next" }[event.key];
  if (rel) {
    event.preventDefault();
    document.querySelector(`a[rel=${rel}]`).click();
  } else if (to !== undefined) {
    event.preventDefault();
    days[to]?.focus();
  }
});
