// Where does a device keep what must not be lost? One IndexedDB, every write with strict durability: a transaction
// that has completed is on the disk, not in a cache that a flat battery empties. Its twin (twin.js) has all of it once more.
import { inTime, openDatabase, Unanswered } from "./opening.js";
import { giveUpReserve, isFull } from "./storage.js";
import { count, follow, isNew, listening, repeat, restore, twinFactory } from "./twin.js";
import { numberBefore } from "./was.js";

const NAME = "festival-device";
const VERSION = 1;
const STRICT = { durability: "strict" };
const TRIES = 5;
const AGAIN_MS = 200;
const FILL_MS = 15_000; // all of one copy written into the other

let opened = null;
let lost = false;

/** Whether the browser had thrown the first copy away, and all was taken from the second, since this page was opened. */
export const wasLost = () => lost;

/** {db, twin}; `twin` null where the browser can keep only one copy. */
function database() {
  opened ??= both().catch((wrong) => { opened = null; throw wrong; });
  return opened;
}

async function both() {
  const db = await patiently(() => open(indexedDB));
  let twin = null;
  try {
    twin = await patiently(async () => { const factory = await twinFactory(); return factory && open(factory); });
    if (twin) lost = (await inTurn(() => inTime(restore(db, twin), FILL_MS))) || lost;
  } catch (wrong) {
    // What was lost is in the other: as long as that cannot be read, this phone is not one that never held anything.
    if ((await isNew(db)) && (await numberBefore())) throw wrong;
    twin = alone(wrong);
  }
  return { db, twin: twin && (await inTurn(() => inTime(follow(db, twin), FILL_MS)).then(() => twin, alone)) };
}

// A browser that has just been started after its end may still be clearing up: asked again before a person hears of it.
async function patiently(work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (wrong) {
      if (attempt === TRIES || isFull(wrong) || wrong instanceof Unanswered) throw wrong;
      await new Promise((go) => { setTimeout(go, AGAIN_MS * attempt); });
    }
  }
}

async function open(factory) {
  const db = await openDatabase(NAME, VERSION, layOut, factory);
  // Another tab of a newer release must not wait for this one for ever; a browser that closes it is asked anew.
  db.onversionchange = () => { db.close(); opened = null; };
  db.onclose = () => { opened = null; };
  return db;
}

function layOut(db) {
  db.createObjectStore("meta");
  db.createObjectStore("state");
  db.createObjectStore("outbox", { keyPath: ["device", "seq"] });
  const archive = db.createObjectStore("archive", { keyPath: ["device", "seq"] });
  archive.createIndex("level", "level");
  archive.createIndex("refused", "refused");
}

// The second copy cannot be had or written: the first holds all, and the next opening fills it again.
function alone(wrong) {
  console.error(wrong);
  return null;
}

// Writes of all tabs come one after another, so that the twin hears them in their order.
const inTurn = (work) => navigator.locks.request("festival-store", work);

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
    if (wrong.name === "InvalidStateError") { opened = null; return once(stores, mode, work); } // the browser has closed it
    // The phone is full: what is held back for this moment is given up, and the work done anew.
    if (mode !== "readwrite" || !isFull(wrong) || !(await giveUpReserve())) throw wrong;
    return once(stores, mode, work);
  }
}

async function once(stores, mode, work) {
  const here = await database();
  if (mode !== "readwrite") return within(here.db.transaction(stores, mode), work);
  return inTurn(async () => {
    const tx = here.db.transaction([...new Set([...stores, "meta"])], mode, STRICT);
    const said = [];
    let stamp = 0;
    count(tx, (next) => { stamp = next; });
    const value = await within(tx, () => work(listening(tx, said)));
    if (here.twin) await inTime(repeat(here.db, here.twin, said, stamp)).catch((wrong) => { here.twin = alone(wrong); });
    return value;
  });
}

async function within(tx, work) {
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
