// Will what this device keeps stay, and is there room for more? A reserve is held back while there is room: when the phone is
// full it is given up, so that what a person has just decided is still written down.
import { inTime, openDatabase } from "./opening.js";

const NAME = "festival-reserve";
const RESERVE_BYTES = 3 * 1024 * 1024;
const NEAR_PERCENT = 90;
const NEAR_BYTES = 20 * 1024 * 1024;
let gave = false; // up the reserve, since this page was opened

/** Ask the browser to keep what is stored here; its answer, null when it cannot be asked. */
export async function askToKeep() {
  try {
    return (await navigator.storage?.persist?.()) ?? null;
  } catch { return null; }
}

/** {persisted, used (percent), near, full}; null = this browser does not tell. */
export async function room() {
  const { usage, quota } = (await inTime(navigator.storage?.estimate?.()).catch(() => null)) ?? {};
  const known = Number.isFinite(usage) && quota > 0;
  const used = known ? Math.min(100, Math.round((100 * usage) / quota)) : null;
  const near = known && (used >= NEAR_PERCENT || quota - usage < NEAR_BYTES);
  return { persisted: await kept(), used, near: near || gave, full: gave };
}

const kept = async () => (await inTime(navigator.storage?.persisted?.()).catch(() => null)) ?? null;

export const gaveUp = () => gave;

export const isFull = (wrong) => wrong?.name === "QuotaExceededError";

/** Hold the reserve; again once there is room after it was given up. */
export async function holdReserve() {
  try {
    await inReserve("readonly", (store) => store.count()).then((held) => held || fill());
    gave = false;
  } catch (wrong) {
    if (!isFull(wrong)) throw wrong;
    gave = true;
  }
}

// Bytes that cannot be packed, as a file of its own: deleting it frees the room at once.
function fill() {
  const bytes = new Uint8Array(RESERVE_BYTES);
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return inReserve("readwrite", (store) => store.put(new Blob([bytes]), "reserve"));
}

/** The phone is full: resolves to whether there was something to give up. */
export async function giveUpReserve() {
  gave = true;
  const held = await inReserve("readonly", (store) => store.count());
  if (held) await inReserve("readwrite", (store) => store.clear());
  return held > 0;
}

async function inReserve(mode, work) {
  const db = await openDatabase(NAME, 1, (made) => made.createObjectStore("reserve"));
  try {
    const tx = db.transaction("reserve", mode);
    const request = work(tx.objectStore("reserve"));
    await new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error ?? request.error);
    });
    return request.result;
  } finally { db.close(); }
}
