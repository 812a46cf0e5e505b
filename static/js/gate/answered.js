// What does the server say to a message that was sent? Only what is still on the screen is redrawn.
import { t } from "../words.js";
import { askForced } from "./force.js";
import { forgetAdmitted, noteAdmitted } from "./list.js";
import { me } from "./me.js";
import { parts } from "./parts.js";
import { purposeOf, wordsOf } from "./purposes.js";
import { firstWords } from "./showing.js";
import { movesAnswered } from "./standing.js";
import { undoRefused } from "./undo.js";
import { buttons, dismiss, level, say, screen } from "./verdict.js";
import { closedWords } from "./windows.js";

const isRefused = (entry) => ["rejected", "quarantined"].includes(entry.verdict);

export async function answered(entry) {
  if (entry.kind === "undo") { await undoAnswered(entry); return; }
  const { detail = {}, verdict } = entry;
  const first = detail.first;
  if (isRefused(entry)) await forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
  await movesAnswered(entry.mid, isRefused(entry));
  if (first && entry.body?.persons !== undefined) {
    await noteAdmitted(detail.already ?? [], entry.body.purpose, detail.window, { at: first.at_ms, gate: first.gate, device: first.device });
  }
  const { reading } = screen;
  if (reading?.entry?.mid !== entry.mid) return;
  level(entry.level);
  const words = wordsOf(reading.purpose);
  const told = { name: reading.record?.name, unit: reading.record?.unit, number: reading.everybody.length, level: entry.level };
  if (verdict === "duplicate" && first && !detail.moved && parts.verdict.dataset.tone === "good") {
    say("warn", words.again, { ...told, word: words.spoken, text: firstWords(first.at_ms, first.gate) });
  } else if (verdict === "rejected") {
    say("bad", t("Máy chủ không nhận"), { ...told, word: t("Không hợp lệ"), text: reasonWords(entry) });
  } else if (verdict === "quarantined") {
    parts["verdict-text"].textContent = reasonWords(entry);
  }
  if (isRefused(entry) && FORCED.has(entry.reason) && reading.record && !entry.body.force) {
    buttons([[t("Xong"), "", dismiss], [wordsOf(reading.purpose).still, "button-second", () => askForced(reading), reading.record.name]]);
  }
}

async function undoAnswered(entry) {
  await (isRefused(entry) ? undoRefused(entry) : movesAnswered(entry.mid, false));
  const { reading } = screen;
  if (reading?.entry?.mid !== entry.mid) return;
  level(entry.level);
  if (isRefused(entry)) say("bad", t("Chưa hoàn tác được"), { word: t("Chưa hoàn tác được"), name: reading.record?.name, text: reasonWords(entry), level: entry.level });
}

// What a person at the gate may let in all the same, with a reason.
const FORCED = new Set(["pass_replaced", "not_approved", "closed", "other_class"]);

const REASONS = {
  pass_replaced: t("Thẻ này đã được cấp lại, thẻ cũ không còn dùng."),
  not_approved: t("Đăng ký của gia đình này chưa được duyệt hoặc đã rút. Máy chủ giữ lại để trưởng cổng xem."),
  unknown_pass: t("Máy chủ cũng chưa có thẻ này. Đã giữ lại để trưởng cổng xem."),
  turned_away: t("Đã ghi: không cho vào."),
  revoked: t("Máy này đã bị thu hồi. Lượt quét được giữ lại để trưởng cổng xem."),
  nobody: t("Không có ai trong thẻ này khớp với danh sách."),
  other_class: t("Loại thẻ này không dùng cho mục đích đã chọn."),
  closed: t("Mục đích này đã được cất. Lượt quét được giữ lại để trưởng cổng xem."),
  clock_wrong: t("Giờ của máy này sai xa. Chỉnh giờ máy; lượt quét được giữ lại để trưởng cổng xem."),
  undo_unknown: t("Máy chủ không có lượt ghi này. Nhờ trưởng cổng xem."),
  undo_late: t("Đã quá 15 phút. Nhờ trưởng cổng hoàn tác."),
};

/** Why the server set aside or refused a message, in words. */
export function reasonWords({ reason, body, wall_ms: wall, offset_ms: offset }) {
  const purpose = purposeOf(body?.purpose);
  if (reason === "closed" && purpose) return t("{why} Lượt quét được giữ lại để trưởng cổng xem.", { why: closedWords(purpose, wall + offset) });
  return REASONS[reason] ?? t("Máy chủ không ghi lượt này. Báo trưởng cổng.");
}
