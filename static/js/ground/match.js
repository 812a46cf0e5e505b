// Knock-outs on the ground: the bracket by rounds, one match, its result; the next round fills itself, with or without network.
import { acknowledge } from "../device/outbox.js";
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { registerKind } from "./kinds.js";
import { threeLevels } from "./levels.js";
import { bracketNow } from "./match-now.js";
import { dropMatch } from "./match-saving.js";
import { matchesOf, placesOf } from "./match-tree.js";
import { matchTyping } from "./match-typing.js";
import { matchName, outcome, roundName, sideName } from "./match-words.js";

async function draw(contest, place, go) {
  if (!contest.bracket) return undrawn(contest, go);
  const { tree, stands } = await bracketNow(contest);
  const match = matchesOf(tree).find((each) => each.key === place.match);
  const toList = (hand) => go({ view: "contest", contest: contest.code, hand });
  if (!match || match.bye) return list(contest, tree, stands, go);
  const toMatch = () => go({ view: "match", contest: contest.code, match: match.key });
  if (place.view === "typing" && !contest.locked && match.a && match.b) return matchTyping(contest, tree, match, { done: toMatch, back: toMatch });
  const next = matchesOf(tree).find((each) => each.ready && each.key !== match.key) ?? null;
  return oneMatch(contest, tree, match, stands.get(match.key), {
    type: () => go({ view: "typing", contest: contest.code, match: match.key }),
    back: () => toList(`match:${match.key}`), again: toMatch,
    next, toNext: () => go({ view: "typing", contest: contest.code, match: next.key }),
  });
}

const top = (contest, go) => el("header", { class: "ground-head" },
  button(t("‹ Các phần thi"), () => go({ view: "contests", hand: `contest:${contest.code}` }), "plain", { "data-hand": "contests" }),
  el("h1", { tabindex: -1, "data-hand": "title" }, contest.name));

const undrawn = (contest, go) => el("section", { class: "flow" }, top(contest, go),
  el("p", {}, t("Chưa bốc thăm bảng đấu. Thư ký bốc thăm, rồi bảng hiện ở đây.")));

function list(contest, tree, stands, go) {
  const { bracket } = contest;
  const open = (match) => go({ view: match.ready ? "typing" : "match", contest: contest.code, match: match.key });
  const all = matchesOf(tree).filter((each) => !each.bye);
  const next = all.find((each) => each.ready);
  const line = (match) => el("li", {}, match.bye ? el("p", { class: "quiet" }, match.winner ? t("{name} vào thẳng vòng sau.", { name: bracket.teams[match.winner].name }) : t("Không có trận này."))
    : el("button", { type: "button", class: `judge-row match-row${match.ready ? " judge-row-now" : ""}`, "data-match": match.key, "data-hand": `match:${match.key}`, onclick: () => open(match) },
      el("span", { class: "judge-number" }, match.number),
      el("span", { class: "judge-who" }, [0, 1].map((at) => el(match.result && match.result.winner === [match.a, match.b][at] ? "b" : "span", {}, sideName(bracket, tree, match, at)))),
      el("span", { class: "judge-said" }, badge(match, stands.get(match.key)), el("b", { class: "number" }, (match.result?.sets ?? []).map((each) => each.join(":")).join(" ")))));
  return el("section", { class: "flow" }, top(contest, go),
    contest.locked ? alert("note", t("Phần thi đã khóa điểm."), el("p", {}, t("Chỉ xem lại, không ghi thêm được."))) : null,
    el("p", { class: "judge-count" }, t("Đã ghi {done} trên {all} trận.", { done: all.filter((each) => each.result).length, all: all.length })),
    next && !contest.locked ? button(t("Ghi tiếp: {who}", { who: matchName(tree, next) }), () => open(next), "", { class: "button button-big button-wide", "data-hand": "next" }) : null,
    standings(contest, tree),
    tree.rounds.map((matches, at) => el("section", {}, el("h2", {}, roundName(tree, at + 1)), el("ol", { class: "judge-order" }, matches.map(line)))),
    tree.third ? el("section", {}, el("h2", {}, t("Tranh hạng ba")), el("ol", { class: "judge-order" }, line(tree.third))) : null);
}

function standings(contest, tree) {
  const groups = placesOf(tree);
  if (!groups) return null;
  let before = 0;
  const lines = groups.map((group) => {
    const place = before + 1;
    before += group.length;
    return el("li", {}, t("Hạng {place}: {names}", { place, names: group.map((each) => contest.bracket.teams[each].name).join(", ") }));
  });
  return alert("good", t("Mọi trận đã xong."), el("ul", { class: "match-places" }, lines));
}

function badge(match, stands) {
  const [tone, words] = stands?.conflict ? ["bad", t("! máy chủ ghi khác")] : match.ready ? ["note", t("○ chờ ghi")]
    : match.result ? ["good", t("✓ đã ghi")] : ["quiet", t("… chờ trận trước")];
  return el("span", { class: `badge tone-${tone}` }, words);
}

/** on: {type(), back(), again(), next: match | null, toNext()} */
function oneMatch(contest, tree, match, stands, on) {
  const { bracket } = contest;
  const { conflict } = stands ?? {};
  return el("section", { class: "flow" },
    el("header", { class: "ground-head" }, button(t("‹ Quay lại"), on.back, "plain", { "data-hand": "back" }), el("h1", { tabindex: -1, "data-hand": "who" }, matchName(tree, match)),
      el("p", {}, [0, 1].map((at) => sideName(bracket, tree, match, at)).join(" – "))),
    conflict ? alert("warn", t("Máy chủ đã có kết quả khác, kết quả đó đang tính."), el("p", {}, t("Máy này đã ghi: {what}", { what: saidIn(bracket, conflict) })),
      el("p", {}, t("Kết quả của máy này còn trong sổ ghi. Nếu nó mới đúng, ghi lại.")), button(t("Đã hiểu"), async () => { await acknowledge(conflict); on.again(); }, "second", { "data-hand": "seen" })) : null,
    el("div", { class: "judge-sent" }, el("p", { class: "judge-sent-words" }, match.result ? outcome(bracket, match) : t("Chưa có kết quả.")), stands?.level ? threeLevels(stands.level) : null),
    contest.locked || !match.a || !match.b ? null : el("div", { class: "ground-deeds" },
      button(match.result ? t("Sửa kết quả") : t("Ghi kết quả"), on.type, match.result ? "second" : "", { "data-hand": "type" }),
      match.result ? button(t("Bỏ kết quả này"), async () => { if (await dropMatch(contest, match)) on.again(); }, "plain", { "data-hand": "drop" }) : null),
    on.next && !contest.locked ? button(t("Tiếp theo: {who}", { who: matchName(tree, on.next) }), on.toNext, match.ready ? "plain" : "second", { "data-hand": "next" }) : null);
}

function saidIn(bracket, message) {
  const { a, b, how, winner, sets } = message.body;
  if (!how || !bracket.teams[a] || !bracket.teams[b]) return t("bỏ kết quả");
  return outcome(bracket, { a, b, result: { how, winner, sets } });
}

registerKind("match", {
  draw,
  busy: (place) => place.view === "typing",
  summary: async (contest) => {
    if (!contest.bracket) return t("chưa bốc thăm");
    const all = matchesOf((await bracketNow(contest)).tree).filter((each) => !each.bye);
    return t("{done}/{all} đã ghi", { done: all.filter((each) => each.result).length, all: all.length });
  },
  said: {
    kinds: ["match.result", "match.walkover", "match.drop"],
    about: (message, state) => {
      const [code, key] = message.subject.split("/");
      const contest = state.contests.find((each) => each.code === code);
      return contest?.bracket ? `${contest.name}, ${key}: ${saidIn(contest.bracket, message)}` : null;
    },
    reasons: {
      redrawn: () => t("Bảng đấu đã được bốc thăm lại. Xem bảng mới rồi ghi lại."),
      played_after: () => t("Trận sau đã có kết quả. Bỏ trận sau trước, hoặc bỏ cả nhánh."),
      not_possible: () => t("Kết quả này không thể có: một đội đã rút, hoặc điểm không hợp lệ. Xem lại rồi ghi."),
    },
  },
});
