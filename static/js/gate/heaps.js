// How do the passes lie on the phone? Many under one key, by the beginning of their ids: a list of thousands is a few hundred
// values to write. A heap is {id: sealed record, or null of a pass that was replaced}.
import { rangesOf } from "./told-anew.js";

const DIGITS = 2; // no part that the server tells anew is smaller (festival/checkin/listing/held.py)

/** Map of key → [[id, …], …], each line under the beginning of its id. */
export function byHeap(lines) {
  const found = new Map();
  for (const line of lines) {
    const key = line[0].slice(0, DIGITS);
    if (found.has(key)) found.get(key).push(line);
    else found.set(key, [line]);
  }
  return found;
}

/** Take in the passes of a state, in its transaction. How many lie in each heap is kept beside, to be counted at a glance. */
export function keepPasses(tx, state) {
  const heaps = tx.objectStore("heaps");
  const lines = [...state.passes, ...(state.replaced ?? []).map((id) => [id, null])];
  withCounts(tx, (counts) => {
    const put = (key, heap) => { heaps.put(heap, key); counts[key] = Object.keys(heap).length; };
    if (state.only) { changeHeaps(tx, heaps, state.only, lines, put); return; }
    for (const range of rangesOf(state)) { if (range) heaps.delete(range); else heaps.clear(); }
    for (const key of Object.keys(counts)) if (!state.within || state.within.some((start) => key.startsWith(start))) delete counts[key];
    for (const [key, some] of byHeap(lines)) put(key, Object.fromEntries(some));
  });
}

function changeHeaps(tx, heaps, only, lines, put) {
  const told = new Map(lines);
  for (const [key, some] of byHeap(only.map((id) => [id]))) {
    heaps.get(key).onsuccess = ({ target: { result: heap = {} } }) => {
      for (const [id] of some) { if (told.has(id)) heap[id] = told.get(id); else delete heap[id]; }
      put(key, heap);
    };
  }
}

// Requests of a transaction are answered in their order: what `work` has asked for is there before the last one is.
function withCounts(tx, work) {
  const told = tx.objectStore("told");
  told.get("counts").onsuccess = ({ target: { result: counts = {} } }) => {
    work(counts);
    tx.objectStore("heaps").count().onsuccess = () => told.put(counts, "counts");
  };
}

/** A list that an earlier release kept pass by pass, put into heaps while the database is opened. */
export function gather(db, tx) {
  const old = tx.objectStore("passes");
  old.getAllKeys().onsuccess = ({ target: { result: ids } }) => {
    old.getAll().onsuccess = ({ target: { result: held } }) => {
      keepPasses(tx, { passes: ids.map((id, n) => [id, held[n].sealed ?? null]) });
      db.deleteObjectStore("passes");
    };
  };
}
