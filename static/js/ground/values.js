// How is a count or a time typed, shown and read aloud? The same rules as festival/contests/measures.py; both read
// tests/vectors/measures.json.
import { wholeInWords } from "../judge/number-words.js";
import { t } from "../words.js";

const COUNT = /^[0-9]{1,4}$/;
const TIME = /^(?:(?<min>[0-9]{1,3})[:'])?(?<s>[0-9]{1,4})(?:[.,](?<part>[0-9]{1,3}))?"?$/;

/** {kind: "blank"} | {kind: "bad"} | {kind: "value", value}: a whole number, or milliseconds. */
export function parseValue(kind, typed) {
  const text = typed.trim();
  if (!text) return { kind: "blank" };
  if (kind !== "time") return COUNT.test(text) ? { kind: "value", value: Number(text) } : { kind: "bad" };
  const found = TIME.exec(text)?.groups;
  // with minutes given, seconds are two digits below 60: 1:3 may mean 1:03 or 1:30
  if (!found || (found.min !== undefined && (found.s.length !== 2 || Number(found.s) > 59))) return { kind: "bad" };
  const value = Number(found.min ?? 0) * 60_000 + Number(found.s) * 1000 + Number((found.part ?? "").padEnd(3, "0"));
  return value ? { kind: "value", value } : { kind: "bad" };
}

/** 83450 → "1:23,45". */
export function writtenTime(ms) {
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  const part = ms % 1000 ? `,${String(ms % 1000).padStart(3, "0")}`.replace(/0+$/, "") : "";
  return (minutes ? `${minutes}:${String(seconds).padStart(2, "0")}` : `${seconds}`) + part;
}

/** The face of a stopwatch: always two digits behind the comma, so that nothing jumps. */
export const faceOf = (ms) => `${writtenTime(ms - (ms % 1000))},${String(Math.floor((ms % 1000) / 10)).padStart(2, "0")}`;

/** A result as people write it; `state` other than valid in words. */
export function writtenValue(contest, state, value) {
  if (state === null || state === undefined) return "—";
  if (state !== "valid") return STATE_WORDS[state]?.() ?? state;
  return contest.kind === "time" ? writtenTime(value) : [value, contest.unit].filter((each) => each !== "").join(" ");
}

/** 83450 → "một phút hai mươi ba giây bốn mươi lăm phần trăm". */
export function inWords(contest, state, value) {
  if (state !== "valid") return "";
  if (contest.kind !== "time") return [wholeInWords(value), contest.unit].filter(Boolean).join(" ");
  const minutes = Math.floor(value / 60_000);
  const seconds = Math.floor((value % 60_000) / 1000);
  const hundredths = Math.floor((value % 1000) / 10);
  return [minutes ? `${wholeInWords(minutes)} phút` : "", `${wholeInWords(seconds)} giây`,
    hundredths ? `${wholeInWords(hundredths)} phần trăm` : ""].filter(Boolean).join(" ");
}

export const STATE_WORDS = { dns: () => t("không dự thi"), dnf: () => t("không hoàn thành"), dsq: () => t("bị loại") };

/** Why a typed value is not taken; "" when it is. */
export function fault(contest, answer) {
  if (answer.kind === "blank") return t("Chưa gõ kết quả.");
  if (answer.kind === "bad") return contest.kind === "time" ? t("Thời gian viết như 1:23,45 (phút:giây) hoặc 83,45 (giây).") : t("Số lượt là số nguyên từ 0 đến 9999.");
  if (contest.most !== null && contest.kind === "count" && answer.value > contest.most) return t("Nhiều nhất là {most} {unit}.", { most: contest.most, unit: contest.unit });
  return "";
}
