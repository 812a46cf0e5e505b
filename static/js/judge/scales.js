// What does a criterion say of its marks: which it takes, how often they count, what each means?
import { written } from "./marks.js";
import { t } from "../words.js";

/** Which marks a criterion takes, and how often they count. */
export function range(criterion) {
  const marks = criterion.min ? t("từ {min} đến {max}", { min: written(criterion.min), max: written(criterion.max) }) : t("tối đa {max}", { max: written(criterion.max) });
  const weight = criterion.weight ?? 1000;
  return weight === 1000 ? marks : t("{marks}, hệ số {weight}", { marks, weight: written(weight) });
}

/** What the marks of a criterion mean: [["24", "Rõ chủ đề"], …] from the lines "24: Rõ chủ đề". */
export function scaleOf(criterion) {
  return (criterion.descriptor ?? "").split("\n").map((line) => line.match(/^(-?[\d,.]+):\s*(.*)$/)).filter(Boolean)
    .map(([, from, words]) => [from, words]);
}

/** The words that hold for a mark: "24: Rõ chủ đề" from 24 upward. */
export function meaningOf(criterion, value) {
  if (value === undefined) return null;
  return scaleOf(criterion).filter(([from]) => Number(from.replace(",", ".")) * 1000 <= value).at(-1)?.[1] ?? null;
}
