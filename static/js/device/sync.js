// When does the device talk with the server? Deliver what waits, ask what is new; one tab at a time does it for all.
import { NoAnswer } from "./call.js";
import { subscribe } from "./changes.js";
import { offsetMs } from "./clock.js";
import { tellCondition } from "./condition.js";
import { deliverAll } from "./deliver.js";
import { device } from "./enrol.js";
import { EVERY_S } from "./pace.js";
import { mayHoldLists } from "./forget.js";
import { askState } from "./state.js";
import { hooks, status, tell, tellTabsStatus } from "./status.js";
import { gaveUp, isFull, room } from "./storage.js";
import { asked, readMeta, transact } from "./store.js";

let timer = 0;
let running = null;
let failures = 0;
let stateDue = 0;

/** onVerdict(entry), onState(state, whole), onStatus(status); `mergeState(state)` instead of onState keeps a large list
    in the app's own store and resolves to the next cursor: it moves on only then. */
export async function startSync(given) {
  Object.assign(hooks, { stateEvery: EVERY_S.state }, given);
  status.device = await device();
  status.festival = status.device?.festival ?? null;
  status.stateAt = (await readMeta("stateAt")) ?? 0;
  status.offsetMs = offsetMs();
  if (!hooks.mergeState && hooks.onState) {
    const kept = await transact(["state"], "readonly", (tx) => asked(tx.objectStore("state").get("last")));
    if (kept) hooks.onState(kept.state, kept);
  }
  subscribe(() => soon(0));
  addEventListener("online", () => { failures = 0; soon(0); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });
  tell();
  return syncNow();
}

/** Deliver and ask now; resolves when this round is over. */
export function syncNow() {
  running ??= round().finally(() => { running = null; again(); });
  return running;
}

function soon(seconds) {
  clearTimeout(timer);
  timer = setTimeout(syncNow, seconds * 1000);
}

function again() {
  const pause = failures ? Math.min(EVERY_S.failed * 2 ** (failures - 1), EVERY_S.longest) : EVERY_S.idle;
  soon(pause * (0.7 + 0.6 * Math.random()));
}

async function round() {
  try {
    await navigator.locks.request("festival-sync", { ifAvailable: true }, async (lock) => {
      if (!lock) return; // another tab is at it
      const asks = await mayHoldLists();
      if (gaveUp()) status.storage = await room(); // said at once, not with the next report
      await tellCondition();
      const undelivered = await deliverAll();
      await tellCondition(true);
      if (asks && Date.now() >= stateDue) {
        await askState();
        stateDue = Date.now() + hooks.stateEvery * 1000;
      }
      if (undelivered) throw undelivered;
      tellTabsStatus();
    });
    failures = 0;
  } catch (wrong) {
    failures += 1;
    if (!(wrong instanceof NoAnswer)) console.error(wrong);
    if (isFull(wrong)) status.storage = { ...(await room()), near: true, full: true };
    else status.online = false;
  }
  tell();
}
