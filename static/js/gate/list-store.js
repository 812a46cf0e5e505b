// The gate's own database in the browser: it can be wiped without touching what the device has said.
import { connection } from "../device/opening.js";

const STRICT = { durability: "strict" };
export const STORES = ["passes", "admitted", "roster", "told"];
const database = connection("festival-gate", 2, (db) => { // 1 had no "told"
  for (const name of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
});

export async function within(stores, mode, work) {
  const tx = (await database()).transaction(stores, mode, mode === "readwrite" ? STRICT : undefined);
  const value = work(tx);
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error); });
  return value instanceof IDBRequest ? value.result : value;
}
