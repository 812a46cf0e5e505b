// One try of one entry: what stands, how far it has come, what can be done with it.
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { answersLine } from "./answers.js";
import { seenLine } from "./confirming.js";
import { begun as tapped, watchOf } from "./draft.js";
import { head } from "./head.js";
import { threeLevels } from "./levels.js";
import { drop, keep, note } from "./saving.js";
import { inWords, STATE_WORDS, writtenValue } from "./values.js";

const AWAITS = {
  other: () => t("Đã ghi. Chờ người đếm thứ hai ghi trên máy của mình."),
  differs: () => t("Hai người đếm khác nhau. Cần một người đếm lần thứ ba, hoặc trọng tài chính quyết định."),
  head_judge: () => t("Ba số đều khác nhau. Trọng tài chính quyết định, thư ký ghi."),
};

/** on: {open(view), tab(round), back(), next: entry | null, toNext()} */
export function tryView(contest, entry, round, now, on) {
  return el("section", { class: "flow" },
    head(contest, entry, round, on.back),
    contest.attempts > 1 ? el("nav", { class: "tabs", "aria-label": t("Lượt thử") }, Array.from({ length: contest.attempts }, (_, at) =>
      el("a", { href: `#${at + 1}`, "data-hand": `try:${at + 1}`, "aria-current": at + 1 === round ? "page" : false,
        onclick: (event) => { event.preventDefault(); on.tab(at + 1); } }, t("Lượt {n}", { n: at + 1 })))) : null,
    now.offers.length ? choice(contest, entry, round, now) : result(contest, now),
    contest.locked || now.offers.length ? null : deeds(contest, entry, round, now, on),
    on.next ? button(t("Tiếp theo: {who}", { who: on.next.name }), on.toNext, now.state === null ? "plain" : "second", { "data-hand": "next" }) : null);
}

function result(contest, now) {
  const words = inWords(contest, now.state, now.value);
  return el("div", { class: "judge-sent ground-result" },
    el("p", { class: "judge-sent-total" }, writtenValue(contest, now.state, now.value)),
    words ? el("p", { class: "judge-sent-words" }, words) : null,
    answersLine(contest, now.answers),
    now.own !== null ? el("p", {}, t("Số của máy này: {what}", { what: writtenValue(contest, "valid", now.own) })) : null,
    answersLine(contest, now.ownAnswers),
    now.awaits ? alert(now.awaits === "other" ? "note" : "warn", AWAITS[now.awaits]()) : null,
    now.level ? threeLevels(now.level) : null,
    now.state === null ? null : seenLine(now.seen));
}

function deeds(contest, entry, round, now, on) {
  const timed = contest.kind === "time";
  const begun = now.state !== null || now.own !== null;
  const running = timed && watchOf(entry, round);
  return el("div", { class: "ground-deeds" },
    now.state !== null ? button(t("Đội trưởng xem và xác nhận"), () => on.open("confirm"), "", { class: "button button-big button-wide", "data-hand": "confirm" }) : null,
    timed && !begun ? button(running ? t("Đồng hồ đang mở: xem tiếp") : t("Bấm giờ"), () => on.open("watch"), "", { class: "button button-big button-wide", "data-hand": "watch" }) : null,
    button(contest.questions && tapped(entry, round) ? t("Đang ghi dở: ghi tiếp") : begun ? t("Sửa kết quả") : timed ? t("Gõ thời gian") : t("Ghi kết quả"), () => on.open("typing"), begun || timed ? "second" : "", { "data-hand": "type" }),
    timed && begun ? button(t("Bấm giờ lại"), () => on.open("watch"), "second", { "data-hand": "watch" }) : null,
    el("details", { class: "fold" }, el("summary", { "data-hand": "states" }, t("Không thi, bỏ dở, bị loại, bỏ kết quả")),
      el("div", { class: "row" },
        Object.entries(STATE_WORDS).filter(([state]) => state !== now.state).map(([state, words]) =>
          button(words(), () => note(contest, entry, round, state), "second", { "data-hand": state })),
        now.state === null ? null : button(t("Bỏ kết quả này"), () => drop(contest, entry, round, now), "plain", { "data-hand": "drop" }))));
}

/** Two results of one try stand side by side; somebody keeps one, here or at the secretary's. */
function choice(contest, entry, round, now) {
  const card = (title, mid, state, value, answers) => el("div", { class: "card" }, el("h2", {}, title),
    el("p", { class: "judge-sent-total" }, state === null ? t("không có kết quả") : writtenValue(contest, state, value)),
    answersLine(contest, answers),
    contest.locked ? null : button(t("Giữ số này"), () => keep(contest, entry, round, mid), "", { "data-hand": `keep:${mid}`, "aria-label": `${t("Giữ số này")}: ${title}` }));
  return el("div", { class: "flow" },
    alert("warn", t("Lượt này có hai kết quả khác nhau."), el("p", {}, t("Cả hai còn nguyên. Chọn ở đây, hoặc để thư ký chọn."))),
    el("div", { class: "judge-choice" },
      card(t("Đang ở máy chủ"), "current", now.state, now.value, now.answers),
      now.offers.map((each) => card(each.device === null ? t("Máy này ghi") : t("Máy {n} ghi", { n: each.device }), each.mid, each.state, each.value, each.answers))));
}
