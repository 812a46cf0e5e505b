// What does the gate say of a code that lets nobody in by itself: torn, foreign, replaced, blank, or not on this phone's list?
import { syncStatus } from "../device/status.js";
import { t } from "../words.js";
import { ask } from "./asking.js";
import { clock } from "./clock.js";
import { askUnknown } from "./force.js";
import { chosen, wordsOf } from "./purposes.js";
import { parts } from "./parts.js";
import { noteRefused, save } from "./record.js";
import { sideWords } from "./typed-text.js";
import { buttons, dismiss, hear, say, screen } from "./verdict.js";

const ASK_AGAIN_MS = 5000; // what stays in front of the camera is asked about once
let asked = { id: "", at: 0, home: null };

function chosenNow() {
  const { purpose, window, way } = chosen();
  return { purpose: purpose.code, window: window?.key, way };
}

/** why: of pass-code.js */
export function noPass(why, how) {
  screen.reading = null;
  noteRefused({ ...chosenNow(), id: null, how }, why === "check" ? "torn" : "foreign");
  const text = sideWords(why);
  if (text) {
    say("bad", why === "real" ? t("Đây là thẻ thật") : t("Đây là thẻ tổng duyệt"), { word: t("Thẻ khác"), text });
    return;
  }
  say("bad", why === "check" ? t("Mã bị sai hoặc rách") : t("Không phải thẻ của ngày hội"), {
    word: t("Không hợp lệ"),
    text: why === "check" ? t("Quét lại, hoặc nhập mã in dưới mã QR.") : t("Quét mã QR trên thẻ của ngày hội. Không có thì tìm theo tên."),
  });
}

/** A whole pass of another festival of this house. */
export function foreign(id, festival, how) {
  screen.reading = null;
  noteRefused({ ...chosenNow(), id, how }, "foreign");
  say("bad", t("Thẻ của ngày hội khác"), {
    word: t("Thẻ khác"), text: t("Đây là thẻ của “{festival}”. Hỏi thẻ của ngày hội này, hoặc tìm theo tên.", { festival }),
  });
}

/** Printed without a name, and nobody's yet: nothing is written down. */
export function blank({ id, how, record: { name } }) {
  screen.reading = null;
  noteRefused({ ...chosenNow(), id, how }, "blank");
  say("bad", t("Thẻ trắng chưa có chủ"), {
    word: t("Chưa nhận"), name, text: t("Đưa đến bàn tiếp đón hoặc trưởng cổng để nhận thẻ cho gia đình, rồi quét lại."),
  });
}

export function replaced(id, how) {
  const reading = { ...chosenNow(), id, how, everybody: [], replaced: true, waiting: false, timer: 0 };
  screen.reading = reading;
  noteRefused(reading, "replaced");
  say("bad", t("Thẻ đã được cấp lại"), { word: t("Thẻ cũ"), text: t("Thẻ này không còn dùng. Hỏi thẻ mới hoặc tìm theo tên.") });
  if (reading.way !== "look") buttons([[t("Xong"), "", dismiss], [wordsOf(reading.purpose).still, "button-second", () => askUnknown(reading)]]);
}

export function unknown(id, how) {
  const reading = { ...chosenNow(), id, how, everybody: [], timer: 0 };
  reading.waiting = reading.way !== "look";
  screen.reading = reading;
  const at = syncStatus().stateAt;
  say("warn", t("Chưa có trong danh sách"), {
    word: t("Xem lại"),
    text: at ? t("Danh sách trên máy lúc {time}. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu.", { time: clock(at) })
      : t("Máy chưa tải danh sách. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu."),
  });
  if (reading.way !== "look") {
    buttons([
      [t("Cho vào"), "", () => askUnknown(reading)],
      [t("Không cho vào"), "button-second", () => turnAway(reading)],
    ]);
  }
  askHome(reading);
}

/** A card that was issued a moment ago, or one of another house? The code cannot tell, the server can; without it the words stay. */
async function askHome(reading) {
  if (asked.id !== reading.id || Date.now() - asked.at > ASK_AGAIN_MS) asked = { id: reading.id, at: Date.now(), home: ask("home", { pass: reading.id }) };
  let home;
  try { home = await asked.home; } catch { return; }
  if (screen.reading !== reading || reading.done || document.querySelector("dialog[open]")) return;
  if (home.festival) { foreign(reading.id, home.festival, reading.how); return; }
  if (!home.here) parts["verdict-word"].textContent = t("Thẻ của ngày hội khác");
  parts["verdict-text"].textContent = home.here ? t("Thẻ mới được cấp, danh sách trên máy chưa có. Chờ vài giây rồi quét lại.")
    : t("Máy chủ này chưa từng cấp thẻ này: thẻ của nơi tổ chức khác, hoặc không phải thẻ thật. Trưởng cổng quyết định.");
  hear();
}

async function turnAway(reading) {
  if (screen.reading !== reading || !reading.waiting) return;
  Object.assign(reading, { waiting: false, done: true });
  buttons([]);
  const body = { pass: reading.id, persons: null, purpose: reading.purpose, how: "decided", decision: "turned_away" };
  await save(reading, { kind: "scan", subject: reading.id, body });
}
