// No camera, a torn card, a pass left at home: who is found by a typed code, a photo, a name or a phone number?
// The server is asked; without a network the lead's and the desk's phone look into their own list.
import { t } from "../words.js";
import { ask, whyNotChosen, whyNotFound } from "./asking.js";
import { padFollows, wirePad } from "./keypad.js";
import { firstFormLeft, search } from "./list.js";
import { made, parts } from "./parts.js";
import { people } from "./people.js";
import { readPass } from "./read-pass.js";
import { show } from "./reading.js";
import { inDigits, inWords } from "./typed-text.js";
import { dismiss, screen } from "./verdict.js";
import { inTurn, settle, stopCountdown } from "./who-came.js";

const FOUND_MAX = 6; // as the server: festival/checkin/lookup.py
const ASKED_LEAST = 3;
let asked = 0; // an answer that comes after a newer question says nothing
const boxes = [parts["by-hand-code"], parts["by-hand-text"]];
let edited = null; // of the two boxes the one that was written in last is meant
parts["by-hand-form"].addEventListener("input", ({ target }) => { edited = target; });

wirePad(parts["by-hand-pad"], boxes[0]);
padFollows(parts["by-hand-form"], parts["by-hand-pad"], boxes[0]);

export function openByHand() {
  if (screen.reading?.waiting) dismiss(); // not in the list: whoever looks for the name instead has decided
  stopCountdown();
  parts["by-hand"].showModal();
  (boxes.find((each) => each.value) ?? boxes[0]).focus();
  firstFormLeft().then((left) => { parts["by-hand-old"].hidden = !left; });
}

export function closeByHand() {
  leaveByHand();
  parts["by-hand-form"].reset();
}

/** A pass is read meanwhile: the window goes, what was typed is there when it is opened again. */
export function leaveByHand() {
  askedAnew();
  parts["by-hand"].close();
}

/** Another question: what was found and said before is gone. Answers: is this question still the newest one? */
export function askedAnew(said = "") {
  const mine = ++asked;
  parts["by-hand-found"].replaceChildren();
  parts["by-hand-said"].textContent = said;
  tell("");
  return () => mine === asked;
}

export async function byHand(event) {
  event.preventDefault();
  const box = boxes.find((each) => each === edited && each.value.trim()) ?? boxes.find((each) => each.value.trim());
  const text = box?.value.trim();
  const newest = askedAnew();
  if (!text) return;
  const { as, slip, number = text } = box === boxes[0] ? inDigits(text) : await inWords(text);
  if (!newest()) return;
  if (slip) { tell(slip); return; }
  if (as === "pass") {
    closeByHand();
    await inTurn(() => readPass({ text, how: "typed" }));
    return;
  }
  const how = as === "search" && /^[\d\s.()+-]+$/.test(text) ? "phone" : as;
  if ([...text].filter((each) => /[\p{L}\p{N}]/u.test(each)).length < ASKED_LEAST) {
    tell(t("Gõ ít nhất ba chữ của tên, hoặc bốn số cuối điện thoại."));
    return;
  }
  let found;
  let all = true;
  let replaced = false;
  try {
    const answer = await ask("lookup", { q: number });
    [found, all, replaced] = [answer.found, !answer.more, answer.replaced];
  } catch (wrong) {
    const held = await search(text);
    all = held.length <= FOUND_MAX;
    found = held.slice(0, FOUND_MAX).map((line) => ({ ...line, size: people(line).length, record: line }));
    const why = found.length ? "" : await whyNotFound(wrong);
    if (why && newest()) tell(why);
    if (why) return;
  }
  if (!newest()) return;
  if (!found.length) { tell(notFound(how, replaced)); return; }
  if (!all) tell(t("Còn thẻ khác cùng tên. Gõ thêm tên, hoặc bốn số cuối điện thoại."));
  parts["by-hand-said"].textContent = t("Tìm thấy {n} thẻ. Chọn một.", { n: found.length });
  parts["by-hand-found"].replaceChildren(...found.map((each) => foundLine(each, how)));
  parts["by-hand-found"].scrollIntoView({ block: "end" });
}

function notFound(how, replaced) {
  if (replaced) return t("Thẻ có mã này đã được cấp lại, không còn dùng. Hỏi thẻ mới, hoặc tìm theo tên.");
  if (how === "phone") return t("Không thẻ nào có số điện thoại này. So lại số, hoặc tìm theo tên.");
  return how === "typed" ? t("Không thẻ nào có mã này. So lại với thẻ, hoặc tìm theo tên.")
    : t("Không tìm thấy. Thử tên khác, hoặc bốn số cuối điện thoại.");
}

export function tell(words) {
  parts["by-hand-error"].textContent = words;
  if (words) parts["by-hand-error"].scrollIntoView({ block: "nearest" });
}

// Representative, unit, number of people; who they are is shown when somebody has chosen.
function foundLine({ pass, name, unit, size, record }, how) {
  const item = document.createElement("li");
  const button = made("button", { type: "button", className: "button button-second button-wide gate-found" });
  button.append(...[["b", name], ["span", unit === name ? "" : unit], ["small", t("{n} người", { n: size })]]
    .filter(([, words]) => words).map(([tag, words]) => made(tag, { textContent: words })));
  button.addEventListener("click", async () => {
    let who = record;
    try {
      who ??= (await ask("lookup/chosen", { pass })).record;
    } catch (wrong) { tell(await whyNotChosen(wrong)); return; }
    closeByHand();
    inTurn(async () => { if (await settle()) await show({ id: pass, record: who, how }); });
  });
  item.append(button);
  return item;
}
