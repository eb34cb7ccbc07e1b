// The installed app: registers the worker that keeps the pages, and says when a new version is ready.
//
//   startShell({worker, scope, onready, onversion}) -> registration or null
//       onready(): everything needed is kept, the page opens without a network
//       onversion(take): a new version waits; take() changes to it and loads the page anew. Nothing is taken by itself:
//       somebody may be in the middle of a form.

export async function startShell({ worker, scope, onready = () => {}, onversion = () => {} }) {
  if (!navigator.serviceWorker) return null;
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
  });
  let registration;
  try {
    registration = await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
  } catch {
    // Without a network the worker of last time goes on.
    registration = await navigator.serviceWorker.getRegistration(scope);
    if (!registration) return null;
  }
  const offer = (waiting) => {
    if (!waiting || !registration.active) return;
    onversion(() => {
      asked = true;
      waiting.postMessage({ type: "take-over" });
    });
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && offer(coming));
  });
  navigator.serviceWorker.ready.then(onready);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && navigator.onLine) registration.update().catch(() => {});
  });
  return registration;
}
