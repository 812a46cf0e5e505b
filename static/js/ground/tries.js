// What does one try say now? The server's state, with what this device has said since laid over it.
export const subjectOf = (entryCode, round) => `${entryCode}/${round}`;

/**
 * → {state, value, answers, version, nextBase, own, awaits, offers, seen, level}: `nextBase` is the version the next message stands on;
 * `own`: the own count of two, `awaits`: null | "other" | "differs" | "head_judge"; `level` of the newest own message.
 */
export function tryNow(contest, entryCode, round, messages = []) {
  const server = contest.tries.find((each) => each.entry === entryCode && each.round === round);
  const now = {
    state: server?.state ?? null, value: server?.value ?? null, version: server?.version ?? 0, nextBase: server?.version ?? 0,
    answers: server?.answers ?? null, last: server?.last ?? 0, own: server?.own ?? null, ownAnswers: server?.own_answers ?? null, awaits: server?.awaits ?? null, offers: [...(server?.offers ?? [])],
    seen: server?.seen ?? null, level: null, settled: server?.settled ?? [],
  };
  for (const message of messages) lay(now, message, contest);
  return now;
}

function lay(now, message, contest) {
  if (["rejected", "quarantined"].includes(message.verdict)) return;
  now.level = message.level;
  if (message.verdict === "conflict") { offer(now, message); return; }
  const waiting = !message.verdict;
  const version = message.detail?.version;
  const counted = contest.counters > 1 && message.kind === "measure.note" && message.body.state === "valid";
  if (counted && (waiting || message.detail?.awaits)) {
    if (now.settled.includes(message.mid) || (!waiting && now.version !== message.base_version)) return;
    now.own = message.body.value;
    now.ownAnswers = message.body.answers ?? null;
    now.awaits = message.detail?.awaits ?? now.awaits ?? "other";
    return;
  }
  if (message.kind === "measure.confirm") {
    const same = now.state === message.body.state && now.value === message.body.value && (now.answers ?? null) === (message.body.answers ?? null);
    if (same && (waiting || (version === now.version && !now.seen))) now.seen = { how: "tap", agrees: message.body.agrees, note: message.body.note };
    return;
  }
  if (message.kind === "measure.drop") {
    if (waiting || (now.version !== 0 && now.version === message.base_version)) stand(now, null, null, 0);
    return;
  }
  // the server's state is as new as this answer, or newer
  if (!waiting && version <= Math.max(now.version, now.last)) return;
  const next = version ?? Math.max(now.nextBase, now.last) + 1;
  if (message.kind === "measure.resolve") {
    const kept = now.offers.find((each) => each.mid === message.body.keep);
    stand(now, kept ? kept.state : now.state, kept ? kept.value : now.value, next, kept ? kept.answers : now.answers);
    now.offers = [];
    return;
  }
  stand(now, message.body.state, message.body.state === "valid" ? message.body.value : null, next, message.body.answers);
}

function stand(now, state, value, version, answers = null) {
  now.last = Math.max(now.last, now.nextBase, version);
  Object.assign(now, { state, value, answers: state === "valid" ? answers ?? null : null, nextBase: version, version, seen: null, own: null, ownAnswers: null, awaits: null });
}

/** The server kept both: until its state has come the choice is shown from the answer itself. */
function offer(now, message) {
  if (now.settled.includes(message.mid) || now.offers.some((each) => each.mid === message.mid)) return;
  if (now.version > message.detail.version) return;
  const body = message.kind === "measure.drop" ? { state: null, value: null } : message.body;
  Object.assign(now, { answers: null, ...message.detail.current, version: message.detail.version, nextBase: message.detail.version });
  now.offers.push({ mid: message.mid, device: null, state: body.state, value: body.value ?? null, answers: body.answers ?? null });
}
