// The contests of this device: which one is typed now?
import { alert, el } from "../judge/dom.js";
import { syncStatus } from "../device/status.js";
import { t } from "../words.js";
import { ground } from "./ground.js";
import { kindOf } from "./kinds.js";

const SIGNS = { count: "#", time: "◷", answers: "?", match: "⚔" };

export async function contestList(go) {
  const { contests } = ground.state;
  const lines = await Promise.all(contests.map(async (contest) => row(contest, await kindOf(contest.kind)?.summary?.(contest), go)));
  return el("section", { class: "flow" },
    el("h1", { tabindex: -1, "data-hand": "title" }, t("Phần thi của máy này")),
    el("ol", { class: "judge-order" }, lines));
}

const row = (contest, summary, go) => el("li", {}, el("button", {
  type: "button", class: "judge-row", "data-hand": `contest:${contest.code}`, disabled: !kindOf(contest.kind),
  onclick: () => go({ view: "contest", contest: contest.code }),
},
  el("span", { class: "judge-number", "aria-hidden": "true" }, SIGNS[contest.kind] ?? "·"),
  el("span", { class: "judge-who" }, el("b", {}, contest.name), el("span", { class: "quiet" }, t("{n} tiết mục", { n: contest.entries.length }))),
  el("span", { class: "judge-said" }, contest.locked ? el("span", { class: "badge tone-note" }, t("đã khóa điểm"))
    : summary ? el("span", { class: "badge tone-quiet" }, summary) : null)));

/** No contest: not told yet, none given, or the device was shut out. */
export function nothingYet() {
  const { revoked, device } = syncStatus();
  if (revoked) return empty(t("Máy này không còn dùng để ghi kết quả"), t("Xin gặp thư ký để nhận máy khác."));
  if (!ground.stateCame) return empty(t("Chưa tải được danh sách phần thi"), t("Cần có mạng một lần để lấy danh sách. Máy tự thử lại."));
  return empty(t("Chưa có phần thi nào giao cho máy này"),
    t("Thư ký mở trang phần thi, mục «Máy ở sân», rồi giao phần thi cho máy {n}. Danh sách sẽ hiện ở đây.", { n: device?.number ?? "" }));
}

const empty = (title, words) => el("div", { class: "empty" }, el("h1", { tabindex: -1 }, title), el("p", {}, words));

/** A contest of a kind that this release of the app cannot type. */
export const cannotType = (contest, go) => el("section", { class: "flow" },
  el("h1", { tabindex: -1 }, contest.name),
  alert("note", t("Phần thi này chưa ghi được trên máy ở sân."), el("p", {}, t("Ghi trên giấy rồi đưa thư ký."))),
  el("button", { type: "button", class: "button button-second", onclick: () => go({ view: "contests" }) }, t("‹ Các phần thi")));
