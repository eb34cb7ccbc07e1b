// When the queue is sent: when the network comes back, when the page is looked at again, from time to time, and when
// the browser's Background Sync says so (a bonus: Safari has none, and the page owns the queue).
//
//   const stop = keepSending(queue, {onresult, every})

const EVERY = 30_000;

export function keepSending(queue, { onresult = () => {}, every = EVERY } = {}) {
  const attempt = async (force) => {
    if (navigator.onLine === false) return onresult({ reason: "offline", sent: 0 });
    const result = await queue.send({ force });
    if (result.reason !== "busy") onresult(result);
    if (!["done", "nothing"].includes(result.reason)) askForSync();
  };
  const now = () => attempt(true);
  const seen = () => document.visibilityState === "visible" && attempt(true);
  const told = ({ data }) => data?.type === "send" && attempt(true);
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", seen);
  navigator.serviceWorker?.addEventListener("message", told);
  const timer = setInterval(() => attempt(false), every);
  attempt(true);
  return () => {
    window.removeEventListener("online", now);
    document.removeEventListener("visibilitychange", seen);
    navigator.serviceWorker?.removeEventListener("message", told);
    clearInterval(timer);
  };
}

async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  // Refused where the person has switched background work off.
  await registration?.sync?.register("dongne-send").catch(() => {});
}
