// A contest whose entries work at once (cooking): all stalls in one grid, a row each, or on a phone one stall with a strip of them.
// A cell shows its mark or stands open; a tap brings the ordinary keypad of that cell. The sheet stays one for each family.
import { el } from "./dom.js";
import { titled } from "./list.js";
import { counts, sheetTotal, written } from "./marks.js";
import { t } from "../words.js";

/** Criteria as they stand on the screen: those of one group (process, taste, presentation) beside each other. */
export function grouped(criteria) {
  const groups = [...new Set(criteria.map((each) => each.part ?? ""))];
  return groups.flatMap((part) => criteria.filter((each) => (each.part ?? "") === part));
}

/** [{part, span}] of criteria that stand grouped; empty where none has a group. */
export function groupHeads(criteria) {
  const heads = [];
  for (const { part = "" } of criteria) {
    if (heads.at(-1)?.part === part) heads.at(-1).span += 1;
    else heads.push({ part, span: 1 });
  }
  return heads.some((each) => each.part) ? heads : [];
}

/** Where a hand goes after a mark: the next criterion of the row without one, from `at` on and round again; null: the row is full. */
export function nextOpen(criteria, marks, at) {
  const order = criteria.map((_, step) => (at + 1 + step) % criteria.length);
  return order.find((index) => !(criteria[index].code in marks)) ?? null;
}

const SIGNS = {
  marked: () => ["✓", t("đã chấm")], not_marked: () => ["–", t("không chấm")], conflict: () => ["!", t("có hai bản, cần chọn")],
  draft: () => ["…", t("đang viết dở")], blank: () => ["○", t("chưa chấm")],
};
const signOf = (stall) => SIGNS[stall.draft ? "draft" : stall.status]();
const whyNot = ({ entry }) => (entry.tied ? t("có liên quan, không chấm") : entry.out ? t("không dự thi") : entry.given ? t("ghế này đã có phiếu") : null);
const sumOf = (criteria, marks) => criteria.reduce((sum, each) => sum + (each.code in marks ? counts(each, marks[each.code]) : 0), 0);

/** stalls: [{entry, marks, status, draft, open}]; here: {entry, marks, changed, at} of the open row; open(entry, code): another cell. */
export function stallGrid(criteria, stalls, here, open) {
  const heads = groupHeads(criteria);
  const high = written(sumOf(criteria, Object.fromEntries(criteria.map((each) => [each.code, each.max]))));
  return el("div", { class: "judge-stalls-hold", role: "region", "aria-label": t("Bảng chấm các gian"), tabindex: 0, "data-hand": "stalls" },
    el("table", { class: "judge-stalls" },
      el("thead", {},
        heads.length ? el("tr", {}, el("td", { class: "judge-stall-corner" }), ...heads.map(({ part, span }) => el("th", { scope: "colgroup", colspan: span, class: "judge-stall-part" }, part)), el("td")) : null,
        el("tr", {}, el("th", { scope: "col", class: "judge-stall-corner" }, t("Gian")),
          criteria.map((each) => el("th", { scope: "col" }, el("span", {}, each.name), " ", el("span", { class: "quiet" }, `/${written(each.max)}`))),
          el("th", { scope: "col" }, el("span", {}, t("Cộng")), " ", el("span", { class: "quiet" }, `/${high}`)))),
      el("tbody", {}, stalls.map((stall) => row(criteria, stall.entry.code === here.entry.code ? { ...stall, marks: here.marks, draft: stall.draft || here.changed, now: here.at } : stall, open)))));
}

function row(criteria, stall, open) {
  const { entry, marks, now } = stall;
  const why = whyNot(stall);
  const [sign, words] = signOf(stall);
  const done = sheetTotal(marks, criteria);
  const name = [el("b", { class: "judge-stall-number" }, entry.number ?? "·"), el("span", {}, entry.name)];
  return el("tr", { class: now === undefined ? "" : "judge-stall-now", "data-stall": entry.code },
    el("th", { scope: "row" }, why ? el("span", { class: "judge-stall-name" }, name)
      : el("button", { type: "button", class: "judge-stall-name", "data-hand": `stall:${entry.code}`, "aria-label": `${titled(entry)}, ${words}`, onclick: () => open(entry, null) }, name)),
    why ? el("td", { colspan: criteria.length + 1, class: "quiet" }, why)
      : [...criteria.map((each, index) => el("td", {}, cell(each, index, stall, open))),
        el("td", { class: "judge-stall-sum" }, el("b", { class: "number" }, done === null && !sumOf(criteria, marks) ? "" : written(sumOf(criteria, marks))),
          el("span", { class: "quiet" }, ` ${sign}`), el("span", { class: "only-read" }, words))]);
}

function cell(criterion, index, { entry, marks, now, open: fills, status }, open) {
  const value = marks[criterion.code];
  const shown = value === undefined ? "" : written(value);
  if (!fills && status !== "conflict") return el("span", { class: "judge-cell-read number" }, shown || "—");
  return el("button", { type: "button", class: `judge-cell${value === undefined ? " judge-cell-open" : ""}`, "data-hand": `cell:${entry.code}:${criterion.code}`,
    "aria-current": index === now ? "true" : false, "aria-label": `${titled(entry)}, ${criterion.name}: ${shown || t("chưa có điểm")}`,
    onclick: () => open(entry, criterion.code) }, shown || "·");
}

/** On a phone: one stall at a time, and the others a tap away. */
export function stallStrip(stalls, here, open) {
  return el("nav", { class: "judge-strip", "aria-label": t("Các gian") }, stalls.map((stall) => {
    const [sign, words] = signOf(stall);
    const why = whyNot(stall);
    return el("button", { type: "button", class: "judge-strip-stall", "data-hand": `strip:${stall.entry.code}`, disabled: Boolean(why),
      "aria-current": stall.entry.code === here.code ? "true" : false, "aria-label": `${titled(stall.entry)}, ${why ?? words}`,
      onclick: () => open(stall.entry, null) }, el("b", {}, stall.entry.number ?? stall.entry.name), el("span", { "aria-hidden": "true" }, why ? "–" : sign));
  }));
}
