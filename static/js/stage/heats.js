// Who runs in a heat with an act, and who goes along with a tap on one of them? As festival/schedule/heats/called.py has it. Pure.
const PENDING = ["waiting", "ready"];
const ALONG = {
  "waiting ready": ["waiting"],
  "ready waiting": ["ready"],
  "waiting on_stage": PENDING,
  "ready on_stage": PENDING,
  "on_stage ready": ["on_stage"],
  "on_stage done": ["on_stage"],
  "done on_stage": ["done"],
};

export const inOneHeat = (one, other) => Boolean(one.heat) && one.heat === other.heat && one.session === other.session && one.starts_ms === other.starts_ms;

/** The others who do the same step. */
export const along = (acts, act, { was, to }) => acts.filter((other) => other !== act && !other.out && inOneHeat(act, other) && (ALONG[`${was} ${to}`] ?? []).includes(other.state));

/** The acts of the first so many turns; a heat is one turn. */
export function turns(acts, many) {
  const firsts = [];
  for (const act of acts) if (!firsts.some((first) => inOneHeat(first, act))) firsts.push(act);
  return acts.filter((act) => firsts.slice(0, many).some((first) => first === act || inOneHeat(first, act)));
}
