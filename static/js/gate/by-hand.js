// No camera, a torn card, a pass left at home: who is found by a typed code, a name or the end of a phone number?
// The server is asked; without a network the lead's and the desk's phone look into their own list.
import { t } from "../words.js";
import { firstFormLeft, readable, search } from "./list.js";
import { me } from "./me.js";
import { made, parts } from "./parts.js";
import { people } from "./people.js";
import { seen, show } from "./reading.js";
import { inDigits, inWords } from "./typed-text.js";
import { dismiss, screen } from "./verdict.js";
import { inTurn, settle, stopCountdown } from "./who-came.js";

const FOUND_MAX = 6; // as the server: festival/checkin/lookup.py
const ASKED_LEAST = 3;
let asked = 0; // an answer that comes after a newer question says nothing
const boxes = [parts["by-hand-code"], parts["by-hand-text"]];
let edited = null; // of the two boxes the one that was written in last is meant
parts["by-hand-form"].addEventListener("input", ({ target }) => { edited = target; });

export function openByHand() {
  if (screen.reading?.waiting) dismiss(); // not in the list: whoever looks for the name instead has decided
  stopCountdown();
  parts["by-hand"].showModal();
  boxes[0].focus();
  firstFormLeft().then((left) => { parts["by-hand-old"].hidden = !left; });
}

export function closeByHand() {
  asked += 1;
  parts["by-hand"].close();
  parts["by-hand-form"].reset();
  nothingFound();
}

function nothingFound() {
  parts["by-hand-found"].replaceChildren();
  parts["by-hand-said"].textContent = "";
}

export async function byHand(event) {
  event.preventDefault();
  const box = boxes.find((each) => each === edited && each.value.trim()) ?? boxes.find((each) => each.value.trim());
  const text = box?.value.trim();
  const mine = ++asked;
  nothingFound();
  tell("");
  if (!text) return;
  const { as, slip } = box === boxes[0] ? inDigits(text) : await inWords(text);
  if (mine !== asked) return;
  if (slip) { tell(slip); return; }
  if (as === "pass") {
    closeByHand();
    await inTurn(() => seen(text, "typed"));
    return;
  }
  const typed = as === "typed";
  if ([...text].filter((each) => /[\p{L}\p{N}]/u.test(each)).length < ASKED_LEAST) {
    tell(t("Gõ ít nhất ba chữ của tên, hoặc bốn số cuối điện thoại."));
    return;
  }
  let found;
  let all = true;
  let replaced = false;
  try {
    const answer = await ask("lookup", { q: text });
    [found, all, replaced] = [answer.found, !answer.more, answer.replaced];
  } catch (wrong) {
    const held = await search(text);
    all = held.length <= FOUND_MAX;
    found = held.slice(0, FOUND_MAX).map((line) => ({ ...line, size: people(line).length, record: line }));
    const why = found.length ? "" : await whyNotFound(wrong);
    if (why && mine === asked) tell(why);
    if (why) return;
  }
  if (mine !== asked) return;
  if (!found.length) { tell(notFound(typed, replaced)); return; }
  if (!all) tell(t("Còn thẻ khác cùng tên. Gõ thêm tên, hoặc bốn số cuối điện thoại."));
  parts["by-hand-said"].textContent = t("Tìm thấy {n} thẻ. Chọn một.", { n: found.length });
  parts["by-hand-found"].replaceChildren(...found.map((each) => foundLine(each, typed ? "typed" : "search")));
}

function notFound(typed, replaced) {
  if (replaced) return t("Thẻ có mã này đã được cấp lại, không còn dùng. Hỏi thẻ mới, hoặc tìm theo tên.");
  return typed ? t("Không thẻ nào có mã này. So lại với thẻ, hoặc tìm theo tên.")
    : t("Không tìm thấy. Thử tên khác, hoặc bốn số cuối điện thoại.");
}

function tell(words) {
  parts["by-hand-error"].textContent = words;
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

async function ask(what, body) {
  const answer = await fetch(`/api/v1/checkin/${what}`, {
    method: "POST", credentials: "omit", signal: AbortSignal.timeout(8000),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${me.token}` }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function whyNotChosen(wrong) {
  if (wrong.message === "404") return t("Thẻ này vừa được thay hoặc không còn hiệu lực. Tìm lại.");
  if (["401", "403", "429"].includes(wrong.message)) return whyNotFound(wrong);
  return t("Mất mạng nên chưa mở được thẻ này. Bấm lại, hoặc quét mã QR trên thẻ.");
}

async function whyNotFound(wrong) {
  if (wrong.message === "429") return t("Đã tìm quá nhiều lần. Chờ một phút rồi tìm lại, hoặc quét mã QR.");
  if (["401", "403"].includes(wrong.message)) return t("Máy chủ không cho máy này tìm. Gặp trưởng cổng để gắn lại máy.");
  return (await readable())
    ? t("Không tìm thấy tên này trên máy. Khi mất mạng chỉ tìm được theo tên.")
    : t("Tìm theo mã hoặc tên cần có mạng. Khi mất mạng, quét mã QR trên thẻ.");
}
