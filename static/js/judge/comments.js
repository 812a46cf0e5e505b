// What does the judge's comment to a family say now? The server's with what this tablet has said since; where two tablets wrote
// different ones, both.
import { append } from "../device/outbox.js";
import { keepText } from "./drafts.js";
import { ownMessages, subjectOf } from "./state.js";

const KINDS = new Set(["sheet.comment"]);
export const ownComments = () => ownMessages(KINDS);

/** → {text, nextBase, level, refused, apart, held}; apart: the text of this tablet that met another one. */
export function commentNow(contest, entryCode, message) {
  const server = contest.said?.find((each) => each.entry === entryCode) ?? null;
  const known = server?.version ?? 0;
  const now = { text: server?.text ?? "", nextBase: known, level: server ? "received" : null, refused: null, apart: null, held: server?.held ?? null };
  if (!message) return now;
  if (message.verdict === "rejected" || message.verdict === "quarantined") return { ...now, refused: message.reason };
  if (message.verdict === "conflict") {
    const apart = message.refused ? message.body.text : null;
    return known >= message.detail.version ? { ...now, apart } : { ...now, text: message.detail.current, nextBase: message.detail.version, level: "received", apart };
  }
  const version = message.verdict ? message.detail?.version ?? 0 : (message.base_version ?? 0) + 1;
  if (known > version) return now;
  return { ...now, text: message.body.text, nextBase: version, level: message.level };
}

/** Stored on the tablet for good, to be sent; nothing when it says what is said already. */
export async function sayComment(contest, entry, text) {
  const subject = subjectOf(entry.code);
  const now = commentNow(contest, entry.code, (await ownComments()).get(subject));
  const typed = text.replace(/\s+/g, " ").trim();
  if (typed !== now.text) await append({ kind: "sheet.comment", subject, body: { text: typed }, baseVersion: now.nextBase });
  await keepText("comment", subject, null);
}
