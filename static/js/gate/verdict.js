// The verdict screen: what does the gate say about the pass that was held up, in which colour, and how far is it written
// down? It shows one reading; what is decided about it stands in reading.js and who-came.js.
import { focusFirst, tell } from "../hand.js";
import { t } from "../words.js";
import { $, made, parts } from "./parts.js";
import { signal } from "./signal.js";

const MARKS = { good: "✓", warn: "?", bad: "✕", note: "i" };
const LEVELS = {
  saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ"), practice: t("Tập thử: không ghi vào đâu"),
};

/** The reading on the screen: {id, record, everybody, how, purpose, window, way, timer, waiting, entry, practice}, or null. */
export const screen = { reading: null };
let handOnButtons = false; // of the verdict: they are drawn anew, and gone while it is being written down

/** `number`: of people, shown three times as large as the word. */
export function say(tone, title, { word, name = "", unit = "", sign = "", text = "", number = 0, level: at = "" }) {
  parts.verdict.hidden = false;
  parts.verdict.dataset.tone = tone;
  parts["verdict-mark"].textContent = MARKS[tone];
  parts["verdict-word"].textContent = title;
  parts["verdict-name"].textContent = name;
  parts["verdict-unit"].textContent = unit;
  parts["verdict-sign"].hidden = !sign;
  parts["verdict-sign"].lastElementChild.textContent = sign;
  parts["verdict-text"].textContent = text;
  parts["verdict-count"].textContent = "";
  many(number);
  clearPeople();
  if (at) level(at);
  else { parts["verdict-level"].textContent = ""; delete parts["verdict-level"].dataset.level; }
  handOnButtons = false;
  buttonDone();
  signal(tone, word);
  hear();
  // the hand comes to the verdict, not to a button of it: there a countdown would not run
  if (!document.querySelector("dialog[open]")) parts.verdict.focus({ preventScroll: true });
}

export function many(number) {
  parts["verdict-number"].textContent = number || "";
}

/** What was decided could not be written; it stays on the screen until somebody has read it. */
export function notSaved() {
  screen.reading = { id: "", everybody: [], waiting: true, timer: 0 };
  say("bad", t("Chưa lưu được trên máy"), { word: t("Chưa lưu"), text: t("Máy hết chỗ hoặc trình duyệt không cho lưu. Ghi ra giấy và báo trưởng cổng.") });
}

/** All that the verdict says, once, for who does not see it. */
export function hear() {
  const said = ["word", "name", "unit", "sign", "text", "count", "time"].map((part) => parts[`verdict-${part}`].textContent.trim());
  tell(said.filter(Boolean).map((each) => each.replace(/\.$/, "")).join(". "));
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

/** wanted: [[words, style, act, whose], …]; `whose` is heard behind the words. */
export function buttons(wanted) {
  const place = parts["verdict-buttons"];
  handOnButtons ||= place.contains(document.activeElement);
  place.replaceChildren(...wanted.map(([words, style, act, whose]) => {
    const button = made("button", { type: "button", className: `button button-big ${style}`, textContent: words });
    if (whose) button.setAttribute("aria-label", `${words}, ${whose}`);
    button.addEventListener("click", act);
    return button;
  }));
  if (!handOnButtons) return;
  handOnButtons = !focusFirst(...place.children);
  if (handOnButtons) parts.verdict.focus({ preventScroll: true });
}

export const buttonDone = () => buttons([[t("Xong"), "button-second", dismiss]]);

/** Take the reading off the screen; nothing is written down. */
export function dismiss() {
  const { reading } = screen;
  if (reading) { clearTimeout(reading.timer); reading.timer = 0; reading.waiting = false; }
  screen.reading = null;
  const held = parts.verdict.contains(document.activeElement);
  parts.verdict.hidden = true;
  parts["verdict-people"].replaceChildren();
  if (held) focusFirst($("open-by-hand"));
}
