// The verdict screen: what does the gate say about the pass that was held up, in which colour, and how far is it written
// down? It shows one reading; what is decided about it stands in reading.js and who-came.js.
import { t } from "../words.js";
import { made, parts } from "./parts.js";
import { signal } from "./signal.js";

const MARKS = { good: "✓", warn: "?", bad: "✕" };
const LEVELS = {
  saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ"), practice: t("Tập thử: không ghi vào đâu"),
};

/** The reading on the screen: {id, record, everybody, how, timer, waiting, entry, practice}, or null. */
export const screen = { reading: null };

export function say(tone, title, { word, name = "", unit = "", text = "", level: at = "" }) {
  parts.verdict.hidden = false;
  parts.verdict.dataset.tone = tone;
  parts["verdict-mark"].textContent = MARKS[tone];
  parts["verdict-word"].textContent = title;
  parts["verdict-name"].textContent = name;
  parts["verdict-unit"].textContent = unit;
  parts["verdict-text"].textContent = text;
  parts["verdict-count"].textContent = "";
  clearPeople();
  if (at) level(at);
  else { parts["verdict-level"].textContent = ""; delete parts["verdict-level"].dataset.level; }
  buttonDone();
  signal(tone, word);
}

/** Nobody is to be ticked any more. */
export function clearPeople() {
  parts["verdict-people"].replaceChildren();
  parts["verdict-all"].hidden = true;
  parts["verdict-time"].textContent = "";
}

export function level(name) {
  parts["verdict-level"].dataset.level = name;
  parts["verdict-level"].textContent = LEVELS[name];
}

/** wanted: [[words, style, act], …] */
export function buttons(wanted) {
  parts["verdict-buttons"].replaceChildren(...wanted.map(([words, style, act]) => {
    const button = made("button", { type: "button", className: `button button-big ${style}`, textContent: words });
    button.addEventListener("click", act);
    return button;
  }));
}

export const buttonDone = () => buttons([[t("Xong"), "button-second", dismiss]]);

/** Take the reading off the screen; nothing is written down. */
export function dismiss() {
  const { reading } = screen;
  if (reading) { clearTimeout(reading.timer); reading.timer = 0; reading.waiting = false; }
  screen.reading = null;
  parts.verdict.hidden = true;
  parts["verdict-people"].replaceChildren();
}
