// A stopwatch on the device. It stands on the browser's own steady clock; what it needs is kept, so it runs on when the page
// is loaded anew. Shown and taken to 1/100 s, rounded down as timekeepers do by hand.
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { keepWatch, watchOf } from "./draft.js";
import { head } from "./head.js";
import { note } from "./saving.js";
import { faceOf, writtenTime } from "./values.js";

const clock = () => performance.timeOrigin + performance.now();
export const elapsed = ({ started, stopped }) => Math.max(0, Math.floor(((stopped ?? clock()) - started) / 10) * 10);

export function watchView(contest, entry, round, { done, back }) {
  let state = watchOf(entry, round);
  const face = el("output", { class: "ground-watch", id: "ground-watch", "aria-live": "off" });
  const buttons = el("div", { class: "ground-watch-keys" });
  const root = el("section", { class: "flow" }, head(contest, entry, round, back), face, el("p", { class: "only-read", role: "status", id: "watch-said" }), buttons);
  let timer = 0;

  function set(next) {
    state = next;
    keepWatch(entry, round, state);
    draw();
  }

  function show() {
    face.textContent = faceOf(state ? elapsed(state) : 0);
    if (!root.isConnected && timer > 1) clearInterval(timer);
  }

  function draw() {
    clearInterval(timer);
    const running = state && state.stopped === null;
    if (running) setTimeout(() => { timer = setInterval(show, 43); });
    show();
    const held = buttons.contains(document.activeElement);
    buttons.replaceChildren(...(!state ? [big(t("Bắt đầu"), () => set({ started: clock(), stopped: null }), "start")]
      : running ? [big(t("Dừng"), () => set({ ...state, stopped: clock() }), "stop"), button(t("Bấm nhầm, bắt đầu lại"), () => set(null), "plain", { "data-hand": "reset" })]
        : [big(t("Nhận {time}", { time: faceOf(elapsed(state)) }), take, "take"),
          button(t("Dừng nhầm, chạy tiếp"), () => set({ ...state, stopped: null }), "second", { "data-hand": "resume" }),
          button(t("Bỏ, bấm lại từ đầu"), () => set(null), "plain", { "data-hand": "reset" })]));
    if (held) buttons.querySelector("button")?.focus();
    root.querySelector("#watch-said").textContent = !state ? "" : running ? t("đồng hồ đang chạy") : t("đã dừng ở {time}", { time: writtenTime(elapsed(state)) });
  }

  async function take() {
    const value = elapsed(state);
    if (value && await note(contest, entry, round, "valid", value)) { keepWatch(entry, round, null); done(); }
  }

  draw();
  return root;
}

const big = (words, onclick, hand) => button(words, onclick, "", { class: "button button-big button-wide ground-big", "data-hand": hand });
