// Is there a network, what waits to be sent, what was not accepted? The line at the top of the tablet and the notices below it.
import { acknowledge, counts } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { t } from "../words.js";
import { focusFirst, keepHand } from "../hand.js";
import { alert, button, el } from "./dom.js";
import { titled } from "./list.js";
import { ownComments } from "./comments.js";
import { hold } from "./hold.js";
import { ownMessages, subjectOf } from "./state.js";
import { tablet } from "./tablet.js";

const levels = document.querySelector("#levels");
const notices = document.querySelector("#notices");

const REASONS = {
  locked: () => t("Phần thi đã khóa điểm trước khi phiếu đến. Phiếu được chuyển cho thư ký."),
  tied: () => t("Ông/bà có liên quan đến đơn vị dự thi nên không chấm tiết mục này."),
  replaced: () => t("Ghế này đã có người chấm thay. Phiếu được chuyển cho thư ký."),
  not_on_panel: () => t("Ông/bà không có tên trong ban giám khảo của phần thi này."),
  next_act: () => t("Tiết mục sau đã bắt đầu trước khi sửa. Bản đã gửi trước đó vẫn được tính; muốn sửa thì báo thư ký kèm lý do."),
  only_secretary: () => t("Phiếu đã gửi thì chỉ thư ký sửa được. Bản đã gửi trước đó vẫn được tính; muốn sửa thì báo thư ký kèm lý do."),
  no_comments: () => t("Phần thi này không có lời nhận xét gửi gia đình."),
  comment_locked: () => t("Phần thi đã khóa điểm, lời nhận xét không đổi được nữa."),
  unknown_entry: () => t("Tiết mục này không còn trong danh sách."),
  stale_choice: () => t("Phiếu vừa có thêm bản mới. Xin chọn lại."),
};

export async function showLevels() {
  const held = await counts();
  const { online, revoked, rehearsal } = syncStatus();
  put(levels, [
    rehearsal ? el("span", { class: "badge tone-warn" }, t("TỔNG DUYỆT")) : "",
    el("span", { class: `badge tone-${online ? "good" : "warn"}` }, online ? t("có mạng") : t("mất mạng, vẫn chấm được")),
    el("span", { class: `badge tone-${held.saved ? "warn" : "quiet"}` }, held.saved ? t("{n} phiếu chờ gửi", { n: held.saved }) : t("không còn phiếu chờ gửi")),
  ]);
  if (revoked) put(notices, [alert("bad", t("Máy này đã bị thu hồi."), el("p", {}, t("Phiếu đã lưu vẫn được gửi đi. Xin gặp thư ký để nhận máy khác.")))]);
  else await refusals();
}

/** The same words are not said again at every round of news, and a button under the hand stays there. */
function put(place, parts) {
  const fresh = el("div", {}, parts);
  if (fresh.innerHTML === place.innerHTML) return;
  const held = place.contains(document.activeElement);
  keepHand(place, () => place.replaceChildren(...fresh.childNodes), "button");
  if (held && !place.contains(document.activeElement)) focusFirst(document.querySelector("#screen h1, #screen [tabindex]"), document.querySelector("#main"));
}

async function refusals() {
  if (hold.why) { put(notices, []); return; } // names of families stay behind the lock
  const refused = [...(await ownMessages()).values(), ...(await ownComments()).values()].filter((each) => each.refused && each.verdict !== "conflict");
  put(notices, [...otherTablets(), ...refused.map((each) => {
    const entry = tablet.state.contests.flatMap((c) => c.entries).find((e) => subjectOf(e.code) === each.subject);
    const why = (REASONS[each.reason] ?? (() => t("Máy chủ không nhận phiếu này. Xin báo thư ký.")))();
    const who = entry ? titled(entry) : each.subject;
    const what = each.kind === "sheet.comment" ? t("Lời nhận xét chưa được nhận: {who}", { who }) : t("Phiếu chưa được nhận: {who}", { who });
    return alert("bad", what, el("p", {}, why),
      button(t("Đã hiểu"), () => acknowledge(each), "second", { "data-hand": each.mid, "aria-label": `${t("Đã hiểu")}, ${who}` }));
  })]);
}

/** Somebody else may be marking in this judge's name: it is said as long as it is so. */
function otherTablets() {
  const others = tablet.state.other_tablets ?? [];
  if (!others.length) return [];
  const named = others.map((each) => t("máy {number}, mở lúc {time}", { number: each.number, time: clock(each.since) })).join("; ");
  return [alert("warn", t("Có máy khác cũng đang chấm bằng tên ông/bà: {which}.", { which: named }),
    el("p", {}, t("Phiếu đã gửi từ máy kia có đủ ở đây. Phiếu viết dở, ghi chú riêng và phiếu chưa gửi chỉ nằm trên máy kia.")),
    el("p", {}, t("Máy kia hỏng hoặc không phải của ông/bà: báo thư ký thu hồi máy đó.")))];
}

const clock = (iso) => new Date(iso).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

export function notSaved(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Chưa lưu được phiếu trên máy."), el("p", {}, t("Phiếu vẫn mở. Bấm gửi lần nữa; nếu vẫn vậy, chấm trên giấy và báo thư ký."))));
}

/** What was just typed is on the screen and nowhere else. */
export function draftNotKept(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Nháp chưa lưu được trên máy."), el("p", {}, t("Những gì vừa ghi còn trên màn hình, tải lại trang thì mất. Chấm xong gửi ngay; nếu không gửi được, chấm trên giấy và báo thư ký."))));
}
