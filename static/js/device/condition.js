// How is this device: battery, what was not sent, whether what it keeps is safe, its clock? Told about once a minute, so that the
// lead sees which phone needs a hand before it falls silent.
import { call, NoAnswer } from "./call.js";
import { device } from "./enrol.js";
import { inTime } from "./opening.js";
import { counts } from "./outbox.js";
import { EVERY_S } from "./pace.js";
import { status } from "./status.js";
import { askToKeep, holdReserve, room } from "./storage.js";

let saidAt = 0;
let said = null;

/** Tell it when it is due; `delivered`: something has just been sent, so what was told of unsent entries may be wrong. */
export async function tellCondition(delivered = false) {
  const identity = await device();
  if (!identity || (delivered ? !said?.unsent : Date.now() - saidAt < EVERY_S.condition * 1000)) return;
  if (!saidAt && navigator.userAgentData) await inTime(askToKeep()).catch(console.error); // a browser that would ask its reader is not asked at every opening
  await holdReserve().catch(console.error); // without a reserve all is sent all the same
  status.storage = await room();
  const { saved } = await counts();
  const { used, persisted } = status.storage;
  const now = { wall_ms: Date.now(), unsent: saved, battery: await battery(), storage_used: used, persisted };
  try {
    await call(identity, "POST", "/api/v1/sync/condition", now);
    said = now;
  } catch (wrong) {
    if (!(wrong instanceof NoAnswer) || wrong.message === "network") throw wrong;
  }
  saidAt = Date.now(); // a server that does not know this door is not asked all the time
}

async function battery() {
  try {
    return Math.round((await navigator.getBattery()).level * 100);
  } catch { return null; }
}
