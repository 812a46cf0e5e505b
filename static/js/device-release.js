// When may a new release take over? When nothing waits in the outbox and nobody is in the middle of something.
import { counts } from "./outbox.js";

/** keepFresh({busy: () => boolean}): registers the service worker and changes releases at a quiet moment. */
export async function keepFresh({ busy = () => false } = {}) {
  if (!("serviceWorker" in navigator)) return;
  let changing = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (changing) location.reload(); });
  const registered = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const look = async () => {
    if (!registered.waiting || changing || busy()) return;
    if ((await counts()).saved > 0) return;
    changing = Boolean(navigator.serviceWorker.controller);
    registered.waiting.postMessage("take over");
  };
  setInterval(look, 5000);
  setInterval(() => { if (navigator.onLine) registered.update().catch(() => {}); }, 15 * 60 * 1000);
  await look();
}
