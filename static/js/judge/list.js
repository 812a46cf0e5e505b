// The running order of one panel: what is marked, what is not, what must be chosen. The practice family stands first.
import { alert, button, el } from "./dom.js";
import { written } from "./marks.js";
import { PRACTICE } from "./state.js";
import { t } from "../words.js";

export const practiceEntry = () => ({
  code: PRACTICE, number: null, name: t("Gia đình mẫu"), title: t("Chấm thử cho quen tay"),
  delegation: t("Không tính điểm"), stage: "", session: "", starts_at: null, act: null, tied: false, out: false,
});

const STATUS = {
  marked: () => ["good", "✓", t("đã chấm")],
  not_marked: () => ["quiet", "–", t("không chấm")],
  conflict: () => ["bad", "!", t("có hai bản, cần chọn")],
  draft: () => ["warn", "…", t("đang viết dở")],
  blank: () => ["note", "○", t("chưa chấm")],
};

/** rows: [{entry, sheet, draft}] in order; choose(entry) opens a sheet; contests: for the switch between panels; judge: whose
    tablet it is; lock(): locks it, null where no PIN is known. */
export function runningOrder(contest, contests, rows, { choose, change, lock }, judge) {
  const due = rows.filter(({ entry }) => !entry.tied && !entry.out && !entry.given);
  const done = due.filter(({ sheet }) => ["marked", "not_marked"].includes(sheet.status));
  const open = due.filter(({ sheet }) => !["marked", "not_marked"].includes(sheet.status)).map(({ entry }) => entry.number ?? entry.name);
  const apart = rows.length > LONG || parts(rows, Infinity).length > 1;
  const next = due.find(({ entry, sheet }) => entry.act === "on_stage" && sheet.status === "blank")
    ?? due.find(({ sheet }) => sheet.status === "blank");
  return el("div", { class: "flow" },
    judge || lock ? el("div", { class: "row row-apart" }, judge ? el("p", { class: "judge-whose" }, t("Máy của giám khảo {name}", { name: judge })) : el("span", {}),
      lock ? button(t("Khóa máy"), lock, "plain", { "data-hand": "lock" }) : null) : null,
    contests.length > 1 ? el("nav", { class: "tabs", "aria-label": t("Phần thi") },
      contests.map((each) => el("a", { href: `#${each.code}`, "data-hand": `contest:${each.code}`, "aria-current": each.code === contest.code ? "page" : false,
        onclick: (event) => { event.preventDefault(); change(each.code); } }, each.name))) : null,
    el("h1", { tabindex: -1, "data-hand": "contest" }, contest.name),
    contest.locked ? alert("note", t("Phần thi đã khóa điểm."), el("p", {}, t("Ông/bà vẫn xem lại được phiếu của mình."))) : null,
    el("p", { class: "judge-count" }, t("Đã chấm {done} trên {all} tiết mục. Giám khảo {letter}.", { done: done.length, all: due.length, letter: contest.letter })),
    done.length && open.length && !contest.locked ? el("p", {}, t("Còn chưa chấm: {list}", { list: open.slice(0, SHOWN).join(", ") + (open.length > SHOWN ? t(" và {n} tiết mục nữa", { n: open.length - SHOWN }) : "") })) : null,
    next && !contest.locked ? button(t("Chấm tiếp: {who}", { who: titled(next.entry) }), () => choose(next.entry), "", { class: "button button-big button-wide", "data-hand": "next" }) : null,
    el("ol", { class: "judge-order" },
      contest.locked ? null : row(practiceEntry(), { status: "blank" }, false, choose, true),
      apart ? null : rows.map(({ entry, sheet, draft }) => row(entry, sheet, draft, choose, false))),
    apart ? parts(rows).map((part) => folded(contest, part, next, choose, rows.length <= LONG)) : null,
  );
}

const LONG = 30; // more than fits a few screens, or more than one session: folded by session, and a long session in parts
const SHOWN = 12;
const PART = 25;
const unfolded = new Map(); // what the judge has opened or closed stays so when news redraw the list

/** Rows by session, at most `size` in each. */
function parts(rows, size = PART) {
  const found = [];
  for (const each of rows) {
    const { session, stage } = each.entry;
    const last = found.at(-1);
    if (last && last.session === session && last.stage === stage && last.rows.length < size) last.rows.push(each);
    else found.push({ session, stage, rows: [each] });
  }
  return found;
}

function folded(contest, { session, stage, rows }, next, choose, short) {
  const numbers = rows.map(({ entry }) => entry.number).filter((number) => number !== null);
  const due = rows.filter(({ entry }) => !entry.tied && !entry.out && !entry.given);
  const done = due.filter(({ sheet }) => ["marked", "not_marked"].includes(sheet.status)).length;
  const key = `${contest.code} ${rows[0].entry.code}`;
  const urgent = short || rows.some(({ entry, sheet, draft }) => entry === next?.entry || draft || sheet.status === "conflict" || entry.act === "on_stage");
  const title = [session, stage, numbers.length ? t("số {first}–{last}", { first: Math.min(...numbers), last: Math.max(...numbers) }) : null];
  return el("details", { class: "fold", open: unfolded.get(key) ?? urgent },
    el("summary", { "data-hand": key, onclick: (event) => unfolded.set(key, !event.currentTarget.parentNode.open) },
      [...title.filter(Boolean), t("đã chấm {done}/{all}", { done, all: due.length })].join(" · ")),
    el("ol", { class: "judge-order" }, rows.map(({ entry, sheet, draft }) => row(entry, sheet, draft, choose, false))));
}

export const titled = (entry) => (entry.number === null ? entry.name : t("Số {number}. {name}", { number: entry.number, name: entry.name }));

function row(entry, sheet, draft, choose, practice) {
  const [tone, sign, words] = STATUS[draft && sheet.status === "blank" ? "draft" : sheet.status]();
  const why = entry.tied ? t("có liên quan, không chấm") : entry.out ? t("không dự thi") : entry.given ? t("ghế này đã có phiếu") : null;
  return el("li", {},
    el("button", { type: "button", class: `judge-row${entry.act === "on_stage" ? " judge-row-now" : ""}`, "data-entry": entry.code, "data-hand": `row:${entry.code}`, disabled: Boolean(why), onclick: () => choose(entry) },
      el("span", { class: "judge-number" }, practice ? "★" : entry.number ?? "·"),
      el("span", { class: "judge-who" },
        el("b", {}, entry.name),
        el("span", { class: "quiet" }, [entry.title, entry.delegation].filter(Boolean).join(" · ")),
        entry.act === "on_stage" ? el("span", { class: "badge tone-accent" }, t("đang trên sân khấu")) : null),
      el("span", { class: "judge-said" },
        why || practice ? el("span", { class: "badge tone-quiet" }, why ?? t("chấm thử")) : el("span", { class: `badge tone-${tone}` }, `${sign} ${words}`),
        sheet.corrected ? el("span", { class: "badge tone-warn" }, t("thư ký đã sửa")) : null,
        sheet.total !== null && sheet.total !== undefined && sheet.status === "marked" ? el("b", { class: "number" }, written(sheet.total)) : null)));
}
