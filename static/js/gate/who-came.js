// Who of the pass on the screen has come? Everybody is ticked; after a countdown it is written down, unless a tap stops it.
// Also: is the screen free for the next pass?
import { tell } from "../hand.js";
import { t } from "../words.js";
import { parts } from "./parts.js";
import { drawPeople, shown, tickAll, ticked } from "./people.js";
import { record } from "./record.js";
import { standing } from "./standing.js";
import { buttons, dismiss, hear, many, screen } from "./verdict.js";
import { writesItself } from "./weigh.js";

const AT_A_GLANCE = 6; // more names are not written down unread: they wait for the tap

let turn = Promise.resolve();

/** Readings and what ends them take turns: two cards in one picture must not share one countdown. */
export function inTurn(work) {
  turn = turn.then(work).catch((wrong) => console.error(wrong));
  return turn;
}

// Who has touched the screen, or must decide, keeps it until the tap that ends it; so does an open dialog.
export const taken = () => Boolean(screen.reading?.waiting) || document.querySelector("dialog[open]") !== null || !parts.revoked.hidden;

/** The next pass comes: what stands on the screen is written down first. False: the screen is not free. */
export async function settle() {
  if (screen.reading?.timer) await finish(screen.reading);
  return !taken();
}

/** Ask for these people of the reading on the screen. `act(n)`: what the button says and does instead of writing down. */
export function askWho(reading, asked, act = (n) => [writeWords(reading, n), () => inTurn(() => finish(reading))]) {
  reading.act = act;
  drawPeople(parts["verdict-people"], asked, () => { stopCountdown(); countWords(); });
  parts["verdict-all"].hidden = asked.length <= AT_A_GLANCE;
  countWords();
  const byItself = !reading.forced && writesItself(reading, standing.countdownS);
  reading.waiting = !byItself || asked.length > AT_A_GLANCE;
  if (!reading.waiting) startCountdown(reading);
  else parts["verdict-time"].textContent = waitWords(reading, asked.length);
  hear();
}

function waitWords({ forced, way }, n) {
  if (forced) return t("Bỏ chọn ai không tính, rồi chạm nút bên dưới.");
  if (n === 1) return t("Chạm “Ghi” khi đã đúng.");
  return way === "out" ? t("Bỏ chọn ai ở lại, rồi chạm “Ghi”.") : t("Bỏ chọn ai chưa đến, rồi chạm “Ghi”.");
}

const writeWords = ({ way }, n) => (way === "out" ? t("Ghi {n} người ra", { n }) : t("Ghi {n} người", { n }));

export function everybody(on) {
  tickAll(parts["verdict-people"], on);
  stopCountdown();
  countWords();
}

export const tickedNow = () => ticked(parts["verdict-people"]);

function countWords() {
  const n = tickedNow().length;
  parts["verdict-count"].textContent = t("{n} trên {all} người", { n, all: shown(parts["verdict-people"]) });
  many(n);
  const { reading } = screen;
  const [words, deed] = reading.act(n);
  buttons([[words, "", deed, reading.record.name], [t("Bỏ qua"), "button-second", () => dismiss(), reading.record.name]]);
  parts["verdict-buttons"].firstElementChild.disabled = n === 0;
}

function startCountdown(reading) {
  let left = standing.countdownS;
  const tick = () => {
    parts["verdict-time"].textContent = t("Tự ghi sau {n} giây. Chạm tên ai chưa đến.", { n: left });
    left -= 1;
    reading.timer = setTimeout(left < 0 ? () => inTurn(() => reading.timer && finish(reading)) : tick, 1000);
  };
  tick();
}

export function stopCountdown() {
  const { reading } = screen;
  if (!reading?.timer) return;
  reading.waiting = true;
  clearTimeout(reading.timer);
  reading.timer = 0;
  parts["verdict-time"].textContent = t("Chạm “Ghi” khi đã đúng.");
  tell(parts["verdict-time"].textContent);
}

/** Whoever has come to a box or a button of the verdict decides: nothing writes itself down under the hand. */
export function handComes(event) {
  if (event.target !== parts.verdict) stopCountdown();
}

async function finish(reading) {
  if (reading !== screen.reading || reading.done) return;
  clearTimeout(reading.timer);
  Object.assign(reading, { timer: 0, waiting: false, done: true });
  const persons = tickedNow();
  if (persons.length) await record(reading, persons);
  else dismiss();
}
