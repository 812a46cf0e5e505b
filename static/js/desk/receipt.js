// The receipt of a delegation for the pen of its head: all that was handed and holds, how many have come. Printed by the
// browser, so that it needs no network; the office prints the same from its books.
import { syncStatus } from "../device/status.js";
import { serverNow } from "../device/clock.js";
import { clock } from "../gate/clock.js";
import { me } from "../gate/me.js";
import { el } from "../judge/dom.js";
import { t } from "../words.js";
import { handed, handings, ITEMS, taken } from "./held.js";
import { parts, screen } from "./parts.js";
import { THINGS } from "./words.js";

const LEVELS = { saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ") };

/** What was written last: {now, scans, cards, handout, levels}; null when a receipt is only looked at. */
export const last = { done: null };

/** now: as `desk.now`; done: {scans, cards, handout} of what was just written. */
export async function showPaper(now, done = null) {
  const all = (await handings(now.delegation.pass)).filter((each) => !taken(each));
  parts.receipt.replaceChildren(...drawn(now, all));
  last.done = done && { ...done, now, levels: new Map([...done.scans, ...done.cards, done.handout].filter(Boolean).map((entry) => [entry.mid, entry.level])) };
  parts["paper-said"].textContent = done ? t("Đã ghi.") : t("Biên bản của đoàn");
  parts["undo-last"].hidden = !done;
  drawLevel();
  screen("paper");
}

/** The server has answered an entry: how far is what stands on the screen? The least of its entries counts. */
export function answeredLevel(entry) {
  if (!last.done?.levels.has(entry.mid)) return;
  last.done.levels.set(entry.mid, entry.level);
  drawLevel();
}

function drawLevel() {
  const order = Object.keys(LEVELS);
  const least = last.done ? Math.min(...[...last.done.levels.values()].map((level) => order.indexOf(level))) : -1;
  parts["paper-level"].hidden = least < 0;
  if (least < 0) return;
  parts["paper-level"].dataset.level = order[least];
  parts["paper-level"].textContent = LEVELS[order[least]];
}

function drawn({ delegation, everybody, inside }, all) {
  const sums = handed(all);
  const at = serverNow();
  const day = new Date(at.getTime() + 7 * 3600_000);
  const date = `${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear()}`;
  const head = [t("Lúc"), ...ITEMS.map((item) => THINGS[item]), t("Người nhận")];
  const rows = all.map((each) => [clock(each.at_ms), ...ITEMS.map((item) => each.items[item] || "–"), each.receiver]);
  return [
    el("p", { class: "desk-festival" }, syncStatus().festival?.name ?? me.festival?.name ?? ""),
    el("h3", {}, t("Biên bản giao nhận")),
    el("p", {}, el("b", {}, delegation.name)),
    el("p", {}, t("Đã đến: {n} trên {all} người.", { n: inside.size, all: everybody.length })),
    all.length ? el("table", {},
      el("thead", {}, el("tr", {}, head.map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, String(cell)))))),
      el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, t("Cộng")), ITEMS.map((item) => el("td", {}, String(sums[item]))), el("td", {}))),
    ) : el("p", {}, t("Chưa giao gì.")),
    el("p", {}, t("Bên nhận đã đếm và nhận đủ số trên.")),
    el("div", { class: "desk-signs" },
      [t("Trưởng đoàn"), t("Người giao")].map((role) => el("div", {}, el("b", {}, role), el("span", {}, t("(ký, ghi rõ họ tên)"))))),
    el("p", { class: "desk-made" }, t("In từ máy {number}, {station}, lúc {time} ngày {date}.", { number: me.number, station: me.station || t("bàn tiếp đón"), time: clock(at.getTime()), date })),
  ];
}
