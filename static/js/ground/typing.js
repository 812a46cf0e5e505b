// A count or a time is typed: a number pad for wet fingers, the keyboard for who has one.
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { head } from "./head.js";
import { note } from "./saving.js";
import { fault, inWords, parseValue } from "./values.js";

export function typingView(contest, entry, round, now, { done, back }) {
  const timed = contest.kind === "time";
  const box = el("input", { class: "input ground-typed", id: "ground-typed", autocomplete: "off", inputmode: "none", "data-hand": "typed",
    "aria-describedby": "ground-fault ground-words", onkeydown: (event) => { if (event.key === "Enter") take(); }, oninput: shown });
  const wrong = el("p", { class: "judge-typed-fault", id: "ground-fault", role: "alert" });
  const words = el("p", { class: "judge-sent-words", id: "ground-words", "aria-live": "polite" });
  const press = (key) => { box.value = key === "⌫" ? box.value.slice(0, -1) : (box.value + key).slice(0, 9); shown(); };
  const step = (by) => { box.value = String(Math.max(0, (parseValue("count", box.value).value ?? 0) + by)); shown(); };

  function shown() {
    const answer = parseValue(contest.kind, box.value);
    wrong.textContent = "";
    words.textContent = answer.kind === "value" ? inWords(contest, "valid", answer.value) : " ";
  }

  async function take() {
    const answer = parseValue(contest.kind, box.value);
    wrong.textContent = fault(contest, answer);
    if (wrong.textContent) { box.setAttribute("aria-invalid", "true"); box.focus(); return; }
    box.removeAttribute("aria-invalid");
    if (await note(contest, entry, round, "valid", answer.value)) done();
  }

  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", timed ? ":" : "", "0", "⌫"];
  shown();
  return el("section", { class: "flow" },
    head(contest, entry, round, back),
    now.state === null ? null : el("p", { class: "quiet" }, t("Đang ghi là {what}.", { what: inWords(contest, now.state, now.value) || t("một trạng thái") })),
    el("label", { for: "ground-typed", class: "ground-label" }, timed ? t("Thời gian (phút:giây,phần trăm)") : contest.unit ? t("Số {unit}", { unit: contest.unit }) : t("Kết quả")),
    el("div", { class: "ground-typing" }, timed ? null : stepKey("−", t("Bớt một"), () => step(-1)), box, timed ? null : stepKey("+", t("Thêm một"), () => step(1))),
    wrong, words,
    el("div", { class: "judge-pad" }, keys.map((key) => key ? el("button", { type: "button", class: "judge-key", onclick: () => press(key), "aria-label": SPOKEN[key]?.() ?? key }, key) : el("span", {}))),
    timed ? el("button", { type: "button", class: "judge-key", onclick: () => press(","), "aria-label": t("dấu phẩy") }, ",") : null,
    button(t("Ghi kết quả"), take, "", { class: "button button-big button-wide", "data-hand": "take" }));
}

const stepKey = (sign, words, onclick) => el("button", { type: "button", class: "judge-key judge-key-step", "aria-label": words, onclick }, sign);

const SPOKEN = { "⌫": () => t("Xóa một số"), ":": () => t("dấu hai chấm") };
