// The head of the team sees the result: the name large, the number in digits and in words, one tap for yes, another for no.
import { alert, ask, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { answersLine } from "./answers.js";
import { titled } from "./ground.js";
import { confirm } from "./saving.js";
import { inWords, writtenValue } from "./values.js";

const dialog = document.querySelector("#ask");

export function confirmView(contest, entry, round, now, { done, back }) {
  const answer = async (agrees) => {
    const note = agrees ? "" : await why(entry);
    if (note !== null && await confirm(contest, entry, round, now, agrees, note)) done();
  };
  return el("section", { class: "judge-sent ground-confirm" },
    el("p", { class: "quiet" }, [contest.name, contest.attempts > 1 ? t("lượt {n}", { n: round }) : ""].filter(Boolean).join(" · ")),
    el("h1", { tabindex: -1, class: "ground-confirm-who" }, titled(entry)),
    el("p", { class: "judge-sent-total" }, writtenValue(contest, now.state, now.value)),
    el("p", { class: "judge-sent-words" }, inWords(contest, now.state, now.value)),
    answersLine(contest, now.answers),
    el("p", {}, t("Mời đội trưởng xem. Kết quả này đúng không?")),
    button(t("✓ Đúng, đội đồng ý"), () => answer(true), "", { class: "button button-big button-wide", "data-hand": "agree" }),
    button(t("✕ Đội không đồng ý"), () => answer(false), "second", { "data-hand": "dispute" }),
    button(t("‹ Quay lại"), back, "plain", { "data-hand": "back" }));
}

async function why(entry) {
  const box = el("input", { class: "input", id: "dispute-why", maxlength: 300, autocomplete: "off" });
  const given = await ask(dialog, titled(entry), [el("div", { class: "field" }, el("label", { for: "dispute-why" }, t("Đội không đồng ý điều gì?")), box)],
    [[t("Ghi ý kiến"), true], [t("Quay lại"), null, "second"]]);
  return given ? box.value.trim() || t("đội không đồng ý, không nêu lý do") : null;
}

/** How the head has answered, as a line on the screen of the try. */
export function seenLine(seen) {
  if (!seen) return el("p", { class: "badge tone-warn" }, t("○ đội chưa xác nhận"));
  if (!seen.agrees) return alert("warn", t("Đội không đồng ý."), el("p", {}, seen.note));
  return el("p", { class: "badge tone-good" }, seen.how === "paper" ? t("✓ đội đã ký trên giấy") : t("✓ đội đã xác nhận"));
}
