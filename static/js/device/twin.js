// The second copy of what must not be lost, in a storage bucket of its own: another folder, another log. Chromium throws a
// whole database away when its log was torn twice over (google/leveldb#1287: killed while it wrote, and killed again); both
// copies are never written at the same moment, so one kill cannot tear both. A browser without buckets has one copy.
import { inTime } from "./opening.js";

const BUCKET = "festival-twin";
export const STORES = ["meta", "state", "outbox", "archive"];
const STAMP = "stamp"; // how many writes a copy has seen; a copy without one is new, or was broken off while it was filled
const STRICT = { durability: "strict" };

const done = (tx) => new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error ?? new Error("not stored")); });

// Held as long as the page is open: when the browser clears an unheld bucket away, no transaction in it ever ends.
let factory = null;

/** The factory of the second copy; null where the browser keeps only one. */
export async function twinFactory() {
  factory = (await inTime(navigator.storageBuckets?.open(BUCKET, { durability: "strict" })))?.indexedDB ?? null;
  return factory;
}

/** The stores of a transaction, as `work` sees them; what it writes is noted in `said`, to be written in the twin too. */
export function listening(tx, said) {
  const objectStore = (name) => new Proxy(tx.objectStore(name), {
    get(store, key) {
      const value = store[key];
      if (typeof value !== "function") return value;
      return (...given) => {
        if (["put", "add", "delete", "clear"].includes(key)) said.push([name, key === "add" ? "put" : key, given]);
        return value.apply(store, given);
      };
    },
  });
  return { objectStore };
}

/** Count a write in the very transaction that makes it; `then(stamp)` hears the number. */
export function count(tx, then = () => {}) {
  const meta = tx.objectStore("meta");
  const asked = meta.get(STAMP);
  asked.onsuccess = () => { const next = (asked.result ?? 0) + 1; meta.put(next, STAMP); then(next); };
}

/** The same writes once more, in the second copy; all of it when that is behind, because another page could not write it. */
export async function repeat(db, twin, said, stamp) {
  const tx = twin.transaction(STORES, "readwrite", STRICT);
  const finished = done(tx);
  const meta = tx.objectStore("meta");
  const before = meta.get(STAMP);
  before.onsuccess = () => {
    if (before.result !== stamp - 1) return;
    for (const [name, deed, given] of said) tx.objectStore(name)[deed](...given);
    meta.put(stamp, STAMP);
  };
  await finished;
  if (before.result !== stamp - 1) await copy(db, twin);
}

export async function isNew(db) {
  const { stamp, full } = await sizeOf(db);
  return stamp === undefined && !full; // without a stamp but full: of a release that kept one copy
}

/** Was the first copy thrown away? Then it is filled from the second; the lists lay beside it, so all of them are asked for again. */
export async function restore(db, twin) {
  if (!(await isNew(db)) || (await isNew(twin))) return false;
  await copy(twin, db, (meta) => { for (const key of ["cursor", "stateAt"]) meta.delete(key); });
  return true;
}

/** The second copy says what the first says. */
export async function follow(db, twin) {
  const [mine, its] = [await sizeOf(db), await sizeOf(twin)];
  if (mine.stamp !== undefined && mine.stamp === its.stamp && mine.counts === its.counts) return;
  const tx = db.transaction(["meta"], "readwrite", STRICT);
  const finished = done(tx);
  count(tx);
  await finished;
  await copy(db, twin);
}

async function sizeOf(db) {
  const tx = db.transaction(STORES);
  const stamp = tx.objectStore("meta").get(STAMP);
  const counted = STORES.map((name) => tx.objectStore(name).count());
  await done(tx);
  return { stamp: stamp.result, counts: counted.map((each) => each.result).join(), full: counted.some((each) => each.result > 0) };
}

async function copy(from, to, then = () => {}) {
  const reading = from.transaction(STORES);
  const held = STORES.map((name) => [name, reading.objectStore(name).getAllKeys(), reading.objectStore(name).getAll()]);
  await done(reading);
  const tx = to.transaction(STORES, "readwrite", STRICT);
  const finished = done(tx);
  for (const [name, keys, values] of held) {
    const store = tx.objectStore(name);
    store.clear();
    values.result.forEach((value, at) => (store.keyPath ? store.put(value) : store.put(value, keys.result[at])));
  }
  then(tx.objectStore("meta"));
  await finished;
}
