// What time is it at the server? The offset of the best (shortest) round trip of the last ten minutes.
import { readMeta, writeMeta } from "./device-store.js";

const FRESH_MS = 10 * 60 * 1000;
let best = { offset: 0, trip: Infinity, at: 0 };

export async function openClock() {
  best = (await readMeta("clock")) ?? best;
}

export async function observe(sentMs, receivedMs, serverMs) {
  const trip = receivedMs - sentMs;
  if (trip < 0 || (trip > best.trip && receivedMs - best.at < FRESH_MS)) return;
  best = { offset: Math.round(serverMs - (sentMs + receivedMs) / 2), trip, at: receivedMs };
  await writeMeta("clock", best);
}

export const offsetMs = () => best.offset;
export const serverNow = () => new Date(Date.now() + best.offset);
