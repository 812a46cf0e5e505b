// What has this phone scanned, and what must somebody look at?
import { acknowledge, entries } from "../device/outbox.js";
import { focusFirst, keepHand } from "../hand.js";
import { t } from "../words.js";
import { reasonWords } from "./answered.js";
import { clock } from "./clock.js";
import { names } from "./list.js";
import { $, made, parts } from "./parts.js";
import { PURPOSES } from "./purposes.js";
import { stopCountdown } from "./who-came.js";

const SHOWN_MAX = 60;
const LEVELS = { saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ") };

export async function openHistory() {
  stopCountdown();
  await drawHistory();
  if (!parts.history.open) parts.history.showModal();
}

async function drawHistory() {
  const all = await entries({ kind: "scan" });
  const known = await names();
  // What somebody must look at comes first, however long ago it was.
  const rows = [...all.filter((entry) => entry.refused), ...all.filter((entry) => !entry.refused)].slice(0, SHOWN_MAX)
    .map((entry) => historyLine(entry, known));
  if (!rows.length) rows.push(made("li", { textContent: t("Chưa quét thẻ nào trên máy này.") }));
  const held = parts["history-list"].contains(document.activeElement);
  keepHand(parts["history-list"], () => parts["history-list"].replaceChildren(...rows), "button");
  if (held && !parts["history-list"].contains(document.activeElement)) focusFirst($("close-history"));
}

function historyLine(entry, known) {
  const item = document.createElement("li");
  item.dataset.tone = ["rejected", "quarantined"].includes(entry.verdict) ? "bad" : entry.verdict === "duplicate" ? "warn" : "good";
  const who = entry.body.persons ? t("{n} người", { n: entry.body.persons.length }) : t("cả thẻ");
  const tail = entry.reason ? reasonWords(entry.reason) : entry.verdict === "duplicate" ? PURPOSES[entry.body.purpose].again : "";
  const told = [clock(entry.wall_ms + entry.offset_ms), known.get(entry.subject), who];
  item.textContent = [...told, LEVELS[entry.level], tail].filter(Boolean).join(" · ");
  if (entry.refused) {
    const seenIt = made("button", { type: "button", className: "button button-second", textContent: t("Đã xem") });
    seenIt.setAttribute("aria-label", [t("Đã xem"), ...told].filter(Boolean).join(", "));
    seenIt.addEventListener("click", async () => { await acknowledge(entry); await drawHistory(); });
    item.append(seenIt);
  }
  return item;
}
