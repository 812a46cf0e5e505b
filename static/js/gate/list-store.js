// The gate's own database in the browser: it can be wiped without touching what the device has said.
import { connection } from "../device/opening.js";
import { byHeap, gather } from "./heaps.js";

const STRICT = { durability: "strict" };
export const STORES = ["heaps", "admitted", "roster", "told"];
const database = connection("festival-gate", 3, (db, tx) => { // 1 had no "told", 2 had each pass by itself
  for (const name of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
  if (db.objectStoreNames.contains("passes")) gather(db, tx);
});

export async function within(stores, mode, work) {
  const tx = (await database()).transaction(stores, mode, mode === "readwrite" ? STRICT : undefined);
  const value = work(tx);
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error); });
  return value instanceof IDBRequest ? value.result : value;
}

/** Map of id → sealed record, or null of a replaced pass, of those that are on this phone. */
export async function passesOf(ids) {
  const found = new Map();
  await within(["heaps"], "readonly", (tx) => {
    for (const [key, some] of byHeap(ids.map((id) => [id]))) {
      tx.objectStore("heaps").get(key).onsuccess = ({ target: { result: heap = {} } }) => {
        for (const [id] of some) if (id in heap) found.set(id, heap[id]);
      };
    }
  });
  return found;
}

/** How many passes are on this phone, replaced ones too. */
export async function passCount() {
  const counts = await within(["told"], "readonly", (tx) => tx.objectStore("told").get("counts"));
  return Object.values(counts ?? {}).reduce((sum, each) => sum + each, 0);
}
