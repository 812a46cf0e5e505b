// The order of a day and its expected starts on the device, as festival/schedule/stage_day/expected.py has them (both are held to the
// same cases, tests/vectors/stage_day.json), and what the device tapped itself laid over what the server told. Pure.
import { along, inOneHeat, turns } from "./heats.js";

const PENDING = new Set(["waiting", "ready"]);
const MINUTE = 60_000;
export const TOLD_FROM = 3 * MINUTE;

export const isPending = (act) => PENDING.has(act.state);

/** Acts as they come; who was passed over comes after those still ahead. */
export function orderOfDay(acts) {
  const sessions = new Map();
  for (const act of acts) sessions.set(act.session, [...(sessions.get(act.session) ?? []), act]);
  const byTurn = (one, other) => (one.turn === null) - (other.turn === null) || (one.turn ?? 0) - (other.turn ?? 0);
  const planned = [...sessions.values()].flatMap((own) => own.toSorted(byTurn));
  const reached = planned.some((act) => act.state === "on_stage") ? "on_stage" : "done";
  const last = planned.findLastIndex((act) => act.state === reached);
  const passed = planned.slice(0, last + 1).filter(isPending);
  if (!passed.length) return planned;
  const running = planned[last].session;
  const rest = planned.filter((act) => !passed.includes(act));
  const end = rest.findLastIndex((act) => act.session === running) + 1;
  return [...rest.slice(0, end), ...passed.filter((act) => act.session === running), ...rest.slice(end), ...passed.filter((act) => act.session !== running)];
}

export const isCalled = (acts) => acts.some((act) => !isPending(act));

/** Map(code → ms) of the acts still to come; empty while nobody leads the stage by taps. */
export function expectedStarts(acts, at) {
  const found = new Map();
  if (!isCalled(acts)) return found;
  let free = at;
  for (const act of acts) {
    const over = act.changeover * MINUTE;
    if (act.state === "on_stage") free = Math.max(free, at + over, (act.began_ms ?? at) + act.minutes * MINUTE + over);
    else if (act.state === "done" && act.ended_ms !== null) free = Math.max(free, act.ended_ms + over);
  }
  const together = new Map();
  for (const act of orderOfDay(acts).filter(isPending)) {
    const shared = `${act.session} ${act.starts_ms}`;
    const begins = together.get(shared) ?? Math.ceil(Math.max(act.starts_ms, free) / MINUTE) * MINUTE;
    together.set(shared, begins);
    found.set(act.code, begins);
    free = Math.max(free, begins + (act.minutes + act.changeover) * MINUTE);
  }
  return found;
}

/** The same, only those that come later by what anybody would notice. */
export function toldLater(acts, at) {
  const published = new Map(acts.map((act) => [act.code, act.starts_ms]));
  return new Map([...expectedStarts(acts, at)].filter(([code, begins]) => begins - published.get(code) >= TOLD_FROM));
}

/** The acts with the device's own taps that the server has not told of yet; one that does not fit any more is passed over. */
export function overlaid(state, own) {
  const acts = new Map(state.acts.map((act) => [act.code, { ...act }]));
  for (const message of own.filter((each) => each.seq > state.seq && !each.refused).toSorted((one, other) => one.seq - other.seq)) {
    const act = acts.get(message.subject);
    if (act?.state !== message.body.was) continue;
    for (const each of [act, ...along([...acts.values()], act, message.body)])
      Object.assign(each, stepped(each, { was: each.state, to: message.body.to }, message.wall_ms + message.offset_ms));
  }
  return [...acts.values()];
}

function stepped(act, { was, to }, at) {
  if (to === "on_stage") return { state: to, began_ms: was === "done" ? act.began_ms : at, ended_ms: null };
  if (to === "done") return { state: to, ended_ms: Math.max(at, act.began_ms ?? at) };
  return was === "on_stage" ? { state: to, began_ms: null } : { state: to };
}

/** Who is on (a match: two, a heat: all of it), else who comes next; who follows; who is absent; what is over, the last one first. */
export function board(acts) {
  const ordered = orderOfDay(acts.filter((act) => !act.out));
  const coming = ordered.filter(isPending);
  const on = ordered.filter((act) => act.state === "on_stage");
  const first = coming[0];
  const meets = (act) => act === first || inOneHeat(first, act) || (first.match && act.session === first.session && act.starts_ms === first.starts_ms);
  const now = on.length ? on : coming.filter(meets);
  const following = coming.filter((act) => !now.includes(act));
  const over = ordered.filter((act) => act.state === "done").toSorted((one, other) => (other.ended_ms ?? 0) - (one.ended_ms ?? 0));
  const then = turns(following, 2);
  return { now, then, rest: following.filter((act) => !then.includes(act)), absent: ordered.filter((act) => act.state === "absent"), over: [...over, ...acts.filter((act) => act.out)] };
}
