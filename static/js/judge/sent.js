// The sheet was sent: its total, also in words, and how far it has come.
import { t } from "../words.js";
import { button, el } from "./dom.js";
import { LEVEL_WORDS, LEVELS } from "./levels-words.js";
import { titled } from "./list.js";
import { written } from "./marks.js";
import { pointsInWords } from "./number-words.js";

/** shown: {entry, total, practice}; level: how far the message is; next: the entry to mark now, or null; closed: why it cannot
    be corrected here, in words, or "". */
export function sentView({ entry, total, practice }, level, next, closed, on) {
  return el("section", { class: "judge-sent", "data-hand": "sent", tabindex: -1, role: "group", "aria-labelledby": "sent-who sent-total sent-words" },
    el("h1", { id: "sent-who", class: "judge-sent-who" }, titled(entry)),
    total === null || total === undefined
      ? el("p", { id: "sent-total", class: "judge-sent-total" }, t("Không chấm"))
      : el("div", {}, el("p", { id: "sent-total", class: "judge-sent-total" }, written(total)), el("p", { id: "sent-words", class: "judge-sent-words" }, `${pointsInWords(total)} ${t("điểm")}`)),
    practice ? el("p", { class: "badge tone-note" }, t("Chấm thử: phiếu này không được gửi đi và không tính ở đâu cả."))
      : el("ol", { class: "judge-three" }, LEVELS.map((each, index) => {
        const reached = LEVELS.indexOf(level) >= index;
        return el("li", { class: reached ? "done" : "" }, `${reached ? "✓" : "○"} ${LEVEL_WORDS[each]()}`);
      })),
    closed ? el("p", { class: "quiet" }, closed) : null,
    el("div", { class: "row" },
      next ? button(t("Tiết mục tiếp theo: {who}", { who: titled(next) }), () => on.next(next), "", { class: "button button-big", "data-hand": "next" }) : null,
      closed ? null : button(t("Sửa lại phiếu này"), on.correct, "second", { "data-hand": "correct" }),
      button(t("Về danh sách"), on.back, "plain", { "data-hand": "list" })));
}
