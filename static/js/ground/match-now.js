// What does a bracket look like now on this device? What the server said, with what this device has said since laid over it,
// and the next round filled in by the same rules.
import { entries as said } from "../device/outbox.js";
import { fill, keyOf, matchesOf } from "./match-tree.js";

const KINDS = new Set(["match.result", "match.walkover", "match.drop"]);
export const subjectOf = (contest, match) => `${contest.code}/${match.key}`;

export async function bracketNow(contest) {
  const own = (await said()).filter((each) => KINDS.has(each.kind) && each.subject.startsWith(`${contest.code}/`)).sort((a, b) => a.seq - b.seq);
  return lay(contest.bracket, own);
}

/**
 * → {tree, stands: Map(key → {version, after, level, conflict})}: `version` and `after` are what the next message stands on,
 * `conflict` an own message that the server could not take because something else stands there.
 */
export function lay(bracket, messages) {
  const results = new Map();
  const stands = new Map();
  for (const each of bracket.matches) {
    const key = keyOf(each.round, each.number);
    if (each.how) results.set(key, { how: each.how, winner: each.winner, sets: each.sets });
    stands.set(key, { version: each.version, after: null, level: null, conflict: null });
  }
  for (const message of messages) {
    if (["rejected", "quarantined"].includes(message.verdict) || message.body.drawing !== bracket.drawing) continue;
    const key = message.subject.split("/")[1];
    const now = stands.get(key) ?? { version: 0, after: null, level: null, conflict: null };
    stands.set(key, now);
    now.level = message.level;
    if (message.verdict === "conflict") {
      if (message.refused) now.conflict = message;
      continue;
    }
    // the server's state is as new as this answer, or newer
    if (message.verdict && message.detail.version <= now.version) continue;
    Object.assign(now, message.verdict ? { version: message.detail.version, after: null } : { after: message.mid });
    if (message.kind === "match.drop") results.delete(key);
    else results.set(key, { how: message.body.how, winner: message.body.winner, sets: message.body.sets });
  }
  return { tree: sound(bracket, results), stands };
}

/** A result whose sides are others by now stands nowhere: the server told of another winner before it. */
function sound(bracket, results) {
  for (;;) {
    const tree = fill(bracket.lines, results, bracket.rule.third_played);
    const wrong = matchesOf(tree).find(({ a, b, result }) => result && !(a && b && (!result.winner || [a, b].includes(result.winner))));
    if (!wrong) return tree;
    results.delete(wrong.key);
  }
}
