// The tablet is locked: whose it is stands large on it, no family is on the screen, and the own PIN opens it.
import { t } from "../words.js";
import { tell } from "../hand.js";
import { el } from "./dom.js";

const LONG = 6;
const WHY = {
  opened: () => t("Gõ mã PIN của ông/bà để chấm trên máy này."),
  shut: () => t("Máy đã khóa. Gõ mã PIN của ông/bà để mở."),
  slept: () => t("Máy để lâu không dùng. Gõ mã PIN của ông/bà để mở."),
  session: () => t("Buổi thi mới. Gõ mã PIN của ông/bà để bắt đầu."),
};

/** try(pin) → {right, wait_s, misses}; opened() when it was right. */
export function lockView(why, judge, on) {
  let typed = "";
  let busy = false;
  const dots = el("output", { class: "judge-typed", "aria-live": "off" }, " ");
  const said = el("p", { class: "judge-typed-fault", role: "alert" });
  const shown = () => { dots.textContent = "●".repeat(typed.length) || " "; };
  const press = async (key) => {
    if (busy) return;
    typed = key === "⌫" ? typed.slice(0, -1) : typed + key;
    shown();
    if (typed.length < LONG) { tell(t("{n} số", { n: typed.length })); return; }
    busy = true;
    const answer = await on.try(typed);
    busy = false;
    typed = "";
    shown();
    if (answer.right) { on.opened(); return; }
    said.textContent = wrong(answer, judge);
  };
  const keys = (event) => {
    if (!dots.isConnected) { removeEventListener("keydown", keys); return; }
    if (/^\d$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("⌫");
  };
  addEventListener("keydown", keys);
  return el("section", { class: "judge-locked flow" },
    el("h1", { tabindex: -1, "data-hand": "locked" }, judge ? t("Máy của giám khảo {name}", { name: judge }) : t("Máy chấm đã khóa")),
    el("p", {}, WHY[why]()),
    el("p", { class: "quiet" }, t("Nếu không phải máy của ông/bà, xin đưa lại cho thư ký. Phiếu đã lưu vẫn được gửi đi khi máy khóa.")),
    dots, said,
    el("div", { class: "judge-pad", role: "group", "aria-label": t("Bàn phím số") },
      ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"].map((key) => (key === "" ? el("span", {}) : el("button", {
        type: "button", class: "judge-key", "data-hand": `pin:${key}`, onclick: () => press(key), "aria-label": key === "⌫" ? t("Xóa một số") : key }, key)))));
}

function wrong({ wait_s, misses }, judge) {
  if (wait_s) return t("Gõ sai nhiều lần. Chờ {n} giây rồi gõ lại. Quên mã PIN: thư ký đặt lại được, phiếu đã chấm còn nguyên.", { n: wait_s });
  return judge ? t("Không đúng mã PIN của {name}. Đã sai {n} lần.", { name: judge, n: misses }) : t("Không đúng mã PIN. Đã sai {n} lần.", { n: misses });
}
