// How is written down who came and what was handed over? A scan and a handing-over in the outbox; the device's own list knows
// at once who is in.
import { append } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { noteAdmitted } from "../gate/list.js";
import { me } from "../gate/me.js";
import { undo, writeCards } from "./cards.js";
import { entry } from "./held.js";

const NAMED_MAX = 2000; // as many as one message holds

/** Resolves to {scans, cards, handout}: the entries as they lie in the outbox. Throws when the device could not keep them.
    carded: who gets the cards. */
export async function write({ pass }, persons, items, receiver, carded) {
  const scans = [];
  const { code, window } = await entry();
  for (let from = 0; from < persons.length; from += NAMED_MAX) {
    const named = persons.slice(from, from + NAMED_MAX);
    const written = await append({ kind: "scan", subject: pass, body: { pass, persons: named, purpose: code, window, how: "desk" } });
    scans.push(written);
    await noteAdmitted(named, code, window, { at: written.wall_ms + written.offset_ms, gate: me.station, device: me.number });
  }
  const cards = await writeCards(pass, carded);
  const some = Object.values(items).some(Boolean);
  const handout = some ? await append({ kind: "handout", subject: pass, body: { pass, root: null, items, receiver, reason: "" } }) : null;
  syncNow();
  return { scans, cards, handout };
}

/** What is true of an earlier handing-over; `items` null: it is taken back, and with it `cards`, who got them. */
export async function correct({ pass }, root, items, reason, cards = []) {
  for (const each of cards) await undo(each, reason);
  await append({ kind: "handout", subject: pass, body: { pass, root, items, receiver: "", reason } });
  syncNow();
}
