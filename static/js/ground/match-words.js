// How are matches, rounds and faults called? The words of festival/judging/matches/.
import { t } from "../words.js";
import { setsWon } from "./match-rules.js";

export const HOW_WORDS = {
  played: () => t("Đấu xong"), walkover: () => t("Bên kia không đến"), retired: () => t("Bên kia bỏ giữa trận"),
  disqualified: () => t("Bên kia bị loại"), nobody: () => t("Không bên nào đến"),
};

export const FAULTS = {
  equal: (at) => t("Hiệp {n} đang hòa {a}:{b}: hiệp đã xong phải có bên thắng.", at),
  too_few: (at, rule) => t("Hiệp {n} ({a}:{b}) chưa xong: thắng hiệp cần {points} điểm.", { ...at, points: rule.points }),
  no_lead: (at, rule) => t("Hiệp {n} ({a}:{b}) chưa xong: phải hơn {lead} điểm.", { ...at, lead: rule.lead }),
  too_many: (at) => t("Hiệp {n} ({a}:{b}) quá điểm: hiệp đã xong trước đó.", at),
  over_cap: (at, rule) => t("Hiệp {n} ({a}:{b}) quá mức cao nhất {cap} điểm.", { ...at, cap: rule.cap }),
  sets_go_on: (at) => t("Trận chưa xong: thắng trận cần {needed} hiệp, mới có {a}:{b}.", at),
  sets_too_many: (at) => t("Trận đã xong sau hiệp {n}, nhưng còn ghi thêm hiệp.", at),
  no_sets_here: () => t("Phần thi này không ghi điểm từng hiệp: chỉ chọn bên thắng."),
  no_sets_played: () => t("Không có trận đấu thì không ghi điểm hiệp."),
  ended_by_sets: () => t("Theo điểm các hiệp thì trận đã xong: chọn «Đấu xong»."),
  other_winner: () => t("Bên thắng đã chọn khác với bên thắng theo điểm các hiệp."),
  no_winner: () => t("Chưa chọn bên thắng."),
  half: (at) => t("Hiệp {n} mới ghi điểm một bên.", at),
  points: (at) => t("Điểm hiệp {n} phải là số từ 0 đến 999.", at),
  gone: (at) => t("{name} đã rút hoặc không được dự thi nữa: ghi bên kia thắng, hoặc không bên nào.", at),
  final: () => t("Chung kết phải có bên thắng."),
};

const LAST = [() => t("Chung kết"), () => t("Bán kết"), () => t("Tứ kết")];

export function roundName(tree, round) {
  const left = tree.rounds.length - round;
  return left < LAST.length ? LAST[left]() : t("Vòng 1/{n}", { n: 2 ** left });
}

export function matchName(tree, { round, number }) {
  if (round === tree.rounds.length) return number === 2 ? t("Tranh hạng ba") : t("Chung kết");
  return t("{round}, trận {n}", { round: roundName(tree, round), n: number });
}

const LAST_INSIDE = [() => t("chung kết"), () => t("bán kết"), () => t("tứ kết")];

/** A match in the middle of a sentence: «tứ kết, trận 3». */
export function matchInside(tree, { round, number }) {
  if (round === tree.rounds.length) return number === 2 ? t("trận tranh hạng ba") : LAST_INSIDE[0]();
  const left = tree.rounds.length - round;
  return t("{round}, trận {n}", { round: left < LAST_INSIDE.length ? LAST_INSIDE[left]() : t("vòng 1/{n}", { n: 2 ** left }), n: number });
}

/** One sentence: who won over whom, and how. */
export function outcome(bracket, match) {
  const { how, winner, sets } = match.result;
  const [won, lost] = winner === match.b ? [match.b, match.a] : [match.a, match.b];
  const names = { winner: bracket.teams[won].name, loser: bracket.teams[lost].name };
  if (how === "walkover") return t("{winner} thắng: {loser} không đến.", names);
  if (how === "retired") return t("{winner} thắng: {loser} bỏ giữa trận.", names);
  if (how === "disqualified") return t("{winner} thắng: {loser} bị loại khỏi phần thi.", names);
  if (how === "nobody") return t("{winner} và {loser} không đến; không ai vào tiếp.", names);
  if (!sets.length) return t("{winner} thắng {loser}.", names);
  const ordered = won === match.a ? sets : sets.map(([a, b]) => [b, a]);
  const [ahead, behind] = setsWon(ordered, bracket.rule);
  return t("{winner} thắng {loser} {won}:{lost} ({sets}).", { ...names, won: ahead, lost: behind, sets: ordered.map((each) => each.join(":")).join(", ") });
}

/** Who stands there, or whose winner is awaited. */
export function sideName(bracket, tree, match, at) {
  const side = [match.a, match.b][at];
  if (side) return bracket.teams[side].name;
  if (side === "") return t("không có ai");
  const third = match.round === tree.rounds.length && match.number === 2;
  const before = { round: match.round - 1, number: third ? 1 + at : 2 * match.number - 1 + at };
  const words = { match: matchInside(tree, before) };
  return third ? t("Bên thua {match}", words) : t("Bên thắng {match}", words);
}
