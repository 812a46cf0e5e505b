// What was tapped of a list of questions and not yet noted. It is kept on the device, so that nothing is lost when the page is
// closed in the middle of a team; it belongs to one list of questions, by its digest.
import { noAnswers } from "./answers.js";
import { subjectOf } from "./tries.js";

const keyOf = (entry, round) => `ground-answers:${subjectOf(entry.code, round)}`;

/** → {digest, answers, at, clocks, lost}: `lost` are taps on another list, which the rules have replaced since. */
export function draftOf(contest, entry, round, now) {
  const fresh = { digest: contest.digest, answers: now.answers ?? now.ownAnswers ?? noAnswers(contest.questions), at: 0, clocks: {}, lost: "" };
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(keyOf(entry, round))); } catch { /* begin anew */ }
  if (!kept) return fresh;
  return kept.digest === contest.digest ? { ...kept, lost: "" } : { ...fresh, lost: kept.answers };
}

export const begun = (entry, round) => localStorage.getItem(keyOf(entry, round)) !== null;
export const keepDraft = (entry, round, draft) => localStorage.setItem(keyOf(entry, round), JSON.stringify(draft));
export const dropDraft = (entry, round) => localStorage.removeItem(keyOf(entry, round));
