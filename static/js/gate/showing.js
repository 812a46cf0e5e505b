// What does the gate say of the pass that was held up: may these people come in, are they in, do they come back, is it too
// early? Known from the list on the phone; nothing is written here but what writesItself (weigh.js) allows.
import { serverNow } from "../device/clock.js";
import { t } from "../words.js";
import { clock } from "./clock.js";
import { askForced } from "./force.js";
import { alreadyIn } from "./list.js";
import { lookOnly } from "./look-only.js";
import { me } from "./me.js";
import { blank, unknown } from "./not-known.js";
import { people } from "./people.js";
import { chosen, wordsOf } from "./purposes.js";
import { noteRefused, record } from "./record.js";
import { signs } from "./signs.js";
import { movesOf, standing } from "./standing.js";
import { buttons, dismiss, say, screen } from "./verdict.js";
import { weigh, writesItself } from "./weigh.js";
import { askWho } from "./who-came.js";
import { closedWords, nearest } from "./windows.js";

/** reading: {id, record, how, practice} of a pass that is known */
export async function show(reading) {
  const lines = people(reading.record);
  if (reading.record.t === "blank") return blank(reading);
  if (!lines.length) return unknown(reading.id, reading.how);
  const { purpose, window, way } = chosen();
  const now = serverNow().getTime();
  const key = (window ?? nearest(purpose, now))?.key;
  const codes = lines.map((line) => line.code);
  const kept = reading.practice ? new Map() : await alreadyIn(codes, purpose.code, key);
  const admitted = new Map([...kept].filter(([, { at }]) => at));
  const moves = await movesOf(codes, kept, purpose.code, key);
  const known = weigh({ lines, admitted, moves, way, again: purpose.again, now, device: me.number });
  const shown = { ...reading, ...known, moves, everybody: lines, purpose: purpose.code, kind: purpose.kind, window: key, way, timer: 0, waiting: false };
  screen.reading = shown;
  const told = told_(reading.record);
  if (way === "look") return lookOnly(shown, { told, admitted, moves, closed: window ? "" : closedWords(purpose, now) });
  if (!window && !reading.practice) return refused(shown, "closed", t("Ngoài giờ"), { ...told, text: closedWords(purpose, now) });
  if (!mayHave(purpose, reading.record)) return refused(shown, "other_class", t("Không thuộc diện này"), { ...told, text: t("Loại thẻ này không dùng cho {purpose}.", { purpose: purpose.name }) });
  return way === "out" ? goOut(shown, told) : comeIn(shown, told);
}

function told_(record) {
  const { name } = record;
  return { name, unit: record.unit === name ? "" : record.unit, sign: signs(record) };
}

const mayHave = ({ classes }, { t: kind, badge }) => !classes || kind === "delegation" || classes.includes(badge || kind);

async function comeIn(reading, told) {
  const { asked, inside, back, first, just } = reading;
  const words = wordsOf(reading.purpose);
  if (!asked.length) {
    say("warn", just ? words.just : words.again, { ...told, word: just ? words.just : words.spoken, number: inside.size, text: just ? t("Máy này vừa ghi thẻ này. Không ghi thêm.") : firstWords(first.at, first.gate) });
    if (just) return doneOrForced(reading);
    if (writesItself(reading, standing.countdownS)) await record(reading, [...inside.keys()]);
    return doneOrForced(reading);
  }
  const all = back === asked.length;
  const text = [all || !back ? "" : t("Vào lại: {n} người.", { n: back }), inside.size ? words.before(inside.size) : ""].filter(Boolean).join(" ");
  say("good", all ? t("Mời vào lại") : words.welcome, { ...told, word: all ? t("Mời vào lại") : words.welcome, number: asked.length, text });
  return askWho(reading, asked);
}

function goOut(reading, told) {
  const { asked, first, unseen } = reading;
  if (!asked.length) {
    say("warn", t("Đã ra rồi"), { ...told, word: t("Đã ra rồi"), number: reading.everybody.length, text: t("Ra lúc {time}.", { time: clock(first.at) }) });
    return undefined;
  }
  const strange = unseen === asked.length;
  say(strange ? "warn" : "good", t("Ra cổng"), {
    ...told, word: t("Ra cổng"), number: asked.length, text: unseen ? t("Máy này chưa thấy {n} người vào.", { n: unseen }) : "",
  });
  return askWho(reading, asked);
}

/** Refused by the rule, known already here: only a reason goes on. */
function refused(reading, why, word, told) {
  say("bad", word, { ...told, word, number: reading.everybody.length });
  doneOrForced(reading);
  noteRefused(reading, why);
}

function doneOrForced(reading) {
  if (screen.reading !== reading || reading.practice) return;
  const { name } = reading.record;
  buttons([[t("Xong"), "", dismiss], [wordsOf(reading.purpose).still, "button-second", () => askForced(reading), name]]);
}

export const firstWords = (at, gate) => t("Lần đầu lúc {time}, {gate}.", { time: clock(at), gate: gate || t("cổng khác") });
