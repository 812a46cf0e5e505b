// Is there a network, how old is the list, how much has not been sent? The line at the foot of the gate.
import { counts } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { focusFirst } from "../hand.js";
import { t } from "../words.js";
import { clock } from "./clock.js";
import { passCount } from "./list-store.js";
import { parts } from "./parts.js";

const STALE_MS = 30 * 60 * 1000;

export async function drawStatus(status = syncStatus()) {
  const tone = status.revoked ? "bad" : status.unauthorised ? "bad" : status.online ? "good" : "warn";
  parts.network.dataset.tone = tone;
  parts.network.textContent = status.revoked ? t("Máy đã bị thu hồi")
    : status.unauthorised ? t("Máy chủ không biết máy này")
    : status.online ? t("Có mạng") : status.online === null ? t("Đang nối mạng") : t("Mất mạng, vẫn quét được");
  const age = status.stateAt ? Date.now() + status.offsetMs - status.stateAt : 0;
  const many = await passCount();
  parts.age.textContent = Number.isFinite(status.receiving) ? t("Đang nhận danh sách: {n} %", { n: status.receiving }) : !status.stateAt ? t("Chưa có danh sách") : t("{n} thẻ, lúc {time}", { n: many, time: clock(status.stateAt) });
  parts.age.dataset.tone = Number.isFinite(status.receiving) || !many || !status.stateAt || age > STALE_MS ? "warn" : "good";
  const n = await counts();
  parts["level-saved"].textContent = String(n.saved);
  parts["level-received"].textContent = String(n.received);
  parts["level-booked"].textContent = String(n.booked);
  parts["level-saved"].closest("[data-level]").dataset.waiting = String(n.saved > 0);
  parts.refused.hidden = n.refused === 0;
  parts.refused.textContent = t("{n} lượt cần trưởng cổng xem", { n: n.refused });
  const justNow = parts.revoked.hidden && status.revoked;
  parts.revoked.hidden = !status.revoked;
  if (justNow && !document.querySelector("dialog[open]")) focusFirst(parts.revoked.querySelector("a"));
  parts["enrol-again"].hidden = !status.unauthorised;
  if (status.device) parts.station.textContent = t("Máy {number}, {station}", { number: status.device.number, station: status.device.station });
  parts.rehearsal.hidden = !status.rehearsal;
}
