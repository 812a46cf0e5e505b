// How does a result of a match leave the hand? It is noted when it is stored on the device for good.
import { append } from "../device/outbox.js";
import { ask, el } from "../judge/dom.js";
import { t } from "../words.js";
import { notSaved } from "./levels.js";
import { bracketNow, subjectOf } from "./match-now.js";
import { playedAfter } from "./match-tree.js";
import { matchInside, matchName, outcome } from "./match-words.js";

const dialog = document.querySelector("#ask");
const BACK = () => [t("Quay lại"), false, "second"];

/** Resolves to true when it is stored. What nobody played is read back first. */
export async function noteMatch(contest, match, result) {
  const { tree } = await bracketNow(contest);
  if (result.how !== "played") {
    const line = outcome(contest.bracket, { ...match, result });
    const asked = contest.public ? t("Mọi người sẽ thấy ngay: {line}.", { line: line.replace(/\.$/, "") }) : line;
    if (!(await ask(dialog, matchName(tree, match), [el("p", {}, asked)], [[t("Đúng, ghi như vậy"), true], BACK()]))) return false;
  }
  return say(result.how === "played" ? "match.result" : "match.walkover", contest, match, result);
}

/** Taken back with all that follows from it, the last one first, after these were read. */
export async function dropMatch(contest, match) {
  const { tree } = await bracketNow(contest);
  const after = playedAfter(tree, match);
  const body = after.length ? [el("p", {}, t("Trận sau đã ghi kết quả. Bỏ trận này thì bỏ luôn:")), el("ul", {}, after.map((each) => el("li", {}, matchName(tree, each))))]
    : [el("p", {}, outcome(contest.bracket, match))];
  const yes = after.length ? t("Bỏ cả nhánh này") : t("Bỏ kết quả");
  if (!(await ask(dialog, t("Bỏ kết quả {what}?", { what: matchInside(tree, match) }), body, [[yes, true], BACK()]))) return false;
  for (const each of [...after, match]) if (!(await say("match.drop", contest, each, {}))) return false;
  return true;
}

async function say(kind, contest, match, result) {
  try {
    const { stands } = await bracketNow(contest);
    const { version = 0, after = null } = stands.get(match.key) ?? {};
    const body = { drawing: contest.bracket.drawing, a: match.a, b: match.b, after, ...result };
    await append({ kind, subject: subjectOf(contest, match), body, baseVersion: version });
    return true;
  } catch (wrong) {
    notSaved(wrong);
    return false;
  }
}
