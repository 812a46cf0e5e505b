// What does the server say to a scan that was sent? Only what is still on the screen is redrawn.
import { t } from "../words.js";
import { forgetAdmitted, noteAdmitted } from "./list.js";
import { me } from "./me.js";
import { parts } from "./parts.js";
import { PURPOSES } from "./purposes.js";
import { firstWords } from "./reading.js";
import { level, say, screen } from "./verdict.js";

export async function answered(entry) {
  const { detail = {}, verdict } = entry;
  const first = detail.first;
  if (["rejected", "quarantined"].includes(verdict)) await forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
  if (first && entry.body?.persons !== undefined) await noteAdmitted(detail.already ?? [], entry.body.purpose, detail.window, first.at_ms, first.gate);
  const { reading } = screen;
  if (reading?.entry?.mid !== entry.mid) return;
  level(entry.level);
  const words = PURPOSES[reading.purpose];
  if (verdict === "duplicate" && first && !detail.moved && parts.verdict.dataset.tone === "good") {
    say("warn", words.again, {
      word: words.spoken, name: reading.record?.name, unit: reading.record?.unit, text: firstWords(first.at_ms, first.gate), level: entry.level,
    });
  } else if (verdict === "rejected") {
    say("bad", t("Máy chủ không nhận"), { word: t("Không hợp lệ"), name: reading.record?.name, text: reasonWords(entry.reason), level: entry.level });
  } else if (verdict === "quarantined") {
    parts["verdict-text"].textContent = reasonWords(entry.reason);
  }
}

const REASONS = {
  pass_replaced: t("Thẻ này đã được cấp lại, thẻ cũ không còn dùng."),
  not_approved: t("Đăng ký của gia đình này chưa được duyệt hoặc đã rút. Máy chủ giữ lại để trưởng cổng xem."),
  unknown_pass: t("Máy chủ cũng chưa có thẻ này. Đã giữ lại để trưởng cổng xem."),
  turned_away: t("Đã ghi: không cho vào."),
  revoked: t("Máy này đã bị thu hồi. Lượt quét được giữ lại để trưởng cổng xem."),
  nobody: t("Không có ai trong thẻ này khớp với danh sách."),
};

export const reasonWords = (reason) => REASONS[reason] ?? t("Máy chủ không ghi lượt này. Báo trưởng cổng.");
