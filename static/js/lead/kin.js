// Whose is a pass, and whom does one call? On the lead's device only; a database of its own, wiped with the lists.
import { connection } from "../device/opening.js";
import { rangesOf } from "../gate/told-anew.js";

const STRICT = { durability: "strict" };
const STORES = ["kin", "told"];
const database = connection("festival-lost", 1, (db) => { for (const name of STORES) db.createObjectStore(name); });

async function within(stores, mode, work) {
  const tx = (await database()).transaction(stores, mode, mode === "readwrite" ? STRICT : undefined);
  const value = work(tx);
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error); });
  return value instanceof IDBRequest ? value.result : value;
}

/** Take in what the server told the lead's device; a state without `children` is another device's. Resolves to whether families
    were never told: a device of an earlier release holds the list already and would not be told them. */
export async function mergeKin(state) {
  if (!state.children) return false;
  await within(STORES, "readwrite", (tx) => {
    if (state.kin) {
      const kin = tx.objectStore("kin");
      // without a list only what is named here
      for (const range of state.passes ? rangesOf(state) : []) { if (range) kin.delete(range); else kin.clear(); }
      for (const [id, group] of state.kin) if (group) kin.put(group, id); else kin.delete(id);
      tx.objectStore("told").put(true, "families");
    }
    tx.objectStore("told").put(state.children, "children");
  });
  return !(await within(["told"], "readonly", (tx) => tx.objectStore("told").get("families")));
}

/** The family of a pass, or undefined. */
export const kinOf = (id) => within(["kin"], "readonly", (tx) => tx.objectStore("kin").get(id));

/** The steps the server told last. */
export const toldSteps = async () => (await within(["told"], "readonly", (tx) => tx.objectStore("told").get("children"))) ?? [];

/** Every family with one of its passes: [{id, group}]. */
export async function families() {
  const found = new Map();
  await within(["kin"], "readonly", (tx) => {
    tx.objectStore("kin").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const key = JSON.stringify([cursor.value.name, cursor.value.unit, cursor.value.adults[0]?.[0] ?? ""]);
      if (!found.has(key)) found.set(key, { id: cursor.key, group: cursor.value });
      cursor.continue();
    };
  });
  return [...found.values()];
}

/** A revoked device, and one whose festival is over, forgets everybody. */
export const clearKin = () => within(STORES, "readwrite", (tx) => { for (const name of STORES) tx.objectStore(name).clear(); });
