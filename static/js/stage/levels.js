// Is there a network, what waits to be sent, which tap did not count? The line at the top and the notices below it.
import { acknowledge, counts, entries } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { focusFirst, keepHand } from "../hand.js";
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { STATE_WORDS } from "./taps.js";

const levels = document.querySelector("#levels");
const notices = document.querySelector("#notices");

const REASONS = {
  unknown_act: () => t("Tiết mục này không còn trong lịch. Xin báo Ban Tổ chức."),
  other_stage: () => t("Tiết mục này đã chuyển sang sân khấu khác."),
  withdrawn: () => t("Gia đình đã rút, bước này không ghi."),
};

export async function showLevels(acts) {
  const held = await counts();
  const { online, revoked, rehearsal, device } = syncStatus();
  put(levels, [
    rehearsal ? el("span", { class: "badge tone-warn" }, t("TỔNG DUYỆT")) : "",
    device ? el("span", { class: "badge tone-quiet" }, [t("máy {n}", { n: device.number }), device.station].filter(Boolean).join(" · ")) : "",
    el("span", { class: `badge tone-${online ? "good" : "warn"}` }, online ? t("có mạng") : t("mất mạng, vẫn ghi được")),
    el("span", { class: `badge tone-${held.saved ? "warn" : "quiet"}` }, held.saved ? t("{n} tin chờ gửi", { n: held.saved }) : t("không còn tin chờ gửi")),
    online ? "" : el("span", { class: "hint" }, t("Vẫn mời, bắt đầu, ghi vắng và cho lượt sau lên trước được. Đổi giờ cả lịch phải chờ có mạng, ở trang của Ban Tổ chức.")),
  ]);
  if (revoked) put(notices, [alert("bad", t("Máy này đã bị thu hồi."), el("p", {}, t("Các bước đã bấm vẫn được gửi đi và giữ riêng. Xin gặp thư ký để nhận máy khác.")))]);
  else put(notices, (await entries({ kind: "stage.step" })).filter((each) => each.refused).map((each) => refusal(each, acts)));
}

function refusal(message, acts) {
  const who = acts.find((act) => act.code === message.subject)?.name ?? message.subject;
  const step = STATE_WORDS[message.body.to]?.() ?? "";
  return alert("bad", t("Bước «{step}» của {who} không được ghi", { step, who }), el("p", {}, why(message)),
    button(t("Đã hiểu"), () => acknowledge(message), "second", { "data-hand": message.mid, "aria-label": `${t("Đã hiểu")}, ${who}` }));
}

function why({ verdict, reason, detail }) {
  if (verdict !== "conflict") return (REASONS[reason] ?? (() => t("Máy chủ không nhận bước này. Xin báo thư ký.")))();
  if (detail?.occupied) return t("Lúc đó trên sân khấu còn gia đình khác. Xem lại rồi bấm lại nếu đúng.");
  return t("Máy khác đã ghi «{state}» trước. Xem lại rồi bấm lại nếu đúng.", { state: STATE_WORDS[detail?.state]?.() ?? "" });
}

/** The same words are not said again at every round of news, and a button under the hand stays there. */
function put(place, parts) {
  const fresh = el("div", { class: place === levels ? "row" : "flow" }, parts);
  if (fresh.innerHTML === place.firstElementChild?.innerHTML) return;
  const held = place.contains(document.activeElement);
  keepHand(place, () => place.replaceChildren(fresh), "button");
  if (held && !place.contains(document.activeElement)) focusFirst(document.querySelector("#screen h1"), document.querySelector("#main"));
}

export function notSaved(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Chưa lưu được trên máy."), el("p", {}, t("Bấm lần nữa; nếu vẫn vậy, ghi giờ ra giấy và báo thư ký."))));
}
