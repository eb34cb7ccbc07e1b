// The frame of every page: menus, questions before hard steps, forms sent once, failures told.

/** Menus are <details>: they open without JavaScript; this closes them as people expect. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const toggle = event.target.closest(".nav-toggle");
  if (toggle) toggleNav(toggle);
  const copy = event.target.closest("[data-copy]");
  if (copy) copyFrom(copy);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details.menu[open]");
  closeMenus(null);
  open?.querySelector("summary").focus();
});

document.addEventListener("focusin", (event) => closeMenus(event.target));

function toggleNav(button) {
  const nav = document.getElementById(button.getAttribute("aria-controls"));
  const open = nav.classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
}

/** On a narrow screen tabs go on to the right: the page's own must be in sight. */
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  const row = here.parentElement;
  const hidden = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (hidden > 0) row.scrollLeft += hidden + here.offsetWidth / 2;
}

async function copyFrom(button) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  } catch {
    // Without the right to write the clipboard, the text is selected for the keyboard.
    field.select();
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const button = event.submitter;
    if (button?.dataset.confirm && !window.confirm(button.dataset.confirm)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // The map keeps its state in the address, which the server knew only when the page was made.
    if ("here" in event.target.dataset) event.target.elements.next.value = location.pathname + location.search;
    sendOnce(event);
  },
  true,
);

/** Signing out also closes the apps that open without a network (offline/session.js); what waits there stays. */
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && "signOut" in event.target.dataset) localStorage.removeItem("dongne.offline.person");
});

/** A second click while the first is under way does nothing; the server would refuse it anyway. */
function sendOnce(event) {
  const form = event.target;
  if (!("once" in form.dataset) || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
}

// Coming back by the browser's Back button must leave the form usable.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/**
 * Long lists of choices: what is ticked always stays in sight. Of a list too long to be walked through, nothing else is
 * shown until something was typed.
 */
function narrow(field) {
  const list = document.getElementById(field.dataset.narrow);
  const wanted = field.value.trim().toLowerCase();
  const isShut = "long" in field.dataset && !wanted;
  for (const row of list?.children ?? []) {
    const ticked = row.querySelector("input").checked;
    row.hidden = !ticked && (isShut || !row.textContent.toLowerCase().includes(wanted));
  }
}

const narrowAll = (element) => element.querySelectorAll("[data-narrow][data-long]").forEach(narrow);

document.addEventListener("input", (event) => {
  if (event.target.dataset?.narrow) narrow(event.target);
});

document.addEventListener("htmx:load", (event) => narrowAll(event.detail.elt));
narrowAll(document);

/** After an error the reader's place is the list of errors. */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
});

/** A server that cannot be reached or that fails must say so on the page. The map's panel says it itself. */
function showFailure(event, text) {
  const place = document.getElementById("messages");
  if (!place || !text || event.target.closest?.(".map-panel")) return;
  const notice = document.createElement("div");
  notice.className = "notice error icon icon-error";
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  place.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", (event) => showFailure(event, document.body.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const told = answer.querySelector(".notice p")?.textContent.trim();
  showFailure(event, told || document.body.dataset.failed);
});
