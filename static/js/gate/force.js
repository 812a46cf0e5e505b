// What happened at the gate against the rule, or without a name: who is let in all the same, and why? Always with a reason,
// always by a tap; the server marks it.
import { t } from "../words.js";
import { wordsOf } from "./purposes.js";
import { askReason } from "./reason.js";
import { doneOrUndo, record, save } from "./record.js";
import { buttons, say, screen } from "./verdict.js";
import { askWho, inTurn, tickedNow } from "./who-came.js";

const USUAL = [t("Trưởng cổng cho phép"), t("Quên thẻ mới, đã hỏi tên"), t("Khách của ban tổ chức")];

/** A pass whose people are known: they are ticked as ever, then the reason is asked. */
export function askForced(reading) {
  if (screen.reading !== reading) return;
  const told = { name: reading.record.name, unit: reading.record.unit, word: "", number: reading.everybody.length };
  Object.assign(reading, { forced: true, done: false, entry: null, way: "in" });
  const { still, why } = wordsOf(reading.purpose);
  say("warn", why, told);
  askWho(reading, reading.everybody, (n) => [`${still}: ${t("{n} người", { n })}`, () => withReason(reading)]);
}

async function withReason(reading) {
  const given = await askReason({ title: wordsOf(reading.purpose).why, usual: USUAL, act: wordsOf(reading.purpose).still });
  if (!given || screen.reading !== reading || reading.done) return;
  inTurn(async () => {
    Object.assign(reading, { waiting: false, done: true });
    await record(reading, tickedNow(), given.reason);
  });
}

// Whose a replaced pass was the server knows, and counts all of them; of an unknown one nobody knows more than how many.
const about = ({ replaced }) => (replaced ? { hint: t("Cả gia đình được tính. Muốn chọn từng người: tìm theo tên.") } : { people: 1 });

/** A replaced pass, or one this phone does not know: how many people, and why. */
export async function askUnknown(reading) {
  if (screen.reading !== reading || reading.done) return;
  reading.waiting = true;
  const given = await askReason({ title: wordsOf(reading.purpose).why, usual: USUAL, act: wordsOf(reading.purpose).still, ...about(reading) });
  if (!given || screen.reading !== reading || reading.done) return;
  Object.assign(reading, { waiting: false, done: true });
  buttons([]);
  const body = { pass: reading.id, persons: null, purpose: reading.purpose, how: "decided", decision: "let_in", force: { reason: given.reason } };
  if (reading.window) body.window = reading.window;
  if (!reading.replaced) body.count = given.people;
  await save(reading, { kind: "scan", subject: reading.id, body });
  if (reading.entry && screen.reading === reading) {
    say("good", wordsOf(reading.purpose).why, { word: wordsOf(reading.purpose).welcome, number: reading.replaced ? 0 : given.people, text: given.reason, level: "saved" });
    doneOrUndo(reading);
  }
}
