// Who may come in, known without a network? The sealed list, who is in already, and, on the lead's and the desk's device
// only, the readable roster. A database of its own: it can be wiped without touching what the device has said.
import { clearKin, mergeKin } from "../lead/kin.js";
import { together } from "./groups.js";
import { keepPasses } from "./heaps.js";
import { passesOf, STORES, within } from "./list-store.js";
import { fromBase64, listId, unseal } from "./pass-code.js";
import { rangesOf } from "./told-anew.js";

export const keyOf = (person, purpose, day) => `${person}|${purpose}|${day}`;

/** The festival day of a moment: it begins at 3 in the morning in Vietnam (festival/checkin/merge.py). */
export const dayWindow = (ms) => new Date(ms + (7 - 3) * 3600_000).toISOString().slice(0, 10);

/** The cursor of a phone that holds nothing yet; its end says that it takes the list in batches, and single passes. */
export const NOTHING_YET = "-.0..2";

/** Take in what the server told since the cursor; resolves to the cursor to ask with next. */
export async function merge(state) {
  const kinMissing = await mergeKin(state);
  await within(STORES, "readwrite", (tx) => {
    if (state.passes) {
      tx.objectStore("told").put(state.first_form, "first_form");
      keepPasses(tx, state);
      const roster = tx.objectStore("roster");
      for (const range of rangesOf(state)) { if (range) roster.delete(range); else roster.clear(); }
      for (const line of state.roster ?? []) roster.put(line, line.pass);
    }
    const admitted = tx.objectStore("admitted");
    for (const key of state.annulled ?? []) admitted.delete(keyOf(...key));
    for (const [person, purpose, day, at, gate, device] of state.admitted) admitted.put({ at, gate, device }, keyOf(person, purpose, day));
    // whoever is told anew and does not stand here is inside
    for (const [person, out, purpose, day] of state.outside ?? []) {
      const asked = admitted.get(keyOf(person, purpose, day));
      asked.onsuccess = () => admitted.put({ ...asked.result, out }, keyOf(person, purpose, day));
    }
  });
  return kinMissing ? NOTHING_YET : `${state.cursor}.${state.parts}.2`; // then all is asked for once more
}

/** {kind: "known", id, record} | {kind: "replaced", id} | {kind: "unknown", id} */
export async function look(token) {
  const id = await listId(token);
  const sealed = (await passesOf([id])).get(id);
  if (sealed === undefined) return { kind: "unknown", id };
  if (sealed === null) return { kind: "replaced", id };
  const record = JSON.parse(new TextDecoder().decode(await unseal(token, fromBase64(sealed))));
  // A family's record may still be on its way: then the delegation is not known either.
  if (!(await together(record))) return { kind: "unknown", id };
  return { kind: "known", id, record };
}

/** Map of person → {at, gate, device, out} of whom anything is known: `at` when let in, `out` when gone out and not back. */
export async function alreadyIn(persons, purpose, day) {
  const found = new Map();
  await within(["admitted"], "readonly", (tx) => {
    for (const person of persons) {
      const asked = tx.objectStore("admitted").get(keyOf(person, purpose, day));
      asked.onsuccess = () => { if (asked.result) found.set(person, asked.result); };
    }
  });
  return found;
}

/** Remember an admission made here or told by the server; the earlier one counts. */
export async function noteAdmitted(persons, purpose, day, { at, gate, device }) {
  await within(["admitted"], "readwrite", (tx) => {
    const store = tx.objectStore("admitted");
    for (const person of persons) {
      const asked = store.get(keyOf(person, purpose, day));
      asked.onsuccess = () => { if (!(asked.result?.at <= at)) store.put({ ...asked.result, at, gate, device }, keyOf(person, purpose, day)); };
    }
  });
}

/** What was written down here at that moment was refused: nobody is in by it. */
export async function forgetAdmitted(at, gate) {
  await within(["admitted"], "readwrite", (tx) => {
    tx.objectStore("admitted").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.at === at && cursor.value.gate === gate) cursor.delete();
      cursor.continue();
    };
  });
}

/** Whether cards of the first form must still be read; as long as nobody has said no. */
export const firstFormLeft = async () => (await within(["told"], "readonly", (tx) => tx.objectStore("told").get("first_form"))) !== false;

/** What the server has told beside the list, kept as long as the list. */
export const toldOf = (key) => within(["told"], "readonly", (tx) => tx.objectStore("told").get(key));
export const keepTold = (key, value) => within(["told"], "readwrite", (tx) => { tx.objectStore("told").put(value, key); });

/** Whether this device holds readable names (lead and desk). */
export const readable = async () => (await within(["roster"], "readonly", (tx) => tx.objectStore("roster").count())) > 0;

/** Map of list id → record, as far as this device may read them. */
export async function roster() {
  const lines = await within(["roster"], "readonly", (tx) => tx.objectStore("roster").getAll());
  return new Map(lines.map((line) => [line.pass, line]));
}

/** Search the readable roster (lead and desk): marks do not matter. All that match. */
export async function search(text) {
  const lines = await within(["roster"], "readonly", (tx) => tx.objectStore("roster").getAll());
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return lines.filter((line) => {
    const names = ` ${fold([line.name, ...(line.members ?? []).map((member) => member.n)].join(" "))}`;
    return words.every((word) => names.includes(` ${word}`));
  });
}

export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

/** A revoked device forgets everybody. */
export async function clear() {
  await clearKin();
  await within(STORES, "readwrite", (tx) => {
    for (const name of STORES) tx.objectStore(name).clear();
  });
}
