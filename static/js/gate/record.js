// How is it written down who came? One message in the outbox, and the phone's own list knows at once who is in.
import { append } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { t } from "../words.js";
import { noteAdmitted } from "./list.js";
import { me } from "./me.js";
import { noteMoves } from "./standing.js";
import { undoShown } from "./undo.js";
import { buttonDone, buttons, clearPeople, dismiss, level, notSaved, screen } from "./verdict.js";
import { rememberNames } from "./who-was.js";

const NAMED_MAX = 2000; // as many as one message holds
const ONCE_MS = 60_000; // what stays in front of the camera is one reading

/** `why`: against the rule, with this reason. */
export async function record(reading, persons, why = "") {
  buttons([]);
  clearPeople();
  if (reading.practice) {
    buttonDone();
    level("practice");
    return;
  }
  // By name, also when all are ticked: somebody the family gains before this arrives was not seen at the gate.
  const named = persons.length <= NAMED_MAX ? persons : null;
  const body = { pass: reading.id, persons: named, purpose: reading.purpose, how: reading.how };
  if (reading.window) body.window = reading.window;
  if (reading.way === "out") body.way = "out";
  if (why) body.force = { reason: why };
  await save(reading, { kind: "scan", subject: reading.id, body });
  if (!reading.entry) return;
  const { mid, wall_ms, offset_ms } = reading.entry;
  const at = wall_ms + offset_ms;
  rememberNames(mid, reading.everybody.filter(({ code }) => persons.includes(code)).map(({ name }) => name));
  if (reading.way !== "out") await noteAdmitted(persons, reading.purpose, reading.window, { at, gate: me.station, device: me.number });
  if (reading.kind === "entry") await noteMoves(persons, reading.moves, reading, at, mid);
}

const refusedAt = new Map();

/** A code that was read and refused is kept with the reason: nobody is let in by it, and nobody has to look at it. */
export async function noteRefused({ id, how, purpose, way, practice }, why) {
  const key = `${why} ${id}`;
  if (way === "look" || practice || !["camera", "scanner", "photo"].includes(how) || Date.now() - (refusedAt.get(key) ?? 0) < ONCE_MS) return;
  refusedAt.set(key, Date.now());
  try {
    await append({ kind: "scan", subject: id ?? "", body: { pass: id, persons: null, purpose, how, decision: "refused", why } });
  } catch (wrong) { console.error(wrong); }
}

export async function save(reading, mutation) {
  try {
    reading.entry = await append(mutation);
  } catch (wrong) {
    console.error(wrong);
    notSaved();
    return;
  }
  reading.done = true;
  if (screen.reading === reading) { level("saved"); doneOrUndo(reading); }
  syncNow();
}

export function doneOrUndo(reading) {
  if (reading.entry.body.decision === "turned_away") { buttonDone(); return; }
  buttons([[t("Xong"), "", dismiss], [t("Hoàn tác"), "button-second", () => undoShown(reading), reading.record?.name]]);
}
