// To whom do the cards go that are handed over? Each of them is read as "nhận thẻ" there and then, so that no gate asks for
// it again. Only where the number says who it is: nobody is written down that nobody decided.
import { append, entries } from "../device/outbox.js";
import { alreadyIn, forgetAdmitted, noteAdmitted } from "../gate/list.js";
import { me } from "../gate/me.js";
import { cardPurposes, cardWindow } from "./held.js";

const NAMED_MAX = 2000; // as many as one message holds

/** Map of person → {at} of these who have their card, null where nobody is asked for one now. */
export async function cardedOf(everybody) {
  const now = await cardWindow();
  return now && alreadyIn(everybody.map((person) => person.code), now.code, now.window);
}

/** The codes of those who get these cards; null when the number does not say who, [] where nobody is asked. now: {inside, carded} */
export function receivers(cards, ticked, { inside, carded }) {
  if (!carded || !cards) return [];
  const without = (codes) => codes.filter((code) => !carded.has(code));
  const here = without([...inside.keys(), ...ticked]);
  if (here.length === cards) return here;
  const coming = without(ticked);
  return coming.length === cards ? coming : null;
}

/** Resolves to the entries. Written before the handing-over they belong to. */
export async function writeCards(pass, persons) {
  const written = [];
  const now = persons.length ? await cardWindow() : null;
  if (!now) return written;
  for (let from = 0; from < persons.length; from += NAMED_MAX) {
    const named = persons.slice(from, from + NAMED_MAX);
    const entry = await append({ kind: "scan", subject: pass, body: { pass, persons: named, purpose: now.code, window: now.window, how: "desk" } });
    written.push(entry);
    await noteAdmitted(named, now.code, now.window, { at: entry.wall_ms + entry.offset_ms, gate: me.station, device: me.number });
  }
  return written;
}

/** The readings of cards that belong to this handing-over, as far as this device wrote them and they count. */
export async function cardsWith(pass, root) {
  const handout = (await entries({ kind: "handout", subject: pass })).find((entry) => entry.mid === root);
  if (!handout) return [];
  const purposes = await cardPurposes();
  const scans = (await entries({ kind: "scan", subject: pass })).filter((entry) => entry.device === handout.device && purposes.has(entry.body.purpose));
  const before = new Map(scans.map((entry) => [entry.seq, entry]));
  const found = [];
  for (let seq = handout.seq - 1; before.has(seq); seq--) found.push(before.get(seq));
  const undone = await undoneHere();
  return found.filter((entry) => !undone.has(entry.mid));
}

/** What was written is taken back, with the reason that was asked. */
export async function undo(entry, reason) {
  await append({ kind: "undo", subject: entry.mid, body: { scan: entry.mid, reason } });
  await forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
}

export const undoneHere = async () => new Set((await entries({ kind: "undo" })).map((entry) => entry.subject));
