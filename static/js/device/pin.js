// Is it the judge who holds this tablet? The own PIN, held against what opening the tablet has left here; no network is needed.
import { device } from "./enrol.js";
import { asked, readMeta, transact } from "./store.js";

const FREE_MISSES = 5;
const ROUNDS = 210_000;

/** Milliseconds to wait after so many misses in a row: 10 s after the fifth, then twice as long, 15 minutes at most. */
export const pauseAfter = (misses) => (misses < FREE_MISSES ? 0 : Math.min(10_000 * 2 ** Math.min(misses - FREE_MISSES, 10), 900_000));

const keyOf = async () => `pin:${(await device()).code}`;

async function stretched(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, 256);
  return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server has believed this PIN: from now on the tablet knows it again by itself. */
export async function rememberPin(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const row = { salt, stretched: await stretched(pin, salt), misses: 0, missedAt: 0 };
  const key = await keyOf();
  await transact(["meta"], "readwrite", (tx) => asked(tx.objectStore("meta").put(row, key)));
}

export const hasPin = async () => Boolean(await readMeta(await keyOf()));

export async function forgetPin() {
  const key = await keyOf();
  await transact(["meta"], "readwrite", (tx) => asked(tx.objectStore("meta").delete(key)));
}

/** → {right, wait_s, misses}. A miss is counted before the PIN is looked at: a page loaded anew in between is no free try. */
export async function provePin(pin) {
  const key = await keyOf();
  const taken = await transact(["meta"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    const row = await asked(meta.get(key));
    const pause = pauseAfter(row.misses);
    const left = Math.min(row.missedAt + pause - Date.now(), pause); // a clock that was set back makes nobody wait longer
    if (left > 0) return { wait_s: Math.ceil(left / 1000), misses: row.misses };
    const counted = { ...row, misses: row.misses + 1, missedAt: Date.now() };
    await asked(meta.put(counted, key));
    return counted;
  });
  if (taken.wait_s) return { right: false, wait_s: taken.wait_s, misses: taken.misses };
  const right = (await stretched(pin, taken.salt)) === taken.stretched;
  if (!right) return { right, wait_s: Math.ceil(pauseAfter(taken.misses) / 1000), misses: taken.misses };
  await transact(["meta"], "readwrite", (tx) => asked(tx.objectStore("meta").put({ ...taken, misses: 0, missedAt: 0 }, key)));
  return { right, wait_s: 0, misses: 0 };
}
