// The page where a judge opens the tablet: the own PIN, or the sealed card and a PIN of one's own choice.
import { activate, askActivation } from "./activate.js";
import { obstacle } from "./able.js";
import { device } from "./enrol.js";
import { rememberPin } from "./pin.js";
import { writeMeta } from "./store.js";
import { turnAway } from "./turned-away.js";
import { t } from "../words.js";

const form = document.getElementById("activate");
const lead = document.getElementById("lead");
const error = document.getElementById("activate-error");
const [card, pin, again] = ["card", "pin", "again"].map((id) => document.getElementById(id));
const submit = form.querySelector("[type=submit]");
const AGAIN_MS = 4000;
let withCard = false;

const REASONS = {
  wrong_pin: ({ left }) => t("Mã PIN chưa đúng. Còn {n} lần.", { n: left }),
  wrong_card: ({ left }) => t("Mười số trên thẻ chưa đúng, hoặc thẻ đã dùng. Còn {n} lần.", { n: left }),
  wait: ({ wait_s }) => t("Gõ sai nhiều lần. Chờ {n} giây rồi gõ lại.", { n: wait_s }),
  ask_secretary: () => t("Đã gõ sai quá nhiều lần. Xin gặp thư ký: thẻ niêm phong mới hoặc mã gắn máy mới sẽ mở lại."),
  needs_card: () => t("Ông/bà chưa đặt mã PIN. Gõ mười số trên thẻ niêm phong."),
  weak_pin: () => t("Mã PIN cần sáu số, không phải sáu số giống nhau hay liền nhau như 123456."),
  no_seat: () => t("Ông/bà chưa có tên trong ban giám khảo nào. Xin thư ký ghi tên, rồi bấm lại."),
  same_hands: () => t("Thẻ này và mã của máy này do cùng một người làm. Xin thư ký đổi một trong hai."),
};

function show(card_too) {
  withCard = card_too;
  document.getElementById("card-field").hidden = document.getElementById("again-field").hidden = !card_too;
  for (const each of form.querySelectorAll("[data-known]")) each.hidden = card_too;
  for (const each of form.querySelectorAll("[data-new]")) each.hidden = !card_too;
  lead.textContent = card_too
    ? t("Gõ mười số trên thẻ niêm phong của ông/bà, rồi tự đặt một mã PIN chỉ mình biết.")
    : t("Gõ mã PIN của ông/bà để bắt đầu chấm trên máy này.");
  form.hidden = false;
  boxes()[0].focus();
}

const boxes = () => (withCard ? [card, pin, again] : [pin]);
const digits = (box) => box.value.replace(/[\s.-]/g, "");
let at = pin; // the box that the keys type into
for (const box of [card, pin, again]) box.addEventListener("focus", () => { at = box; });

form.querySelector(".judge-pad").addEventListener("click", (event) => {
  const key = event.target.closest("button")?.dataset.key;
  if (!key) return;
  const places = boxes();
  if (!places.includes(at)) at = places[0];
  if (key === "back") at.value = at.value.slice(0, -1);
  else if (key !== "next" && at.value.length < at.maxLength) at.value += key;
  const full = digits(at).length === (at === card ? 10 : 6);
  if (key === "next" || (full && key !== "back")) at = places[places.indexOf(at) + 1] ?? (key === "next" ? places[0] : at);
  at.focus();
});

document.getElementById("other").addEventListener("click", () => { say(""); show(!withCard); });

function say(words, box = null) {
  error.textContent = words;
  box?.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  say("");
  if (withCard && digits(card).length !== 10) return say(t("Thẻ niêm phong có mười số."), card);
  if (!/^\d{6}$/.test(pin.value)) return say(t("Mã PIN có sáu số."), pin);
  if (withCard && pin.value !== again.value) { again.value = ""; return say(t("Hai lần gõ mã PIN khác nhau. Gõ lại."), again); }
  submit.disabled = true;
  try {
    const told = await activate(pin.value, withCard ? digits(card) : null);
    if (told.activated) {
      await rememberPin(pin.value);
      await writeMeta(`opened:${mine.code}`, { shut: false, seen: Date.now(), sessions: [] }); // typed just now: not asked again
      location.replace("/judge");
      return;
    }
    if (told.reason === "needs_card" && !withCard) show(true);
    for (const box of [pin, again]) box.value = "";
    say(REASONS[told.reason]?.(told) ?? t("Chưa mở được máy. Xin gặp thư ký."), told.reason === "wrong_card" ? card : pin);
    setTimeout(() => { submit.disabled = false; }, told.reason === "wait" ? told.wait_s * 1000 : 0);
  } catch {
    submit.disabled = false;
    say(t("Chưa nối được máy chủ. Mở máy cần có mạng; kiểm tra mạng rồi bấm lại."));
  }
});

async function begin() {
  try {
    const told = await askActivation();
    if (told.revoked) lead.textContent = t("Máy này đã bị thu hồi. Xin gặp thư ký để nhận máy khác.");
    else if (!told.waiting) location.replace("/judge");
    else show(!told.pin);
  } catch {
    lead.textContent = t("Mở máy cần có mạng. Máy tự thử lại.");
    setTimeout(begin, AGAIN_MS);
  }
}

const why = await obstacle();
const mine = why ? null : await device();
if (why) lead.textContent = why;
else if (mine?.role !== "judge") turnAway("judge");
else await begin();
