// How does a typed mark become a number? The same judgement as festival/contests/marks.py, in whole thousandths of a
// point; both read tests/vectors/marks.json. A scale is {min, max, step} in thousandths.
import { t } from "../words.js";

export const MILLI = 1000;
const MICRO = 1000;

/** 8750 → "8,75": the comma of Vietnamese papers, no needless zeros. */
export function written(milli) {
  const whole = Math.floor(Math.abs(milli) / MILLI);
  const part = Math.abs(milli) % MILLI;
  return (milli < 0 ? "-" : "") + whole + (part ? "," + String(part).padStart(3, "0").replace(/0+$/, "") : "");
}

/** → {kind: "mark", milli} | {kind: "blank"} | {kind: "bad", fault}. Blank is not zero. */
export function parseMark(typed, scale) {
  const text = typed.trim();
  if (text === "") return { kind: "blank" };
  const minus = /^[-−–]/.test(text);
  if (minus && scale.min >= 0) return bad("negative");
  const digits = minus ? text.slice(1) : text;
  if (!/^[0-9]{1,6}([.,][0-9]{1,6})?$/.test(digits)) return bad("not_a_number");
  const [whole, part = ""] = digits.replace(",", ".").split(".");
  const size = Number(whole) * MILLI * MICRO + Number(part.padEnd(6, "0"));
  if (minus && !size) return bad("not_a_number");
  const micro = minus ? -size : size;
  if (micro > scale.max * MICRO) return bad("too_high");
  if (micro < scale.min * MICRO) return bad("too_low");
  const milli = Math.floor(micro / MICRO);
  if (micro % MICRO || (milli - scale.min) % scale.step) return bad("wrong_step");
  return { kind: "mark", milli };
}

function bad(fault) {
  return { kind: "bad", fault };
}

/** Why a mark is refused, in the reader's language. */
export function faultSentence(fault, scale) {
  switch (fault) {
    case "negative":
      return t("Điểm không có dấu trừ.");
    case "too_low":
      return t("Điểm thấp nhất là {min}.", { min: written(scale.min) });
    case "too_high":
      return t("Điểm cao nhất là {max}.", { max: written(scale.max) });
    case "wrong_step":
      return t("Điểm lẻ theo bước {step}, tính từ {min}.", { step: written(scale.step), min: written(scale.min) });
    default:
      return t("Điểm chỉ gồm chữ số và nhiều nhất một dấu phẩy, ví dụ 8,75.");
  }
}

/** What a mark adds to the total: itself, or by the weight of its criterion (thousandths; the rules leave no rest). */
export function counts(criterion, milli) {
  return (milli * (criterion.weight ?? MILLI)) / MILLI;
}

/** The sum of the marks, or null while one is missing: a sheet with a blank has no total, and certainly not zero. */
export function sheetTotal(marks, criteria) {
  return criteria.length && criteria.every(({ code }) => Number.isInteger(marks[code]))
    ? criteria.reduce((sum, criterion) => sum + counts(criterion, marks[criterion.code]), 0)
    : null;
}

/**
 * The keys of the quick grid: whole numbers first, then the parts of a whole, so that every legal mark is at most two
 * taps. → {wholes: [milli…], parts: [milli…]} with parts relative to the whole that was tapped.
 */
export function quickKeys(scale) {
  const count = (scale.max - scale.min) / scale.step;
  if (count <= 24) return { wholes: Array.from({ length: count + 1 }, (_, i) => scale.min + i * scale.step), parts: [] };
  const wholes = [];
  if (MILLI % scale.step === 0 && scale.min % MILLI === 0) {
    for (let value = scale.min; value <= scale.max; value += MILLI) wholes.push(value);
    return { wholes, parts: Array.from({ length: MILLI / scale.step }, (_, i) => i * scale.step) };
  }
  // an unusual step: about sqrt(n) blocks, so that block and place inside it stay small grids
  const block = Math.ceil(Math.sqrt(count + 1));
  for (let i = 0; i <= count; i += block) wholes.push(scale.min + i * scale.step);
  return { wholes, parts: Array.from({ length: block }, (_, i) => i * scale.step) };
}
