// Two versions of one sheet stand side by side; the judge keeps one.
import { t } from "../words.js";
import { alert, button, el } from "./dom.js";
import { titled } from "./list.js";
import { written } from "./marks.js";

/** on: {keep(version), later()}; a version is {mid, marks, total, state} */
export function choiceView(contest, entry, sheet, on) {
  const current = { mid: "current", marks: sheet.marks, total: sheet.total, state: sheet.state };
  const differ = (code) => sheet.offers.some((offer) => offer.marks?.[code] !== current.marks?.[code]);
  return el("section", { class: "flow" },
    el("h1", { tabindex: -1 }, titled(entry)),
    alert("warn", t("Phiếu này có hai bản khác nhau."), el("p", {}, t("Có lẽ ông/bà đã chấm trên hai máy. Cả hai còn nguyên; xin chọn bản đúng."))),
    el("div", { class: "judge-choice" }, [current, ...sheet.offers].map((version, index) => el("div", { class: "card" },
      el("h2", {}, named(index)),
      el("dl", { class: "facts" }, contest.criteria.flatMap((criterion) => [el("dt", {}, criterion.name),
        el("dd", { class: differ(criterion.code) ? "judge-differs" : false }, version.marks?.[criterion.code] === undefined ? "—" : written(version.marks[criterion.code]))])),
      el("p", { class: "judge-sent-total" }, version.total === null || version.total === undefined ? t("Không chấm") : written(version.total)),
      button(t("Giữ bản này"), () => on.keep(version), "", { class: "button button-wide", "aria-label": `${t("Giữ bản này")}: ${named(index)}` })))),
    button(t("Để sau"), on.later, "plain"));
}

const named = (index) => (index === 0 ? t("Bản đang ở máy chủ") : index === 1 ? t("Bản gửi sau") : t("Bản gửi sau, thứ {n}", { n: index }));
