// Is there a network, how old is the list, how much has not been sent, what was refused? The line at the foot of the desk.
import { acknowledge, counts, entries } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { clock } from "../gate/clock.js";
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { delegations } from "./held.js";
import { parts } from "./parts.js";

const STALE_MS = 30 * 60 * 1000;

export async function drawStatus(status = syncStatus()) {
  parts.network.dataset.tone = status.revoked || status.unauthorised ? "bad" : status.online ? "good" : "warn";
  parts.network.textContent = status.revoked ? t("Máy đã bị thu hồi")
    : status.unauthorised ? t("Máy chủ không biết máy này")
    : status.online ? t("Có mạng") : status.online === null ? t("Đang nối mạng") : t("Mất mạng, vẫn ghi được");
  const many = (await delegations()).length;
  parts.age.textContent = !status.stateAt ? t("Chưa có danh sách") : t("{n} đoàn, lúc {time}", { n: many, time: clock(status.stateAt) });
  parts.age.dataset.tone = !many || Date.now() + status.offsetMs - status.stateAt > STALE_MS ? "warn" : "good";
  const n = await counts();
  for (const level of ["saved", "received", "booked"]) parts[`level-${level}`].textContent = String(n[level]);
  parts["level-saved"].closest("[data-level]").dataset.waiting = String(n.saved > 0);
  parts.refused.hidden = n.refused === 0;
  parts.refused.textContent = t("{n} lượt máy chủ không nhận", { n: n.refused });
  parts.revoked.hidden = !status.revoked;
  parts["enrol-again"].hidden = !status.unauthorised;
  if (status.device) parts.station.textContent = t("Máy {number}, {station}", { number: status.device.number, station: status.device.station || t("bàn tiếp đón") });
  parts.rehearsal.hidden = !status.rehearsal;
}

const WHY = {
  unknown_pass: t("Máy chủ chưa có thẻ này; đã giữ lại để trưởng cổng xem."),
  not_approved: t("Đăng ký chưa được duyệt hoặc đã rút; đã giữ lại để trưởng cổng xem."),
  pass_replaced: t("Thẻ đã được cấp lại."),
  closed: t("Ngoài giờ điểm danh."),
  undo_late: t("Quá mười lăm phút: xin trưởng cổng hoàn tác."),
  undo_unknown: t("Không tìm thấy lượt cần hoàn tác."),
  revoked: t("Máy đã bị thu hồi; đã giữ lại để trưởng cổng xem."),
};
const KINDS = { scan: t("Người đến"), handout: t("Giao đồ"), undo: t("Hoàn tác") };

/** What the server did not take, until somebody has seen it. */
export async function showRefused() {
  const all = (await entries()).filter((entry) => entry.refused);
  if (!all.length) { parts.asking.close(); return; }
  const names = new Map((await delegations()).map((each) => [each.pass, each.name]));
  parts.asking.replaceChildren(el("h2", { id: "asking-title" }, t("Máy chủ không nhận")),
    el("ul", { class: "gate-list" }, all.map((entry) => {
      const told = [KINDS[entry.kind] ?? entry.kind, clock(entry.wall_ms + entry.offset_ms), names.get(entry.subject)].filter(Boolean).join(", ");
      return el("li", { class: "desk-refused" }, el("p", {}, el("b", {}, told), el("span", { class: "hint" }, WHY[entry.reason] ?? t("Máy chủ không ghi lượt này. Ghi lại, hoặc báo trưởng cổng."))),
        button(t("Đã xem"), async () => { await acknowledge(entry); await showRefused(); }, "second", { "aria-label": `${t("Đã xem")}, ${told}` }));
    })),
    button(t("Đóng"), () => parts.asking.close(), "second"));
  if (!parts.asking.open) parts.asking.showModal();
}
