// What does the gate say of a code that lets nobody in by itself: torn, foreign, replaced, blank, or not on this phone's list?
import { syncStatus } from "../device/status.js";
import { t } from "../words.js";
import { clock } from "./clock.js";
import { askUnknown } from "./force.js";
import { chosen, wordsOf } from "./purposes.js";
import { noteRefused, save } from "./record.js";
import { buttons, dismiss, say, screen } from "./verdict.js";

function chosenNow() {
  const { purpose, window, way } = chosen();
  return { purpose: purpose.code, window: window?.key, way };
}

/** why: "check" or "shape" (pass-code.js) */
export function noPass(why, how) {
  screen.reading = null;
  noteRefused({ ...chosenNow(), id: null, how }, why === "check" ? "torn" : "foreign");
  say("bad", why === "check" ? t("Mã bị sai hoặc rách") : t("Không phải thẻ của ngày hội"), {
    word: t("Không hợp lệ"),
    text: why === "check" ? t("Quét lại, hoặc nhập mã in dưới mã QR.") : t("Quét mã QR trên thẻ của ngày hội. Không có thì tìm theo tên."),
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
  if (reading.way === "look") return;
  buttons([
    [t("Cho vào"), "", () => askUnknown(reading)],
    [t("Không cho vào"), "button-second", () => turnAway(reading)],
  ]);
}

async function turnAway(reading) {
  if (screen.reading !== reading || !reading.waiting) return;
  reading.waiting = false;
  buttons([]);
  const body = { pass: reading.id, persons: null, purpose: reading.purpose, how: "decided", decision: "turned_away" };
  await save(reading, { kind: "scan", subject: reading.id, body });
}
