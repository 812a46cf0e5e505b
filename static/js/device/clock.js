// What time is it at the server? The offset of the best (shortest) round trip of the last ten minutes.
import { readMeta, writeMeta } from "./store.js";

const FRESH_MS = 10 * 60 * 1000;
const DRIFT_MS = 2000;
const TRIP_MAX_MS = 60_000; // longer than any call may take: the clock was set while it ran
let best = { offset: 0, trip: Infinity, at: 0 };

export async function openClock() {
  best = (await readMeta("clock")) ?? best;
}

export async function observe(sentMs, receivedMs, serverMs) {
  const trip = receivedMs - sentMs;
  if (trip < 0 || trip > TRIP_MAX_MS) return;
  const offset = Math.round(serverMs - (sentMs + receivedMs) / 2);
  // Every offset is true to half its trip. Two that lie further apart say that somebody has set the phone's clock: the
  // old one would date scans by days, so it goes at once.
  const clockSet = Math.abs(offset - best.offset) > (trip + best.trip) / 2 + DRIFT_MS;
  if (!clockSet && trip > best.trip && Math.abs(receivedMs - best.at) < FRESH_MS) return;
  best = { offset, trip, at: receivedMs };
  await writeMeta("clock", best);
}

export const offsetMs = () => best.offset;
export const serverNow = () => new Date(Date.now() + best.offset);
