// Is the tablet open, and for which session? A lock of the screen: what waits to be sent goes on being sent behind it.
import { device } from "../device/enrol.js";
import { hasPin, provePin } from "../device/pin.js";
import { readMeta, writeMeta } from "../device/store.js";
import { goingOn, sessionNow, whyLocked } from "./session.js";
import { tablet } from "./tablet.js";

const LOOK_MS = 15_000;
export const hold = { why: null, able: false }; // able: the tablet knows its judge's PIN

const keyOf = async () => `opened:${(await device()).code}`;

/** changed() is called when the tablet has locked itself. */
export async function startHold(changed) {
  hold.able = await hasPin();
  await look();
  const again = async () => { if (document.hidden) return; const before = hold.why; await look(); if (hold.why !== before) changed(); };
  setInterval(again, LOOK_MS);
  document.addEventListener("visibilitychange", again);
}

/** A sheet that lies open is not covered because the next session begins: the judge is writing. */
export async function look(busy = tablet.now.view === "sheet") {
  if (!hold.able || hold.why) return;
  const key = await keyOf();
  const record = (await readMeta(key)) ?? null;
  const session = sessionNow(tablet.state.contests, Date.now());
  const why = whyLocked(record, Date.now(), session);
  hold.why = why === "session" && busy ? null : why;
  if (!hold.why && why !== "session") await writeMeta(key, goingOn(record, Date.now(), session));
}

export async function shut() {
  const key = await keyOf();
  await writeMeta(key, { ...((await readMeta(key)) ?? { seen: 0, sessions: [] }), shut: true });
  hold.why = "shut";
}

/** → {right, wait_s, misses} of the typed PIN; a right one opens. */
export async function unlock(pin) {
  const answer = await provePin(pin);
  if (answer.right) {
    const key = await keyOf();
    await writeMeta(key, goingOn((await readMeta(key)) ?? null, Date.now(), sessionNow(tablet.state.contests, Date.now())));
    hold.why = null;
  }
  return answer;
}
