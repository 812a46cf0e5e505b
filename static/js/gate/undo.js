// How is what was just written taken back? By a message of its own with a reason; both stay. From the verdict, or from the
// history within 15 minutes; the lead's device also later (weigh.js, mayUndo).
import { append, entries } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { t } from "../words.js";
import { forgetAdmitted, noteAdmitted } from "./list.js";
import { me } from "./me.js";
import { askReason } from "./reason.js";
import { movesAnswered, takeBackMoves } from "./standing.js";
import { level, notSaved, say, screen } from "./verdict.js";

const USUAL = [t("Chạm nhầm"), t("Nhầm gia đình"), t("Chưa vào, quay lại sau")];

/** Ask why, and take it back; resolves to the message, or null. */
export async function takeBack(entry) {
  const given = await askReason({ title: t("Hoàn tác lượt ghi này?"), usual: USUAL, act: t("Hoàn tác") });
  if (!given) return null;
  let undo;
  try {
    undo = await append({ kind: "undo", subject: entry.mid, body: { scan: entry.mid, reason: given.reason } });
  } catch (wrong) {
    console.error(wrong);
    notSaved();
    return null;
  }
  await forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
  await takeBackMoves(entry.mid, undo.mid);
  syncNow();
  return undo;
}

/** From the verdict: the reading on the screen was written a moment ago. */
export async function undoShown(reading) {
  const undo = await takeBack(reading.entry);
  if (!undo || screen.reading !== reading) return;
  const { name, unit } = reading.record ?? {};
  reading.entry = undo; // from here on the screen tells how far this has come
  say("note", t("Đã hoàn tác"), { word: t("Đã hoàn tác"), name, unit, text: t("Lượt ghi không còn tính. Lý do: {reason}", { reason: undo.body.reason }) });
  level("saved");
}

/** Map of a scan's mid → the message that took it back, as far as the server has not refused it. */
export async function undone() {
  const all = await entries({ kind: "undo" });
  return new Map(all.filter((entry) => !["rejected", "quarantined"].includes(entry.verdict)).map((entry) => [entry.body.scan, entry]));
}

/** The server did not take it back: who was in is in again on this phone. */
export async function undoRefused(undo) {
  const scan = (await entries({ kind: "scan" })).find((entry) => entry.mid === undo.body.scan);
  await movesAnswered(undo.mid, true);
  if (!scan?.body.persons || scan.body.way === "out") return;
  const held = { at: scan.wall_ms + scan.offset_ms, gate: me.station, device: me.number };
  await noteAdmitted(scan.body.persons, scan.body.purpose, scan.body.window ?? scan.detail?.window, held);
}
