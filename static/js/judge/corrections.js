// May this sheet still be corrected on the tablet, and in which words is that said? The contest's rule, before and after.
import { t } from "../words.js";
import { alert, el } from "./dom.js";
import { written } from "./marks.js";

/** Why the sheet can only be read: "locked" | "secretary" | "next_act"; null: it can be filled or corrected. */
export function closedBy(contest, entry, sheet) {
  if (contest.locked) return "locked";
  if (sheet.status === "blank" || sheet.status === "conflict") return null; // a first sheet is taken until the lock
  if (contest.corrections === "secretary") return "secretary";
  return contest.corrections === "next_act" && entry.closed ? "next_act" : null;
}

const BEFORE = {
  until_lock: () => t("Gửi rồi vẫn sửa được đến khi khóa điểm."),
  next_act: () => t("Gửi rồi vẫn sửa được đến khi tiết mục sau bắt đầu."),
  secretary: () => t("Gửi rồi không tự sửa được nữa; muốn sửa thì báo thư ký kèm lý do."),
};
const AFTER = {
  locked: () => t("Phần thi đã khóa điểm."),
  next_act: () => t("Tiết mục sau đã bắt đầu nên phiếu này không tự sửa được nữa. Muốn sửa, báo thư ký kèm lý do."),
  secretary: () => t("Phiếu đã gửi. Muốn sửa, báo thư ký kèm lý do."),
};

/** What the contest says of corrections, as the sheet shows it. */
export const ruleWords = (contest, closed) => (closed ? AFTER[closed]() : (BEFORE[contest.corrections] ?? BEFORE.until_lock)());

const state = (version) => (version.state === "marked" ? written(version.total) : t("Không chấm"));

/** The secretary has corrected this sheet: what stood there before, what stands there now, why and who. */
export function correctedAlert(contest, sheet) {
  const { before, reason, by } = sheet.corrected;
  const changed = contest.criteria.filter(({ code }) => before.marks[code] !== sheet.marks[code]).map(({ code, name }) =>
    `${name} ${code in before.marks ? written(before.marks[code]) : "—"} → ${code in sheet.marks ? written(sheet.marks[code]) : "—"}`);
  return alert("warn", t("Thư ký đã sửa phiếu này: {before} → {after}", { before: state(before), after: state(sheet) }),
    el("p", {}, [...changed, t("Lý do: {why}", { why: reason }), by].filter(Boolean).join(". ")),
    el("p", {}, t("Nếu không đúng ý ông/bà, báo thư ký ngay.")));
}
