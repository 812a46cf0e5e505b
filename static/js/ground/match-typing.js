// A match is typed: its sets, or just who won; then how it ended.
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { HOWS, resultFault, winnerBySets } from "./match-rules.js";
import { noteMatch } from "./match-saving.js";
import { FAULTS, HOW_WORDS, matchName } from "./match-words.js";

export function matchTyping(contest, tree, match, { done, back }) {
  const { bracket } = contest;
  const { rule, teams } = bracket;
  const sides = [match.a, match.b];
  const stood = match.result ?? { how: "played", winner: null, sets: [] };
  const boxes = Array.from({ length: rule.best_of }, (_, at) => sides.map((side, which) => el("input", {
    class: "input", inputmode: "numeric", maxlength: 3, autocomplete: "off", value: stood.sets[at]?.[which] ?? "", "data-hand": `set:${at}:${which}`,
    "aria-label": t("Hiệp {n}, điểm của {name}", { n: at + 1, name: teams[side].name }) })));
  const wrong = el("p", { class: "judge-typed-fault", role: "alert" });
  const picked = (name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? null;

  function typed() {
    const how = picked("how");
    const sets = [];
    if (["played", "retired"].includes(how)) {
      for (const [at, pair] of boxes.entries()) {
        const texts = pair.map((box) => box.value.trim());
        if (texts.every((text) => !text)) continue;
        if (texts.some((text) => !text) || sets.length < at) return { fault: { code: "half", n: texts.some((text) => !text) ? at + 1 : at } };
        if (!texts.every((text) => /^[0-9]{1,3}$/.test(text))) return { fault: { code: "points", n: at + 1 } };
        sets.push(texts.map(Number));
      }
    }
    const side = picked("winner") ?? (how === "played" ? winnerBySets(sets, rule) : null);
    const winner = how === "nobody" ? "" : side === "a" ? match.a : side === "b" ? match.b : "";
    return { result: { how, winner, sets } };
  }

  async function take(event) {
    event.preventDefault();
    const { result, fault } = typed();
    const found = fault ?? resultFault(match.a, match.b, result, rule) ?? beyond(result);
    wrong.textContent = found ? FAULTS[found.code](found, rule) : "";
    if (found) { (boxes[0]?.[0] ?? form.querySelector("input")).focus(); return; }
    if (await noteMatch(contest, match, result)) done();
  }

  /** What the device knows beside the sets: who is gone, and that a final has a winner. */
  function beyond({ winner }) {
    const shutOut = match.result?.how === "disqualified" ? match.loser : null;
    if (winner && teams[winner].gone && winner !== shutOut) return { code: "gone", name: teams[winner].name };
    const final = match.round === tree.rounds.length && match.number === 1;
    return final && !winner && !sides.every((side) => teams[side].gone) ? { code: "final" } : null;
  }

  const choices = (name, options, chosen) => el("div", { class: "choices" }, options.map(([value, words]) => el("label", { class: "choice" },
    el("input", { type: "radio", name, value, checked: value === chosen, "data-hand": `${name}:${value}` }), el("span", {}, words))));
  const winner = match.result ? (stood.winner === match.a ? "a" : stood.winner === match.b ? "b" : null) : null;
  const form = el("form", { class: "flow", onsubmit: take },
    boxes.length ? el("fieldset", { class: "match-boxes" }, el("legend", {}, t("Điểm từng hiệp")),
      el("div", { class: "match-legend", "aria-hidden": "true" }, el("span", {}), sides.map((side) => el("span", {}, teams[side].name))),
      boxes.map((pair, at) => el("div", { class: "match-set" }, el("b", {}, t("Hiệp {n}", { n: at + 1 })), pair))) : null,
    el("fieldset", {}, el("legend", {}, boxes.length ? t("Bên thắng (để trống thì theo điểm các hiệp)") : t("Bên thắng")),
      choices("winner", sides.map((side, at) => ["ab"[at], [...new Set([teams[side].name, teams[side].delegation])].join(", ")]), boxes.length && stood.how === "played" ? null : winner)),
    el("fieldset", {}, el("legend", {}, t("Trận kết thúc thế nào")), choices("how", HOWS.map((how) => [how, HOW_WORDS[how]()]), stood.how)),
    wrong,
    el("button", { type: "submit", class: "button button-big button-wide", "data-hand": "take" }, t("Ghi kết quả")));
  return el("section", { class: "flow" },
    el("header", { class: "ground-head" }, button(t("‹ Quay lại"), back, "plain", { "data-hand": "back" }),
      el("h1", { tabindex: -1, "data-hand": "who" }, matchName(tree, match)),
      el("p", {}, sides.map((side) => teams[side].name).join(" – "))),
    form);
}
