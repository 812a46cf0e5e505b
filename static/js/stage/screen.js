// What the device at a stage shows: one act with its clock and three large taps, the two that follow, who is absent, what is over.
import { serverNow } from "../device/clock.js";
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { clockFace, clockWords } from "./clock.js";
import { board, toldLater } from "./order.js";
import { FOLLOWING, LARGE, OPEN, SMALL, STATE_TONES, STATE_WORDS } from "./taps.js";

const time = (ms) => new Intl.DateTimeFormat("vi", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" }).format(ms);
const titled = (act) => (act.number === null ? act.name : `${act.number}. ${act.name}`);
const badge = (state) => el("span", { class: `badge tone-${STATE_TONES[state]}` }, STATE_WORDS[state]());

/** `step(act, to)` is called with what was tapped. */
export function stageScreen(state, acts, step) {
  const { now, then, rest, absent, over } = board(acts);
  const later = toldLater(acts.filter((act) => !act.out), serverNow().getTime());
  const times = (act) => el("span", { class: "stage-times" }, el("b", { class: "clock" }, time(act.starts_ms)),
    later.has(act.code) ? el("span", { class: "stage-later" }, ` ${t("dự kiến {at}", { at: time(later.get(act.code)) })}`) : null);
  const tap = (act, [to, words], style, hand) => button(words(), () => step(act, to), style,
    { class: `button${style ? ` button-${style}` : ""} stage-tap`, "data-hand": `${hand}:${act.code}:${to}`, "aria-label": `${words()}, ${act.name}` });
  const small = (act, several) => several.map((each, at) => tap(act, each, at ? "plain" : "second", "small"));
  const line = (act, several) => el("li", { class: `stage-line state-${act.state}${act.out ? " stage-out" : ""}` },
    el("div", { class: "stage-what" }, times(act), el("span", {}, el("strong", {}, titled(act)), el("br"), el("span", { class: "hint" }, [lane(act), about(act)].filter(Boolean).join(" · ")))),
    act.out ? el("span", { class: "badge tone-warn" }, t("đã rút, không gọi")) : act.state === "ready" ? badge("ready") : null,
    act.out ? null : el("div", { class: "row stage-small" }, small(act, several)));
  const list = (title, several, of, more = "") => (several.length ? el("section", { class: "flow" }, el("h2", { class: "heading-mark" }, title), el("ol", { class: `stage-lines${more}` }, several.map((act) => line(act, of(act))))) : null);

  return el("section", { class: "flow" },
    el("h1", { tabindex: -1, "data-hand": "title" }, state.stage),
    now[0]?.heat ? heat(now, times, tap, small) : now.length ? now.map((act) => current(act, times, tap, small)) : el("p", { class: "empty" }, t("Đã hết lượt của ngày này.")),
    list(then.length > 1 && !then[0].heat ? t("Hai lượt kế tiếp") : t("Lượt kế tiếp"), then, (act) => FOLLOWING[act.state], " stage-then"),
    list(t("Vắng mặt"), absent, (act) => SMALL[act.state]),
    list(t("Sau đó"), rest, (act) => FOLLOWING[act.state]),
    over.length ? el("details", { class: "fold stage-over", "data-hand": "over" }, el("summary", {}, t("Đã thi và đã rút: {n}", { n: over.length })),
      el("ol", { class: "stage-lines" }, over.map((act) => line(act, SMALL[act.state])))) : null);
}

const lane = (act) => (act.heat ? t("đợt {heat}, đường {lane}", { heat: act.heat, lane: act.lane }) : "");
const about = (act) => [act.unit, act.contest, act.title, t("{n} phút", { n: act.minutes }), act.here ? t("đã đến {here}/{of} người", { here: act.here[0], of: act.here[1] }) : ""].filter(Boolean).join(" · ");

/** Called, begun and ended as one by its first; absent of one alone. */
function heat(several, times, tap, small) {
  const [lead] = several;
  const on = lead.state === "on_stage";
  const title = `${lead.contest}, ${t("đợt {heat}", { heat: lead.heat })}`;
  const lanes = el("ol", { class: "stage-lines" }, several.map((act) => el("li", { class: "stage-line" },
    el("div", { class: "stage-what" }, el("b", {}, t("đường {n}", { n: act.lane })), el("span", {}, el("strong", {}, titled(act)), el("br"), el("span", { class: "hint" }, about(act)))),
    on ? null : el("div", { class: "row stage-small" }, small(act, SMALL[act.state].slice(-1))))));
  return current(lead, times, tap, small, { title, lanes, back: on ? SMALL[lead.state] : SMALL[lead.state].slice(0, -1) });
}

function current(act, times, tap, small, { title = titled(act), lanes = null, back = SMALL[act.state] } = {}) {
  const on = act.state === "on_stage";
  const card = el("section", { class: `stage-now state-${act.state}`, "aria-label": title },
    el("p", { class: "stage-label" }, act.state === "waiting" ? el("span", { class: "badge tone-quiet" }, t("tiếp theo")) : badge(act.state), times(act)),
    el("h2", { class: "stage-name" }, title),
    lanes ? null : el("p", { class: "hint" }, about(act)),
    on ? el("p", { class: "stage-clock", role: "timer", "aria-live": "off", "data-began": act.began_ms, "data-minutes": act.minutes }, el("b", {}), el("span", {})) : null,
    el("div", { class: "stage-large" }, LARGE.map((each) => (OPEN[act.state].includes(each[0]) ? tap(act, each, "", "large") : button(each[1](), null, "", { class: "button stage-tap", disabled: true })))),
    el("div", { class: "row stage-small" }, small(act, back)), lanes);
  tick(card);
  return card;
}

/** The seconds of every clock inside `root`. */
export function tick(root) {
  for (const clock of root.querySelectorAll("[data-began]")) {
    const lasted = serverNow().getTime() - Number(clock.dataset.began);
    const [face, left] = clock.children;
    face.textContent = clockFace(lasted);
    left.textContent = clockWords(lasted, Number(clock.dataset.minutes));
    clock.classList.toggle("stage-over-time", lasted > Number(clock.dataset.minutes) * 60_000);
  }
}
