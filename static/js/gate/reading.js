// A code was read: is it a pass, whose, and may these people come in? The list on the phone answers at once.
import { syncStatus } from "../device/status.js";
import { t } from "../words.js";
import { clock, today } from "./clock.js";
import { alreadyIn, look } from "./list.js";
import { NotAPass, normalise } from "./pass-code.js";
import { people } from "./people.js";
import { PRACTICE, PRACTICE_RECORD } from "./practice.js";
import { chosenPurpose, PURPOSES } from "./purposes.js";
import { record, save } from "./record.js";
import { signs } from "./signs.js";
import { tokenOf } from "./typed-text.js";
import { buttons, say, screen } from "./verdict.js";
import { askWho, settle } from "./who-came.js";

export async function seen(text, how = "camera") {
  if (normalise(text) === PRACTICE) return (await settle()) ? show({ practice: true, id: "", record: PRACTICE_RECORD, how }) : undefined;
  let token;
  try {
    token = await tokenOf(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    if (await settle()) noPass(wrong.why);
    return undefined;
  }
  const found = await look(token);
  if (screen.reading && screen.reading.id === found.id && screen.reading.timer) return undefined; // still on the screen
  if (!(await settle())) return undefined;
  if (found.kind === "replaced") return replaced();
  if (found.kind === "unknown") return unknown(found.id, how);
  return show({ ...found, how });
}

/** reading: {id, record, how, practice} of a pass that is known */
export async function show(reading) {
  const everybody = people(reading.record);
  if (reading.record.t === "blank") return blank(reading.record.name);
  const purpose = chosenPurpose();
  const day = today();
  const inside = reading.practice ? new Map() : await alreadyIn(everybody.map((person) => person.code), purpose, day);
  const missing = everybody.filter((person) => !inside.has(person.code));
  if (!everybody.length) return unknown(reading.id, reading.how);
  const shown = { ...reading, everybody, inside, day, purpose, timer: 0, waiting: false };
  screen.reading = shown;
  const { name } = reading.record;
  const unit = reading.record.unit === name ? "" : reading.record.unit;
  const sign = signs(reading.record);
  const words = PURPOSES[purpose];
  if (!missing.length) {
    const first = [...inside.values()].sort((a, b) => a.at - b.at)[0];
    say("warn", words.again, { word: words.spoken, name, unit, sign, text: firstWords(first.at, first.gate) });
    return record(shown, everybody.map((person) => person.code));
  }
  say("good", words.welcome, { word: words.welcome, name, unit, sign, text: inside.size ? words.before(inside.size) : "" });
  askWho(shown, missing);
  return undefined;
}

export const firstWords = (at, gate) => t("Lần đầu lúc {time}, {gate}.", { time: clock(at), gate: gate || t("cổng khác") });

/** why: "check" or "shape" (pass-code.js) */
function noPass(why) {
  screen.reading = null;
  say("bad", why === "check" ? t("Mã bị sai hoặc rách") : t("Không phải thẻ của ngày hội"), {
    word: t("Không hợp lệ"),
    text: why === "check" ? t("Quét lại, hoặc nhập mã in dưới mã QR.") : t("Quét mã QR trên thẻ của ngày hội. Không có thì tìm theo tên."),
  });
}

/** Printed without a name, and nobody's yet: nothing is written down. */
function blank(name) {
  screen.reading = null;
  say("bad", t("Thẻ trắng chưa có chủ"), {
    word: t("Chưa nhận"), name, text: t("Đưa đến bàn tiếp đón hoặc trưởng cổng để nhận thẻ cho gia đình, rồi quét lại."),
  });
}

function replaced() {
  screen.reading = null;
  say("bad", t("Thẻ đã được cấp lại"), { word: t("Thẻ cũ"), text: t("Thẻ này không còn dùng. Hỏi thẻ mới hoặc tìm theo tên.") });
}

function unknown(id, how) {
  screen.reading = { id, how, everybody: [], purpose: chosenPurpose(), waiting: true, timer: 0 };
  const at = syncStatus().stateAt;
  say("warn", t("Chưa có trong danh sách"), {
    word: t("Xem lại"),
    text: at ? t("Danh sách trên máy lúc {time}. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu.", { time: clock(at) })
      : t("Máy chưa tải danh sách. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu."),
  });
  buttons([
    [t("Cho vào"), "", () => decideUnknown("let_in")],
    [t("Không cho vào"), "button-second", () => decideUnknown("turned_away")],
  ]);
}

async function decideUnknown(decision) {
  const { reading } = screen;
  if (!reading?.waiting) return;
  reading.waiting = false;
  buttons([]);
  const body = { pass: reading.id, persons: null, purpose: reading.purpose, how: "decided", decision };
  await save(reading, { kind: "scan", subject: reading.id, body });
}
