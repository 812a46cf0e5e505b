// The questions of one team: one tap each for right, wrong or passed, the seconds of the question, the sum always in sight.
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { isWhole, noAnswers, pointsOf, SAID, SIGNS, withAnswer, writtenAnswers } from "./answers.js";
import { clockOf, secondsLeft, startedNow } from "./countdown.js";
import { draftOf, dropDraft, keepDraft } from "./draft.js";
import { head } from "./head.js";
import { note, sure } from "./saving.js";
import { wholeInWords } from "../judge/number-words.js";

export function askingView(contest, entry, round, now, { done, back }) {
  const asked = contest.questions;
  let draft = draftOf(contest, entry, round, now);
  let timer = 0;
  let told = ""; // for which clock it was said that the time is over
  const said = el("p", { class: "only-read", role: "status" });
  const face = el("output", { class: "ground-left", id: "ground-left", "aria-live": "off" });
  const body = el("div", { class: "flow" });
  const root = el("section", { class: "flow ground-asking" }, head(contest, entry, round, back),
    draft.lost ? alert("warn", t("Danh sách câu hỏi đã đổi."), el("p", {}, t("Các câu đã bấm theo danh sách cũ: {what}. Bấm lại theo danh sách mới.", { what: writtenAnswers(draft.lost) }))) : null,
    said, body);

  function set(change) {
    draft = { ...draft, ...change };
    keepDraft(entry, round, draft);
    draw();
  }

  function tap(what) {
    const answers = withAnswer(draft.answers, draft.at, what);
    const next = answers.indexOf("-", draft.at) >= 0 ? answers.indexOf("-", draft.at) : answers.indexOf("-");
    said.textContent = t("Câu {n}: {said}. Tổng {sum} điểm.", { n: asked[draft.at].code, said: SAID[what](), sum: pointsOf(answers, asked) });
    set({ answers, at: next >= 0 ? next : draft.at });
  }

  function tick() {
    const own = clockOf(asked[draft.at]);
    const started = own ? draft.clocks[own.key] : undefined;
    if (!own || started === undefined) { face.textContent = own ? t("{n} giây", { n: own.seconds }) : ""; face.className = "ground-left"; return; }
    const left = secondsLeft(started, own.seconds);
    face.textContent = left ? t("còn {n} giây", { n: left }) : t("hết giờ");
    face.className = `ground-left ground-left-${left ? "runs" : "over"}`;
    if (!left && told !== own.key) { told = own.key; said.textContent = t("Hết giờ."); }
    if (!left || (!root.isConnected && timer > 1)) clearInterval(timer);
  }

  function question() {
    const one = asked[draft.at];
    const own = clockOf(one);
    const runs = own && draft.clocks[own.key] !== undefined;
    const start = () => set({ clocks: { ...draft.clocks, [own.key]: startedNow() } });
    const again = () => { const { [own.key]: _gone, ...clocks } = draft.clocks; told = ""; set({ clocks }); };
    return el("div", { class: "card ground-question" },
      el("h2", { id: "ground-asked" }, t("Câu {n} trên {all}", { n: draft.at + 1, all: asked.length }), one.name || one.code !== String(draft.at + 1) ? `: ${one.name || one.code}` : ""),
      el("p", { class: "quiet" }, [t("{n} điểm", { n: one.points }), one.minus ? t("sai trừ {n}", { n: one.minus }) : "", own && one.package_s ? t("giờ tính chung cả gói") : ""].filter(Boolean).join(" · ")),
      own ? face : null,
      own && !runs ? button(t("Tính giờ"), start, "second", { "data-hand": "clock" }) : null,
      own && runs ? button(t("Tính giờ lại"), again, "plain", { "data-hand": "clock" }) : null,
      el("div", { class: "ground-taps", role: "group", "aria-labelledby": "ground-asked" }, ["r", "w", "p"].map((what) =>
        el("button", { type: "button", class: `ground-tap ground-tap-${what}`, "data-hand": `tap:${what}`, "aria-pressed": String(draft.answers[draft.at] === what), onclick: () => tap(what) },
          el("b", { "aria-hidden": "true" }, SIGNS[what]), el("span", {}, SAID[what]())))));
  }

  const strip = () => el("ol", { class: "ground-strip" }, asked.map((each, at) => el("li", {}, el("button", {
    type: "button", class: `ground-said ground-said-${draft.answers[at] === "-" ? "open" : draft.answers[at]}`, "data-hand": `q:${at}`,
    "aria-current": at === draft.at ? "step" : false, "aria-label": t("Câu {n}: {said}", { n: each.code, said: SAID[draft.answers[at]]() }), onclick: () => set({ at }),
  }, el("span", {}, each.code), el("b", {}, SIGNS[draft.answers[at]])))));

  function draw() {
    clearInterval(timer);
    const held = body.contains(document.activeElement) ? document.activeElement.dataset.hand : null;
    const sum = pointsOf(draft.answers, asked);
    const whole = isWhole(draft.answers);
    const left = draft.answers.split("-").length - 1;
    body.replaceChildren(
      el("p", { class: "ground-sum" }, el("b", { id: "ground-sum" }, t("{n} điểm", { n: sum })), " ", el("span", { class: "quiet" }, wholeInWords(sum))),
      question(), strip(),
      whole ? button(t("Ghi kết quả: {n} điểm", { n: sum }), take, "", { class: "button button-big button-wide", "data-hand": "take" })
        : button(t("Dừng: {n} câu còn lại là bỏ qua", { n: left }), () => set({ answers: draft.answers.replaceAll("-", "p") }), "second", { "data-hand": "rest" }),
      draft.answers === noAnswers(asked) ? "" : button(t("Bỏ các câu đã bấm, làm lại từ đầu"), anew, "plain", { "data-hand": "anew" }));
    tick();
    const own = clockOf(asked[draft.at]);
    if (own && draft.clocks[own.key] !== undefined && secondsLeft(draft.clocks[own.key], own.seconds)) setTimeout(() => { timer = setInterval(tick, 200); });
    if (held) (body.querySelector(`[data-hand="${CSS.escape(held)}"]`) ?? body.querySelector('[data-hand="take"]') ?? body.querySelector("button"))?.focus();
  }

  async function anew() {
    if (await sure(t("Bỏ mọi câu đã bấm của đội này?"), entry, t("Bỏ, làm lại"))) set({ answers: noAnswers(asked), at: 0, clocks: {} });
  }

  async function take() {
    if (await note(contest, entry, round, "valid", pointsOf(draft.answers, asked), draft.answers)) { dropDraft(entry, round); done(); }
  }

  draw();
  return root;
}
