// The gate's own database in the browser: it can be wiped without touching what the device has said.
const STRICT = { durability: "strict" };
export const STORES = ["passes", "admitted", "roster", "told"];
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("festival-gate", 2); // 1 had no "told"
    asked.onupgradeneeded = () => {
      const there = asked.result.objectStoreNames;
      for (const name of STORES) if (!there.contains(name)) asked.result.createObjectStore(name);
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
  });
  return opened;
}

export async function within(stores, mode, work) {
  const tx = (await database()).transaction(stores, mode, mode === "readwrite" ? STRICT : undefined);
  const value = work(tx);
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error); });
  return value instanceof IDBRequest ? value.result : value;
}
