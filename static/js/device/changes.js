// Who wants to know that the outbox has changed, in this tab or in another one?
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("festival-outbox") : null;
const listeners = new Set();

/** fn() whenever something changed, here or in another tab. */
export function subscribe(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

export function announce() {
  for (const fn of listeners) fn();
  channel?.postMessage("changed");
}
channel?.addEventListener("message", () => { for (const fn of listeners) fn(); });
