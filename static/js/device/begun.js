// What somebody has begun on this device and not said yet: in the device's own store, on the disk and twice, so that neither a
// flat battery nor a browser that throws a database away costs anything; under the device's identity, so that a device given to
// somebody else shows nothing of the one before. `kind` is a word of the room that begins it.
import { device } from "./enrol.js";
import { asked, readMeta, transact } from "./store.js";

const MARK = "|";
const placed = async (kind, key) => [kind, (await device()).code, key].join(MARK);
const under = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/** value null: there is nothing begun any more. Resolves when it is on the disk. */
export async function keepBegun(kind, key, value) {
  const place = await placed(kind, key);
  return transact(["meta"], "readwrite", (tx) => asked(value === null ? tx.objectStore("meta").delete(place) : tx.objectStore("meta").put(value, place)));
}

export const begunOf = async (kind, key) => (await readMeta(await placed(kind, key))) ?? null;

/** Map(key → value) of all keys that begin like this. */
export async function allBegun(kind, start = "") {
  const prefix = await placed(kind, start);
  const [keys, values] = await transact(["meta"], "readonly", (tx) => {
    const meta = tx.objectStore("meta");
    return Promise.all([asked(meta.getAllKeys(under(prefix))), asked(meta.getAll(under(prefix)))]);
  });
  return new Map(keys.map((key, at) => [start + key.slice(prefix.length), values[at]]));
}

export async function forgetBegun(kind, start) {
  const prefix = await placed(kind, start);
  await transact(["meta"], "readwrite", (tx) => asked(tx.objectStore("meta").delete(under(prefix))));
}

/** What an earlier release kept elsewhere: [[kind, code of the device, key, value]]; what is here already is newer. */
export async function adoptBegun(found) {
  const own = (await device()).code;
  await transact(["meta"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    for (const [kind, code, key, value] of found) {
      const place = [kind, code ?? own, key].join(MARK);
      if ((await asked(meta.getKey(place))) === undefined) await asked(meta.put(value, place));
    }
  });
}
