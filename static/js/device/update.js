// When may a new release take over? When nothing waits in the outbox and nobody is in the middle of something.
import { counts } from "./outbox.js";

/** keepFresh({busy: () => boolean}): registers the service worker and changes releases at a quiet moment. */
export async function keepFresh({ busy = () => false } = {}) {
  if (!("serviceWorker" in navigator)) return;
  const registered = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  if (!registered) return; // the browser lets no worker be: the page goes on without one
  let served = Boolean(navigator.serviceWorker.controller);
  let changed = false; // here or by another tab: this page is of the release before
  const look = async () => {
    if (!registered.waiting && !changed) return;
    // A pass may be held up at any moment, also after the worker was asked: what stands on the screen is not loaded away.
    if (busy() || (await counts()).saved > 0 || busy()) return;
    if (changed) location.reload();
    else registered.waiting.postMessage("take over");
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => { changed = served; served = true; look(); });
  setInterval(look, 5000);
  setInterval(() => { if (navigator.onLine) registered.update().catch(() => {}); }, 15 * 60 * 1000);
  await look();
}
