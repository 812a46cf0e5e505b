// Answers question by question: a text with a letter for each, "r" right, "w" wrong, "p" passed; "-" while nobody has tapped.
// The same rules as festival/contests/questions/answers.py; both read tests/vectors/questions.json.
import { el } from "../judge/dom.js";
import { t } from "../words.js";

export const SIGNS = { r: "✓", w: "✕", p: "–", "-": "·" };
const LETTERS = { r: "Đ", w: "S", p: "B", "-": "·" };
export const SAID = { r: () => t("đúng"), w: () => t("sai"), p: () => t("bỏ qua"), "-": () => t("chưa bấm") };

export const noAnswers = (questions) => "-".repeat(questions.length);
export const withAnswer = (answers, at, said) => answers.slice(0, at) + said + answers.slice(at + 1);
export const isWhole = (answers) => !answers.includes("-");

/** The points so far, never below nothing. */
export function pointsOf(answers, questions) {
  const worth = (each, said) => (said === "r" ? each.points : said === "w" ? -(each.minus ?? 0) : 0);
  return Math.max(0, questions.reduce((sum, each, at) => sum + worth(each, answers[at]), 0));
}

/** As the secretary types them: "ĐĐSB Đ". */
export const writtenAnswers = (answers) => (answers ?? "").replace(/./g, (each) => LETTERS[each] ?? "").replace(/(.{5})(?=.)/g, "$1 ");

const count = (answers, said) => answers.split(said).length - 1;

/** How many were right, and the list itself, on the screen of a try and of the head of the team. */
export function answersLine(contest, answers) {
  if (!contest.questions || !answers) return null;
  return el("div", { class: "ground-answered" },
    el("p", {}, t("Đúng {right}, sai {wrong}, bỏ qua {passed} trên {all} câu.", { right: count(answers, "r"), wrong: count(answers, "w"), passed: count(answers, "p"), all: answers.length })),
    el("ol", { class: "ground-strip", "aria-label": t("Từng câu") }, contest.questions.map((each, at) =>
      el("li", { class: `ground-said ground-said-${answers[at]}` }, el("span", {}, each.code), el("b", { "aria-hidden": "true" }, SIGNS[answers[at]]), el("span", { class: "only-read" }, SAID[answers[at]]())))));
}
