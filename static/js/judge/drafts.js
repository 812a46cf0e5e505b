// What a judge has begun to write and not sent, and what is only for the judge's own eyes: kept on the tablet until then.
import { adoptBegun, allBegun, begunOf, forgetBegun, keepBegun } from "../device/begun.js";
import { connection } from "../device/opening.js";
import { asked } from "../device/store.js";

/** marks: {criterion: milli}; nothing to keep removes the draft. */
export const keepDraft = (subject, marks) => keepBegun("drafts", subject, Object.keys(marks).length ? marks : null);
export const draftOf = (subject) => begunOf("drafts", subject);
export const dropDraft = (subject) => keepBegun("drafts", subject, null);
export const draftSubjects = async () => [...(await allBegun("drafts")).keys()];

/** A text beside a sheet: `what` is "note" (never leaves the tablet) or "comment" (begun and not sent; null: none begun). */
export const keepText = (what, subject, text) => keepBegun("notes", `${what}:${subject}`, text === null ? null : { text });
export const textOf = async (what, subject) => (await begunOf("notes", `${what}:${subject}`))?.text ?? null;

/** The tablet was shut out: notes that were only here go with it. Sheets begun stay, should it have been shut out by a slip. */
export const forgetNotes = () => forgetBegun("notes", "note:");

const BEFORE = "festival-judge";
const before = connection(BEFORE, 2, (db) => {
  for (const store of ["drafts", "notes"]) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
});

/** What a release before kept in one copy comes here, once; drafts that did not say whose they are: of who holds the tablet now. */
export async function adoptDrafts() {
  if (indexedDB.databases && !(await indexedDB.databases()).some(({ name }) => name === BEFORE)) return;
  const tx = (await before()).transaction(["drafts", "notes"]);
  const held = ["drafts", "notes"].map((name) => [name, asked(tx.objectStore(name).getAllKeys()), asked(tx.objectStore(name).getAll())]);
  const found = [];
  for (const [name, keys, values] of held) {
    for (const [at, key] of (await keys).entries()) {
      const [subject, code] = key.split("|").reverse();
      found.push([name, code, subject, (await values)[at]]);
    }
  }
  await adoptBegun(found);
  indexedDB.deleteDatabase(BEFORE); // its connection closes itself for that
}
