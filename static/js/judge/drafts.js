// What a judge has begun to write and not sent, and what is only for the judge's own eyes: kept on the tablet, so that a flat
// battery costs nothing, under the tablet's identity, so that a tablet given to another judge shows nothing of the one before.
import { device } from "../device/enrol.js";
import { connection } from "../device/opening.js";

const MARK = "|";
const database = connection("festival-judge", 2, (db) => {
  for (const store of ["drafts", "notes"]) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
});

async function run(name, mode, work) {
  const tx = (await database()).transaction(name, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = work(tx.objectStore(name));
    tx.oncomplete = () => resolve(request?.result);
    tx.onerror = tx.onabort = () => reject(tx.error);
  });
}

const own = async () => `${(await device()).code}${MARK}`;
const at = async (subject) => (await own()) + subject;

async function put(name, subject, value) {
  const key = await at(subject);
  return run(name, "readwrite", (store) => (value ? store.put(value, key) : store.delete(key)));
}

async function get(name, subject) {
  const key = await at(subject);
  return run(name, "readonly", (store) => store.get(key));
}

/** marks: {criterion: milli}; nothing to keep removes the draft. */
export const keepDraft = (subject, marks) => put("drafts", subject, Object.keys(marks).length ? marks : null);
export const draftOf = (subject) => get("drafts", subject);
export const dropDraft = (subject) => put("drafts", subject, null);

export async function draftSubjects() {
  const prefix = await own();
  return (await run("drafts", "readonly", (store) => store.getAllKeys())).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** A text beside a sheet: `what` is "note" (never leaves the tablet) or "comment" (begun and not sent; null: none begun). */
export const keepText = (what, subject, text) => put("notes", `${what}:${subject}`, text === null ? null : { text });
export const textOf = async (what, subject) => (await get("notes", `${what}:${subject}`))?.text ?? null;

/** Drafts of a release that did not say whose they are: they are of who holds the tablet now. */
export async function adoptDrafts() {
  for (const key of await run("drafts", "readonly", (store) => store.getAllKeys())) {
    if (key.includes(MARK)) continue;
    const marks = await run("drafts", "readonly", (store) => store.get(key));
    await keepDraft(key, marks);
    await run("drafts", "readwrite", (store) => store.delete(key));
  }
}

/** The tablet was shut out: notes that were only here go with it. Sheets begun stay, should it have been shut out by a slip. */
export async function forgetNotes() {
  const mine = `${await own()}note:`;
  const keys = await run("notes", "readonly", (store) => store.getAllKeys());
  for (const key of keys.filter((each) => each.startsWith(mine))) await run("notes", "readwrite", (store) => store.delete(key));
}
