// What does this judge's sheet for an entry say now? The server's state with what this tablet has said since laid over it.
import { entries as said } from "../device/outbox.js";
import { counts } from "./marks.js";

export const PRACTICE = "gia-dinh-mau";
export const subjectOf = (entryCode, round = 1) => `${entryCode}/${round}`;
const KINDS = new Set(["sheet.send", "sheet.abstain", "sheet.resolve"]);

/** Newest own message of every subject: Map(subject → entry). */
export async function ownMessages() {
  const newest = new Map();
  for (const entry of await said()) {
    if (KINDS.has(entry.kind) && !newest.has(entry.subject)) newest.set(entry.subject, entry);
  }
  return newest;
}

/**
 * → {status, marks, total, state, version, nextBase, level, conflict, offers, refused}
 * status: "blank" | "marked" | "not_marked" | "conflict"
 */
export function sheetNow(contest, entryCode, message) {
  const server = contest.sheets.find((sheet) => sheet.entry === entryCode && sheet.round === 1) ?? null;
  const known = server?.version ?? 0;
  const sheet = {
    marks: server?.marks ?? {}, state: server?.state ?? null, total: server?.total ?? null, note: server?.note ?? "",
    version: known, nextBase: known, level: server ? "received" : null, conflict: Boolean(server?.conflict),
    offers: server?.offers ?? [], refused: null, onPaper: Boolean(server?.on_paper),
  };
  if (message) lay(sheet, message, contest.criteria, known);
  const status = sheet.conflict ? "conflict" : sheet.state === null ? "blank" : sheet.state === "marked" ? "marked" : "not_marked";
  return { ...sheet, status };
}

function lay(sheet, message, criteria, known) {
  if (message.verdict === "rejected" || message.verdict === "quarantined") {
    sheet.refused = { reason: message.reason, message };
    return;
  }
  const version = message.verdict ? message.detail?.version ?? 0 : (message.base_version ?? 0) + 1;
  if (message.verdict === "conflict") {
    // the server's state may not have come yet: show the choice from the answer itself
    if (!sheet.conflict && known <= version && sheet.state !== null) return;
    if (!sheet.conflict && message.detail) {
      Object.assign(sheet, { ...message.detail.current, version, nextBase: version, conflict: true,
        offers: [{ mid: message.mid, ...message.detail.offered }] });
    }
    return;
  }
  sheet.level = known > version ? "received" : message.level;
  if (known > version || (message.verdict && known === version)) return;
  sheet.nextBase = version;
  sheet.version = version;
  if (message.kind === "sheet.resolve") {
    sheet.conflict = false;
    const kept = sheet.offers.find((offer) => offer.mid === message.body.keep);
    if (kept) Object.assign(sheet, { marks: kept.marks, state: kept.state, total: kept.total });
    return;
  }
  if (message.kind === "sheet.abstain") {
    Object.assign(sheet, { marks: {}, state: message.body.state, total: null, note: message.body.note ?? "" });
    return;
  }
  const marks = message.body.marks;
  Object.assign(sheet, { marks, state: "marked", total: criteria.reduce((sum, c) => sum + counts(c, marks[c.code] ?? 0), 0) });
}
