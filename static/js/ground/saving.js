// How does a result leave the hand? It is noted when it is stored on the device for good.
import { append } from "../device/outbox.js";
import { ask, el } from "../judge/dom.js";
import { t } from "../words.js";
import { titled } from "./ground.js";
import { notSaved } from "./levels.js";
import { ownMessages } from "./own.js";
import { subjectOf, tryNow } from "./tries.js";
import { STATE_WORDS, writtenValue } from "./values.js";

const dialog = document.querySelector("#ask");

const baseOf = async (contest, entry, round) =>
  tryNow(contest, entry.code, round, (await ownMessages()).get(subjectOf(entry.code, round))).nextBase;

/** Resolves to true when it is stored, false when it could not be, or the person thought better of it. */
export async function note(contest, entry, round, state, value = null, answers = null) {
  if (state === "valid" && value === 0 && !(await sure(t("Kết quả là 0. Đúng không?"), entry, t("Đúng, ghi 0")))) return false;
  if (state !== "valid") {
    const line = `${[...new Set([entry.name, entry.delegation])].join(", ")}: ${STATE_WORDS[state]()}`;
    const asked = contest.public ? t("Mọi người sẽ thấy ngay: {line}.", { line }) : line;
    if (!(await sure(asked, entry, t("Đúng, ghi như vậy")))) return false;
  }
  return say("measure.note", contest, entry, round, state === "valid" ? { state, value, ...(answers === null ? {} : { answers, questions: contest.digest }) } : { state });
}

export async function drop(contest, entry, round, now) {
  const what = writtenValue(contest, now.state, now.value);
  if (!(await sure(t("Bỏ kết quả {what}?", { what }), entry, t("Bỏ kết quả")))) return false;
  return say("measure.drop", contest, entry, round, {});
}

export const keep = (contest, entry, round, mid) => say("measure.resolve", contest, entry, round, { keep: mid });

export const confirm = (contest, entry, round, now, agrees, note = "") =>
  say("measure.confirm", contest, entry, round, { state: now.state, value: now.value, ...(now.answers ? { answers: now.answers } : {}), agrees, note });

/** Asked over the screen, with the team on top. */
export const sure = (question, entry, yes) =>
  ask(dialog, titled(entry), [el("p", {}, question)], [[yes, true], [t("Quay lại"), false, "second"]]);

async function say(kind, contest, entry, round, body) {
  try {
    await append({ kind, subject: subjectOf(entry.code, round), body, baseVersion: await baseOf(contest, entry, round) });
    return true;
  } catch (wrong) {
    notSaved(wrong);
    return false;
  }
}
