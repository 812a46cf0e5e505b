// Is there a network, what waits to be sent, what was not accepted? The line at the top and the notices below it.
import { acknowledge, counts, entries } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { focusFirst, keepHand } from "../hand.js";
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { ground } from "./ground.js";
import { saidBy } from "./kinds.js";

const levels = document.querySelector("#levels");
const notices = document.querySelector("#notices");

export const LEVELS = ["saved", "received", "booked"];
export const LEVEL_WORDS = {
  saved: () => t("đã lưu trên máy"), received: () => t("máy chủ đã nhận"), booked: () => t("đã vào sổ"),
};

/** The three levels of saving as a list, as far as `level` reaches. */
export const threeLevels = (level) => el("ol", { class: "judge-three" }, LEVELS.map((each, index) => {
  const reached = LEVELS.indexOf(level) >= index;
  return el("li", { class: reached ? "done" : "" }, `${reached ? "✓" : "○"} ${LEVEL_WORDS[each]()}`);
}));

const REASONS = {
  locked: () => t("Phần thi đã khóa điểm trước khi tin đến. Tin được giữ cho thư ký xem."),
  not_given: () => t("Phần thi này không còn giao cho máy này. Xin báo thư ký."),
  unknown_entry: () => t("Tiết mục này không còn trong danh sách."),
};

export async function showLevels() {
  const held = await counts();
  const { online, revoked, rehearsal, device } = syncStatus();
  put(levels, [
    rehearsal ? el("span", { class: "badge tone-warn" }, t("TỔNG DUYỆT")) : "",
    device ? el("span", { class: "badge tone-quiet" }, [t("máy {n}", { n: device.number }), device.station].filter(Boolean).join(" · ")) : "",
    el("span", { class: `badge tone-${online ? "good" : "warn"}` }, online ? t("có mạng") : t("mất mạng, vẫn ghi được")),
    el("span", { class: `badge tone-${held.saved ? "warn" : "quiet"}` }, held.saved ? t("{n} tin chờ gửi", { n: held.saved }) : t("không còn tin chờ gửi")),
  ]);
  if (revoked) put(notices, [alert("bad", t("Máy này đã bị thu hồi."), el("p", {}, t("Kết quả đã lưu vẫn được gửi đi và giữ riêng cho thư ký. Xin gặp thư ký để nhận máy khác.")))]);
  else await refusals();
}

/** The same words are not said again at every round of news, and a button under the hand stays there. */
function put(place, parts) {
  const fresh = el("div", { class: place === levels ? "row" : "flow" }, parts);
  if (fresh.innerHTML === place.firstElementChild?.innerHTML) return;
  const held = place.contains(document.activeElement);
  keepHand(place, () => place.replaceChildren(fresh), "button");
  if (held && !place.contains(document.activeElement)) focusFirst(document.querySelector("#screen h1"), document.querySelector("#main"));
}

async function refusals() {
  const refused = (await entries()).filter((each) => each.refused && each.verdict !== "conflict");
  put(notices, refused.map((each) => {
    const said = saidBy(each.kind);
    const who = said?.about(each, ground.state) ?? each.subject;
    const why = (said?.reasons?.[each.reason] ?? REASONS[each.reason] ?? (() => t("Máy chủ không nhận tin này. Xin báo thư ký.")))(each);
    return alert("bad", t("Chưa được nhận: {who}", { who }), el("p", {}, why),
      button(t("Đã hiểu"), () => acknowledge(each), "second", { "data-hand": each.mid, "aria-label": `${t("Đã hiểu")}, ${who}` }));
  }));
}

export function notSaved(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Chưa lưu được trên máy."), el("p", {}, t("Bấm ghi lần nữa; nếu vẫn vậy, ghi trên giấy và báo thư ký."))));
}

/** What was just tapped is on the screen and nowhere else. */
export function notKept(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Phần ghi dở chưa lưu được trên máy."), el("p", {}, t("Những gì vừa bấm còn trên màn hình, tải lại trang thì mất. Ghi thêm ra giấy; xong đội này thì ghi kết quả ngay."))));
}
