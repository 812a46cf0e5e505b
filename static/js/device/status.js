// What does this device know of its line to the server, and who in the page wants to hear of it?
import { offsetMs } from "./clock.js";
import { drawNotice } from "./notice.js";

export const status = {
  online: null, revoked: false, unauthorised: false, lastContact: 0, stateAt: 0, offsetMs: 0,
  rehearsal: false, device: null, festival: null, storage: null,
  over: false, away: false, // its lists are forgotten: the festival is over, nobody holds it
  receiving: null, // percent of the list, while it comes in parts
};

/** What the app wants to hear: see startSync. */
export const hooks = {};

export const syncStatus = () => ({ ...status });

export function tell() {
  drawNotice(status);
  hooks.onStatus?.({ ...status });
}

// A tab that does not deliver hears from the one that does.
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("festival-sync") : null;
tabs?.addEventListener("message", async ({ data: { filed = [], told } }) => {
  for (const entry of filed) await hooks.onVerdict?.(entry);
  Object.assign(status, told);
  tell();
});

export function tellTabsFiled(filed) {
  tabs?.postMessage({ filed, told: {} });
}

export function tellTabsStatus() {
  const { online, revoked, unauthorised, lastContact, stateAt, storage } = status;
  tabs?.postMessage({ told: { online, revoked, unauthorised, lastContact, stateAt, storage, offsetMs: offsetMs() } });
}
