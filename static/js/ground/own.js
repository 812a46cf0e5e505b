// What has this device said of tries? Out of the outbox and its archive.
import { entries as said } from "../device/outbox.js";

const KINDS = new Set(["measure.note", "measure.drop", "measure.resolve", "measure.confirm"]);

/** What this device said of tries: Map(subject → messages, oldest first). */
export async function ownMessages() {
  const found = new Map();
  for (const message of (await said()).sort((a, b) => a.seq - b.seq)) {
    if (KINDS.has(message.kind)) found.set(message.subject, [...(found.get(message.subject) ?? []), message]);
  }
  return found;
}
