// What stays in sight while a sheet is filled: whose it is on top, the total and how far it is saved at the bottom, at every size.
import { t } from "../words.js";
import { button, el } from "./dom.js";
import { LEVEL_WORDS } from "./levels-words.js";
import { titled } from "./list.js";
import { written } from "./marks.js";

export function sheetHead(entry, back) {
  return el("header", { class: "judge-head" },
    button([el("span", { "aria-hidden": "true" }, "‹ "), el("span", { class: "judge-head-back" }, t("Danh sách"))], back, "plain", { "data-hand": "list" }),
    el("h1", { tabindex: -1, "data-hand": "who" }, titled(entry)));
}

/** total: milli or null; missing: criteria without a mark; level: "draft" | a level of LEVEL_WORDS | null; send: null when only to read. */
export function sheetFoot({ total, high, missing, level }, words, send) {
  return el("footer", { class: "judge-foot" },
    el("div", { class: "judge-foot-said" },
      el("p", { class: "judge-total" },
        total === null ? t("Còn thiếu: {names}", { names: missing.map((criterion) => criterion.name).join(", ") })
          : el("span", {}, el("span", { class: "judge-total-word" }, t("Tổng điểm"), " "), el("b", {}, written(total)), ` / ${written(high)}`)),
      el("p", { class: "judge-saved" }, levelWords(level))),
    send ? button(words, send, "", { class: "button button-big", "data-hand": "send", disabled: total === null }) : null);
}

export const levelWords = (level) => (level === "draft" ? `✓ ${t("nháp đã lưu")}` : level ? `✓ ${LEVEL_WORDS[level]()}` : "");
