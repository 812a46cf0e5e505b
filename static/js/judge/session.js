// When must the PIN be typed anew? A session lasts from the opening of the tablet until the judge locks it, until it has slept
// for long, or until the festival's session is another one. Pure: what is remembered and what is so now come as values.
export const SLEEP_MS = 15 * 60 * 1000;

/** The session that goes on: of the act on stage, else of the last act that should have begun; null before the first. */
export function sessionNow(contests, nowMs) {
  const acts = contests.flatMap((contest) => contest.entries).filter((entry) => entry.starts_at);
  const onStage = acts.find((entry) => entry.act === "on_stage");
  const begun = acts.filter((entry) => Date.parse(entry.starts_at) <= nowMs)
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  const now = onStage ?? begun.at(-1);
  return now ? [now.starts_at.slice(0, 10), now.stage, now.session].join(" ") : null;
}

/** record: {shut, seen, sessions} or null when nobody has opened yet. → "opened" | "shut" | "slept" | "session" | null */
export function whyLocked(record, nowMs, session) {
  if (!record) return "opened";
  if (record.shut) return "shut";
  if (nowMs - record.seen > SLEEP_MS) return "slept";
  return session && record.sessions.length && !record.sessions.includes(session) ? "session" : null;
}

/** What is remembered while the tablet is in use. */
export function goingOn(record, nowMs, session) {
  const before = record?.sessions ?? [];
  const sessions = session && !before.includes(session) ? [...before, session] : before;
  return { shut: false, seen: nowMs, sessions };
}
