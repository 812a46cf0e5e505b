// What follows from what this phone knows of the people of a pass: who is asked for, who is in, who comes back? Pure.

export const JUST_NOW_MS = 30_000;

/** lines: everybody of the pass; admitted: Map code → {at, gate, device}; moves: Map code → {way: "in" | "out", at, here}, the
    last exit or return known, `here` when this device wrote it.
    → asked: whom to tick; inside: Map of who is in and is not asked; back: how many of the asked come back; unseen: how many
    of the asked nobody has seen come in; first: when and where the first came; just: this device wrote all of it a moment ago. */
export function weigh({ lines, admitted, moves, way, again, now, device }) {
  const out = ({ code }) => moves.get(code)?.way === "out";
  if (way === "out") {
    const asked = lines.filter((line) => !out(line));
    const gone = lines.filter(out).map(({ code }) => ({ at: moves.get(code).at, gate: "" }));
    return { asked, inside: new Map(), back: 0, unseen: asked.filter(({ code }) => !admitted.has(code)).length, first: earliest(gone), just: false };
  }
  const comesBack = (line) => again !== false && admitted.has(line.code) && out(line);
  const asked = lines.filter((line) => !admitted.has(line.code) || comesBack(line));
  const inside = new Map(lines.filter((line) => !asked.includes(line)).map(({ code }) => [code, admitted.get(code)]));
  const justNow = ([code, held]) => {
    const back = moves.get(code);
    const last = back?.way === "in" && back.here ? back.at : held.device === device ? held.at : 0;
    return now - last < JUST_NOW_MS;
  };
  const just = !asked.length && [...inside].every(justNow);
  return { asked, inside, back: asked.filter(comesBack).length, unseen: 0, first: earliest([...inside.values()]), just };
}

const earliest = (held) => held.sort((a, b) => a.at - b.at)[0] ?? null;

/** Only a whole code of a family's or a person's own pass, read by camera or keyboard scanner for entry, is written down
    without a tap: everything else is somebody's decision. */
export function writesItself({ record, how, way, kind }, countdownS) {
  return countdownS > 0 && way === "in" && kind === "entry" && ["family", "person"].includes(record.t)
    && ["camera", "scanner"].includes(how);
}

export const UNDO_MS = 15 * 60_000;

/** Whether this device may still take back what it wrote: its own within 15 minutes, the lead's device also later. */
export function mayUndo(entry, { now, role, undone }) {
  const counts = entry.kind === "scan" && !["turned_away", "refused"].includes(entry.body.decision) && !["rejected", "quarantined", "conflict"].includes(entry.verdict);
  const inTime = now - (entry.wall_ms + entry.offset_ms) < UNDO_MS || role === "lead";
  return counts && !undone.has(entry.mid) && inTime;
}
