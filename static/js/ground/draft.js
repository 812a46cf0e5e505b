// What was tapped of a list of questions, and where a stopwatch stands, not yet noted. It is kept on the device, so that nothing is
// lost when the page is closed in the middle of a team. What was begun is read once, when the page opens and when it comes to the
// front, and is at hand from then on; every tap is written. Answers belong to one list of questions, by its digest.
import { adoptBegun, allBegun, keepBegun } from "../device/begun.js";
import { noAnswers } from "./answers.js";
import { notKept } from "./levels.js";
import { subjectOf } from "./tries.js";

const BEFORE = /^ground-(answers|watch):/;
let held = new Map();
const answersOf = (entry, round) => `answers:${subjectOf(entry.code, round)}`;
const watchKey = (entry, round) => `watch:${subjectOf(entry.code, round)}`;

export async function openDrafts() {
  const read = async () => { held = await allBegun("ground"); };
  await adoptBefore().catch(console.error);
  await read();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) read().catch(console.error); });
}

/** An earlier release kept them elsewhere, in one copy. */
async function adoptBefore() {
  const old = Object.keys(localStorage).filter((key) => BEFORE.test(key));
  if (!old.length) return;
  await adoptBegun(old.map((key) => ["ground", undefined, key.replace("ground-", ""), JSON.parse(localStorage.getItem(key))]));
  for (const key of old) localStorage.removeItem(key);
}

function keep(key, value) {
  if (value === null) held.delete(key);
  else held.set(key, value);
  keepBegun("ground", key, value).catch(notKept);
}

/** → {digest, answers, at, clocks, lost}: `lost` are taps on another list, which the rules have replaced since. */
export function draftOf(contest, entry, round, now) {
  const fresh = { digest: contest.digest, answers: now.answers ?? now.ownAnswers ?? noAnswers(contest.questions), at: 0, clocks: {}, lost: "" };
  const kept = held.get(answersOf(entry, round));
  if (!kept) return fresh;
  return kept.digest === contest.digest ? { ...kept, lost: "" } : { ...fresh, lost: kept.answers };
}

export const begun = (entry, round) => held.has(answersOf(entry, round));
export const keepDraft = (entry, round, draft) => keep(answersOf(entry, round), draft);
export const dropDraft = (entry, round) => keep(answersOf(entry, round), null);

/** {started, stopped}: moments of the clock; null when it was not started. */
export const watchOf = (entry, round) => held.get(watchKey(entry, round)) ?? null;
export const keepWatch = (entry, round, state) => keep(watchKey(entry, round), state);
