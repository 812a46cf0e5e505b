// When is a set won, when is a match, and which typed result is none? The same rules as festival/judging/matches/match_rule.py;
// both read tests/vectors/brackets.json. A fault is {code, n, a, b, needed}: its words are in match-words.js.
export const HOWS = ["played", "walkover", "retired", "disqualified", "nobody"];
const needed = (rule) => Math.floor(rule.best_of / 2) + 1;

/** Why a finished set cannot end so; null when it can. */
export function setFault(n, [a, b], rule) {
  const more = Math.max(a, b);
  const apart = more - Math.min(a, b);
  const fault = (code) => ({ code, n, a, b });
  if (apart === 0) return fault("equal");
  if (rule.points === null) return null;
  if (rule.cap !== null && more > rule.cap) return fault("over_cap");
  if (more < rule.points) return fault("too_few");
  if (apart < rule.lead && more !== rule.cap) return fault("no_lead");
  if (more > rule.points && apart > rule.lead) return fault("too_many");
  return null;
}

/** Somebody gave up in this set: it may stand anywhere but past its end. */
function unfinishedFault(n, score, rule) {
  if (rule.points === null || Math.max(...score) < rule.points) return null;
  const fault = setFault(n, score, rule);
  return fault && ["too_many", "over_cap"].includes(fault.code) ? fault : null;
}

export function setsWon(sets, rule) {
  const done = sets.filter((score, at) => !setFault(at + 1, score, rule));
  return [done.filter(([a, b]) => a > b).length, done.filter(([a, b]) => b > a).length];
}

/** Whom finished sets make the winner: "a", "b", or null while nobody has enough. */
export function winnerBySets(sets, rule) {
  if (!rule.best_of) return null;
  const [a, b] = setsWon(sets, rule);
  return a >= needed(rule) ? "a" : b >= needed(rule) ? "b" : null;
}

/** Why {how, winner, sets} cannot be the result of a match of `a` against `b`; null when it can. */
export function resultFault(a, b, { how, winner, sets }, rule) {
  if (["nobody", "walkover"].includes(how) && sets.length) return { code: "no_sets_played" };
  if (how === "nobody") return null;
  if (sets.length && !rule.best_of) return { code: "no_sets_here" };
  const played = how === "played";
  const fault = setsFault(sets, rule, played);
  if (fault) return fault;
  const side = winnerBySets(sets, rule);
  const bySets = side && { a, b }[side];
  if (played && rule.best_of && bySets === null) {
    const won = setsWon(sets, rule);
    return { code: "sets_go_on", needed: needed(rule), a: won[0], b: won[1] };
  }
  if (!winner || ![a, b].includes(winner)) return { code: "no_winner" };
  if (played && bySets !== null && bySets !== winner) return { code: "other_winner" };
  if (!played && bySets !== null) return { code: "ended_by_sets" };
  return null;
}

function setsFault(sets, rule, played) {
  const won = [0, 0];
  for (const [at, score] of sets.entries()) {
    if (Math.max(...won) >= needed(rule)) return { code: "sets_too_many", n: at };
    const fault = setFault(at + 1, score, rule);
    if (fault && (played || at + 1 < sets.length)) return fault;
    if (fault) return unfinishedFault(at + 1, score, rule);
    won[score[0] < score[1] ? 1 : 0] += 1;
  }
  return null;
}
