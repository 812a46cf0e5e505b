// Where is each child: missing, found, handed over? The same rule as festival/checkin/lost/stories.py, held together by
// tests/vectors/lost_children.json. Pure: the same for every order in which steps are heard.
export const OPEN = ["missing", "found"];

const before = (a, b) => a.at_ms - b.at_ms || a.device - b.device || a.seq - b.seq || (a.key < b.key ? -1 : Number(a.key > b.key));

/** steps: [{key, child, kind, at_ms, device, seq, station, person, words, undoes}] → stories, those that changed last first. */
export function stories(steps) {
  const ordered = [...new Map(steps.map((step) => [step.key, step])).values()].sort(before);
  const holds = holding(ordered);
  const known = new Map();
  for (const step of ordered) if (holds.has(step.key) && step.person) known.set(step.child, step.person);
  const childOf = new Map(ordered.map((step) => [step.key, step.child]));
  const groups = new Map();
  for (const step of ordered) {
    const child = childOf.get(step.undoes) ?? step.child; // a taking back stands with the step it takes back
    const name = known.has(child) ? `person ${known.get(child)}` : child;
    groups.set(name, [...(groups.get(name) ?? []), step]);
  }
  return [...groups.values()].map((group) => story(group, holds, known))
    .sort((a, b) => b.since_ms - a.since_ms || (a.child < b.child ? -1 : Number(a.child > b.child)));
}

// Keys of the steps that hold: taken back by nobody whose own step holds.
function holding(ordered) {
  const backs = new Map();
  for (const step of ordered) if (step.undoes && step.undoes !== step.key) backs.set(step.undoes, [...(backs.get(step.undoes) ?? []), step.key]);
  const holds = (key, seen) => !(backs.get(key) ?? []).some((other) => !seen.has(other) && holds(other, new Set([...seen, key])));
  return new Set(ordered.map((step) => step.key).filter((key) => holds(key, new Set())));
}

function story(steps, holds, known) {
  const counting = steps.filter((step) => holds.has(step.key) && step.kind !== "undone");
  const last = counting.at(-1);
  const looks = counting.filter((step) => OPEN.includes(step.kind) && step.words);
  const named = [...steps].reverse().find((step) => known.has(step.child));
  return {
    child: steps.map((step) => step.child).sort()[0],
    person: named ? known.get(named.child) : null,
    state: last?.kind ?? "over",
    looks: looks.at(-1)?.words ?? "",
    to: last?.kind === "handed" ? last.words : "",
    since_ms: (last ?? steps.at(-1)).at_ms,
    steps,
    counts: new Set(steps.map((step) => step.key).filter((key) => holds.has(key))),
    twice: last?.kind === "handed" && counting.at(-2)?.kind === "handed",
  };
}
