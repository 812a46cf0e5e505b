// One act at a time, like the paper sheet: the criteria with what their marks mean, the keypad, the computed total.
import { focusFirst, keepHand, tell } from "../hand.js";
import { button, el } from "./dom.js";
import { dots } from "./dots.js";
import { levelWords, sheetFoot, sheetHead } from "./frame.js";
import { keypad } from "./keypad.js";
import { counts, sheetTotal, written } from "./marks.js";
import { meaningOf, range, scaleOf } from "./scales.js";
import { groupHeads, grouped, nextOpen, stallGrid, stallStrip } from "./stalls.js";
import { settle } from "./settle.js";
import { t } from "../words.js";

/**
 * A sheet being filled. on: {changed(marks), notKept(wrong), send(marks), abstain(), back()}.
 * earlier: own totals of other acts [{total, name}]; locked: only to read; level: how far what it says is saved; rule: what the
 * contest says of corrections; more: what stands below, made once; stalls: where all work at once, every entry with its marks
 * (`stallGrid`), on.open(entry, code): another of them; first: the criterion to begin with.
 */
export function sheetView(contest, entry, given, { earlier, locked, sent, level, rule, top, more, stalls, first }, on) {
  const marks = { ...given };
  const criteria = grouped(contest.criteria);
  const heads = new Map();
  for (const { part, span } of groupHeads(criteria)) heads.set([...heads.values()].reduce((sum, each) => sum + each.span, 0), { part, span });
  let at = Math.max(0, criteria.findIndex((criterion) => (first ? criterion.code === first : !(criterion.code in marks))));
  let typing = false;
  let changed = false;
  const low = criteria.reduce((sum, c) => sum + counts(c, c.min), 0);
  const high = criteria.reduce((sum, c) => sum + counts(c, c.max), 0);
  const root = el("article", { class: `judge-sheet${stalls ? " judge-sheet-stalls" : ""}` });
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
    at = Math.min(Math.max(target, 0), criteria.length - 1);
    anew();
    if (onLine) focusFirst(current());
    else tell(t("Cho điểm: {name}", { name: criteria[at].name }));
    inSight();
  }

  function inSight() {
    // on a phone the keys stand below the criterion: as many of them as can be, with its name above
    (root.querySelector(".judge-cell[aria-current]") ?? current())?.scrollIntoView({ block: narrow.matches ? "start" : "nearest", inline: "nearest" });
  }

  /** The same key stays under the hand; one that is gone or at its end leaves it on the criterion. */
  function anew() {
    keepHand(root, draw, ".judge-criterion[aria-current]");
  }

  /** Where all stalls stand in one grid a mark that is whole goes on to the next open cell of its row. */
  function give(milli, whole = false) {
    const code = criteria[at].code;
    if (milli === null) delete marks[code];
    else marks[code] = milli;
    level = null;
    changed = true;
    const name = criteria[at].name;
    const next = stalls && whole ? nextOpen(criteria, marks, at) : null;
    at = next ?? at;
    on.changed({ ...marks }).then((stored) => { if (stored) kept(); }, on.notKept);
    anew();
    const mark = milli === null ? t("chưa có điểm") : written(milli);
    const then = next === null ? "" : ` ${t("Cho điểm: {name}", { name: criteria[at].name })}`;
    tell(`${name}: ${mark}. ${root.querySelector(".judge-total").textContent}${then}`);
    if (next !== null) inSight();
  }

  /** The draft is on the disk: said at the foot, where the hand is on the keys above. */
  function kept() {
    level = "draft";
    root.querySelector(".judge-saved").textContent = levelWords(level);
  }

  function draw() {
    const total = sheetTotal(marks, criteria);
    const missing = criteria.filter((criterion) => !(criterion.code in marks));
    const fresh = el("article", { class: root.className },
      sheetHead(entry, on.back),
      el("p", { class: "judge-more quiet" }, [entry.title, entry.delegation, rule].filter(Boolean).join(" · ")),
      stalls && narrow.matches ? stallStrip(stalls, entry, on.open) : "",
      top ? el("div", { "data-stays": "top" }) : "", // what was made once keeps its place in every drawing
      el("div", { class: "judge-split" },
        stalls && !narrow.matches ? stallGrid(criteria, stalls, { entry, marks, changed, at: locked ? null : at }, cellOpened) : lines(),
        el("div", { class: "judge-pad-side" },
          narrow.matches || locked ? "" : pad(),
          earlier.length || total !== null ? el("figure", { class: "judge-axis" },
            el("figcaption", { class: "quiet" }, t("Các phiếu trước của ông/bà")), dots(earlier, total, low, high)) : "",
          more ? el("div", { "data-stays": "more" }) : "",
          locked ? "" : button(t("Không chấm tiết mục này"), on.abstain, "plain", { "data-hand": "abstain" }))),
      sheetFoot({ total, high, missing, level }, sent ? t("Gửi bản sửa") : t("Gửi phiếu"), locked ? null : () => on.send({ ...marks })),
    );
    if (root.hasChildNodes()) settle(root, fresh);
    else root.replaceChildren(...fresh.childNodes);
    for (const made of [top, more]) if (made && !root.contains(made)) root.querySelector(`[data-stays="${made === top ? "top" : "more"}"]`).append(made);
  }

  /** A cell of the open row: its keypad comes; of another row: that sheet comes. */
  function cellOpened(other, code) {
    if (other.code !== entry.code || locked) on.open(other, code);
    else if (code) go(criteria.findIndex((each) => each.code === code));
  }

  function lines() {
    return el("ol", { class: "judge-criteria" }, criteria.flatMap((criterion, index) => [
      heads.get(index)?.part ? el("li", { class: "judge-part" }, heads.get(index).part) : null,
      el("li", {}, line(criterion, index), narrow.matches && index === at && !locked ? pad() : null)]));
  }

  function pad() {
    const criterion = criteria[at];
    return el("div", { class: "judge-pad-block" },
      keypad(criterion, marks[criterion.code] ?? null, give, { typing, onTyping: (now) => { typing = now; anew(); } }),
      el("div", { class: "row row-apart" },
        button(t("‹ Tiêu chí trước"), () => go(at - 1), "second", { "data-hand": "before", disabled: at === 0 }),
        button(t("Tiêu chí sau ›"), () => go(at + 1), "second", { "data-hand": "after", disabled: at === criteria.length - 1 })));
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
