// Where does a device keep what must not be lost? One IndexedDB, every write with strict durability: a transaction
// that has completed is on the disk, not in a cache that a flat battery empties.
import { giveUpReserve, isFull } from "./storage.js";

const NAME = "festival-device";
const VERSION = 1;
const STRICT = { durability: "strict" };

let opened = null;

export function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("meta");
      db.createObjectStore("state");
      db.createObjectStore("outbox", { keyPath: ["device", "seq"] });
      const archive = db.createObjectStore("archive", { keyPath: ["device", "seq"] });
      archive.createIndex("level", "level");
      archive.createIndex("refused", "refused");
    };
    asked.onsuccess = () => {
      // Another tab of a newer release must not wait for this one for ever.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
  });
  return opened;
}

export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Work on stores in one transaction; resolves after it has completed. `work(tx)` may await only `asked(…)`:
    anything else (fetch, WebCrypto) would let the transaction close. */
export async function transact(stores, mode, work) {
  try {
    return await once(stores, mode, work);
  } catch (wrong) {
    // The phone is full: what is held back for this moment is given up, and the work done anew.
    if (mode !== "readwrite" || !isFull(wrong) || !(await giveUpReserve())) throw wrong;
    return once(stores, mode, work);
  }
}

async function once(stores, mode, work) {
  const db = await database();
  const tx = mode === "readwrite" ? db.transaction(stores, mode, STRICT) : db.transaction(stores, mode);
  const finished = new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error ?? new Error("not stored"));
  });
  let value;
  try {
    value = await work(tx);
  } catch (wrong) {
    try { tx.abort(); } catch { /* it has ended already */ }
    finished.catch(() => {});
    throw isFull(tx.error) ? tx.error : wrong;
  }
  await finished;
  return value;
}

export const readMeta = (key) => transact(["meta"], "readonly", (tx) => asked(tx.objectStore("meta").get(key)));
export const writeMeta = (key, value) => transact(["meta"], "readwrite", (tx) => asked(tx.objectStore("meta").put(value, key)));
