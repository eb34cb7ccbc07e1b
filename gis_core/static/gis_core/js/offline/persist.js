// Keeping the browser from throwing the records away.
//
//   askToKeep() -> {persisted, quota, usage, isInstalled, installHint}
//       installHint: null | "install_ios" | "install" | "install_menu"   keys of words.js; iOS deletes a site's data
//       after seven days without a visit, unless it is on the home screen
//   oninstallable(callback)   callback(install | null): install() opens the browser's own question

let offered = null;
const listeners = new Set();

const tell = () => {
  for (const listener of listeners) listener(offered && install);
};

globalThis.window?.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  tell();
});

globalThis.window?.addEventListener("appinstalled", () => {
  offered = null;
  tell();
});

async function install() {
  const question = offered;
  offered = null;
  await question?.prompt();
  tell();
}

export function oninstallable(callback) {
  listeners.add(callback);
  callback(offered && install);
}

export const isInstalled = () =>
  window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

export function installHint(
  agent = navigator.userAgent,
  installed = isInstalled(),
  touches = navigator.maxTouchPoints,
) {
  if (installed) return null;
  // An iPad calls itself a Mac.
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return "install_ios";
  return /Android/.test(agent) ? "install_menu" : null;
}

export async function askToKeep() {
  const storage = navigator.storage;
  const persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  const { quota = null, usage = null } = (await storage?.estimate?.()) ?? {};
  return { persisted, quota, usage, isInstalled: isInstalled(), installHint: installHint() };
}
