// Who meets whom, who goes on, what follows from a match, and which places come of it? The same as
// festival/judging/matches/tree.py; both read tests/vectors/brackets.json. A side is a code, "" (nobody comes), null (not known).
export const keyOf = (round, number) => `${round}.${number}`;

/** results: Map("1.2" → {how, winner, sets}) → {rounds: [[match]], third: match | null} */
export function fill(lines, results, thirdPlayed) {
  const make = (round, number, a, b) => {
    const key = keyOf(round, number);
    const result = results.get(key) ?? null;
    const bye = a === "" || b === "";
    return { key, round, number, a, b, result, bye, ready: Boolean(a && b) && !result, winner: winnerOf(a, b, result), loser: loserOf(a, b, result, bye) };
  };
  const rounds = [Array.from({ length: lines.length / 2 }, (_, at) => make(1, at + 1, lines[2 * at], lines[2 * at + 1]))];
  while (rounds.at(-1).length > 1) {
    const before = rounds.at(-1);
    rounds.push(Array.from({ length: before.length / 2 }, (_, at) => make(rounds.length + 1, at + 1, before[2 * at].winner, before[2 * at + 1].winner)));
  }
  let third = null;
  if (thirdPlayed && rounds.length > 1 && lines.filter(Boolean).length > 3) {
    const [one, two] = rounds.at(-2);
    third = make(rounds.length, 2, one.loser, two.loser);
  }
  return { rounds, third };
}

function winnerOf(a, b, result) {
  if (result) return result.winner;
  if (a === "") return b;
  return b === "" ? a : null;
}

function loserOf(a, b, result, bye) {
  if (!result) return bye ? "" : null;
  if (!result.winner) return "";
  return result.winner === a ? b : a;
}

/** In the order in which they are played: the match for the third place before the final. */
export const matchesOf = ({ rounds, third }) => [...rounds.slice(0, -1).flat(), ...(third ? [third] : []), ...rounds.at(-1)];

const fedBy = ({ rounds, third }, { round, number }) => [
  ...(round < rounds.length ? [rounds[round][Math.floor((number - 1) / 2)]] : []),
  ...(round === rounds.length - 1 && third ? [third] : []),
];

/** Every match with a result to which this one leads, the last ones first. */
export function playedAfter(tree, match) {
  const found = new Map();
  const waiting = fedBy(tree, match);
  while (waiting.length) {
    const each = waiting.pop();
    if (each.result) found.set(each.key, each);
    waiting.push(...fedBy(tree, each));
  }
  return [...found.values()].sort((one, two) => two.round - one.round || two.number - one.number);
}

/** Who is first, second, …, best first, who shares a place in one group; null while a match is still to be played. */
export function placesOf({ rounds, third }) {
  const [final] = rounds.at(-1);
  if (final.winner === null || (third && third.winner === null)) return null;
  const groups = [];
  const placed = new Set();
  const put = (...entries) => {
    const group = entries.filter((each) => each && !placed.has(each));
    if (group.length) groups.push(group);
    group.forEach((each) => placed.add(each));
  };
  for (const last of [final, ...(third ? [third] : [])]) {
    put(last.winner);
    put(last.loser);
    put(last.a, last.b);
  }
  for (const matches of rounds.slice(0, -1).reverse()) put(...matches.flatMap((each) => [each.a, each.b]));
  return groups;
}
