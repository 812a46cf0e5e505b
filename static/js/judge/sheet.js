// One act at a time, like the paper sheet: the criteria with what their marks mean, the keypad, the computed total.
import { focusFirst, keepHand, tell } from "../hand.js";
import { button, el } from "./dom.js";
import { dots } from "./dots.js";
import { keypad } from "./keypad.js";
import { titled } from "./list.js";
import { counts, sheetTotal, written } from "./marks.js";
import { t } from "../words.js";

/**
 * A sheet being filled. on: {changed(marks), send(marks), abstain(), back()}.
 * earlier: own totals of other acts [{total, name}]; locked: only to read.
 */
export function sheetView(contest, entry, given, { earlier, locked, sent }, on) {
  const marks = { ...given };
  let at = Math.max(0, contest.criteria.findIndex((criterion) => !(criterion.code in marks)));
  let typing = false;
  const low = contest.criteria.reduce((sum, c) => sum + counts(c, c.min), 0);
  const high = contest.criteria.reduce((sum, c) => sum + counts(c, c.max), 0);
  const root = el("article", { class: "judge-sheet" });
  const narrow = matchMedia("(max-width: 759px)");
  const current = () => root.querySelector(".judge-criterion[aria-current]");
  const redraw = () => (root.isConnected ? anew() : narrow.removeEventListener("change", redraw));
  narrow.addEventListener("change", redraw);
  const keys = (event) => {
    if (!root.isConnected) { removeEventListener("keydown", keys); return; }
    if (event.target.closest?.("input, textarea, dialog")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); go(at + step); }
  };
  addEventListener("keydown", keys);

  function go(target) {
    const onLine = document.activeElement?.matches(".judge-criterion");
    at = Math.min(Math.max(target, 0), contest.criteria.length - 1);
    anew();
    if (onLine) focusFirst(current());
    else tell(t("Cho điểm: {name}", { name: contest.criteria[at].name }));
    current()?.scrollIntoView({ block: "nearest" });
  }

  /** The same key stays under the hand; one that is gone or at its end leaves it on the criterion. */
  function anew() {
    keepHand(root, draw, ".judge-criterion[aria-current]");
  }

  function give(milli) {
    const code = contest.criteria[at].code;
    if (milli === null) delete marks[code];
    else marks[code] = milli;
    on.changed({ ...marks });
    anew();
    const mark = milli === null ? t("chưa có điểm") : written(milli);
    tell(`${contest.criteria[at].name}: ${mark}. ${root.querySelector(".judge-total").textContent}`);
  }

  function draw() {
    const total = sheetTotal(marks, contest.criteria);
    const missing = contest.criteria.filter((criterion) => !(criterion.code in marks));
    root.replaceChildren(
      el("header", { class: "judge-head" },
        button(t("‹ Danh sách"), on.back, "plain", { "data-hand": "list" }),
        el("div", {}, el("h1", { tabindex: -1, "data-hand": "who" }, titled(entry)), el("p", { class: "quiet" }, [entry.title, entry.delegation].filter(Boolean).join(" · ")))),
      el("div", { class: "judge-split" },
        el("ol", { class: "judge-criteria" }, contest.criteria.map((criterion, index) =>
          el("li", {}, line(criterion, index), narrow.matches && index === at && !locked ? pad() : null))),
        el("div", { class: "judge-pad-side" },
          narrow.matches || locked ? null : pad(),
          earlier.length || total !== null ? el("figure", { class: "judge-axis" },
            el("figcaption", { class: "quiet" }, t("Các phiếu trước của ông/bà")), dots(earlier, total, low, high)) : null,
          locked ? null : button(t("Không chấm tiết mục này"), on.abstain, "plain", { "data-hand": "abstain" }))),
      el("footer", { class: "judge-foot" },
        el("p", { class: "judge-total" },
          total === null
            ? t("Còn thiếu: {names}", { names: missing.map((criterion) => criterion.name).join(", ") })
            : el("span", {}, t("Tổng điểm"), " ", el("b", {}, written(total)), ` / ${written(high)}`)),
        locked ? null : button(sent ? t("Gửi bản sửa") : t("Gửi phiếu"), () => on.send({ ...marks }), "", { class: "button button-big", "data-hand": "send", disabled: total === null })),
    );
  }

  function pad() {
    const criterion = contest.criteria[at];
    return el("div", { class: "judge-pad-block" },
      keypad(criterion, marks[criterion.code] ?? null, give, { typing, onTyping: (now) => { typing = now; } }),
      el("div", { class: "row row-apart" },
        button(t("‹ Tiêu chí trước"), () => go(at - 1), "second", { "data-hand": "before", disabled: at === 0 }),
        button(t("Tiêu chí sau ›"), () => go(at + 1), "second", { "data-hand": "after", disabled: at === contest.criteria.length - 1 })));
  }

  function line(criterion, index) {
    const value = marks[criterion.code];
    const meaning = meaningOf(criterion, value);
    const all = index === at && !locked ? scaleOf(criterion) : [];
    return el("button", { type: "button", class: "judge-criterion", "data-hand": `criterion:${criterion.code}`, "aria-current": index === at && !locked ? "true" : false, disabled: locked, onclick: () => go(index) },
      el("span", { class: "judge-criterion-name" }, el("b", {}, criterion.name),
          el("span", { class: "quiet" }, range(criterion)),
          all.length ? el("span", { class: "judge-scale" }, all.map(([from, words]) =>
            el("span", { class: words === meaning ? "judge-scale-now" : "" }, t("từ {from}: {words}", { from: from.replace(".", ","), words }))))
            : meaning ? el("span", { class: "judge-meaning" }, meaning) : null),
        el("span", { class: `judge-mark${value === undefined ? " judge-mark-blank" : ""}` }, value === undefined ? "—" : written(value)));
  }

  draw();
  return root;
}

/** Which marks a criterion takes, and how often they count. */
function range(criterion) {
  const marks = criterion.min ? t("từ {min} đến {max}", { min: written(criterion.min), max: written(criterion.max) }) : t("tối đa {max}", { max: written(criterion.max) });
  const weight = criterion.weight ?? 1000;
  return weight === 1000 ? marks : t("{marks}, hệ số {weight}", { marks, weight: written(weight) });
}

/** What the marks of a criterion mean: [["24", "Rõ chủ đề"], …] from the lines "24: Rõ chủ đề". */
function scaleOf(criterion) {
  return (criterion.descriptor ?? "").split("\n").map((line) => line.match(/^(-?[\d,.]+):\s*(.*)$/)).filter(Boolean)
    .map(([, from, words]) => [from, words]);
}

/** The words that hold for a mark: "24: Rõ chủ đề" from 24 upward. */
function meaningOf(criterion, value) {
  if (value === undefined) return null;
  return scaleOf(criterion).filter(([from]) => Number(from.replace(",", ".")) * 1000 <= value).at(-1)?.[1] ?? null;
}
