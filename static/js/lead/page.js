// Which elements of the page of lost children do its scripts write to, and what is drawn again and again?
import { t } from "../words.js";

export const $ = (id) => document.getElementById(id);

/** made("button", {type: "button", …}, child, …): an element with its properties and what stands in it. */
export function made(tag, given = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...inside.filter((each) => each !== null && each !== ""));
  return element;
}

export const STATES = {
  missing: [t("Đang tìm"), "bad"], found: [t("Đã thấy, chờ người lớn"), "warn"], handed: [t("Đã trao lại"), "good"],
  over: [t("Ghi nhầm, đã rút lại"), "quiet"],
};
export const KINDS = { missing: t("Đang tìm"), found: t("Đã thấy"), handed: t("Đã trao cho"), undone: t("Rút lại một bước, vì") };

export const badge = (state) => made("span", { className: `badge tone-${STATES[state][1]}`, textContent: STATES[state][0] });

export const when = (ms) => new Date(ms).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric" });

const SETTLE_MS = 400;
const SAME_PLACE = 24;
let closing = null; // where and when a tap closed the dialog

/** The second tap of a double tap falls on what lay behind the dialog: nobody has decided that. */
function stray(event) {
  return closing !== null && event.detail > 0 && event.timeStamp - closing.timeStamp < SETTLE_MS
    && Math.hypot(event.clientX - closing.clientX, event.clientY - closing.clientY) < SAME_PLACE;
}

/** `whose` is heard behind the words: no two buttons sound the same. */
export function button(words, deed, { whose = "", style = "" } = {}) {
  const made_ = made("button", { type: "button", className: `button button-big ${style}`, textContent: words });
  if (whose) made_.setAttribute("aria-label", `${words}, ${whose}`);
  made_.addEventListener("click", (event) => { if (!stray(event)) deed().catch(notKept); });
  return made_;
}

export function notKept(wrong) {
  console.error(wrong);
  say(t("Chưa ghi được trên máy. Thử lại, hoặc ghi ra giấy."));
}

/** What just happened, for eye and ear. */
export function say(words) { $("lost-said").textContent = words; }

/** Only one part of the page is seen; the hand comes to its heading. */
export function screen(name) {
  // the phone's own "back" leads to the list
  if (name !== "lost-list" && !history.state?.lost) history.pushState({ lost: true }, "");
  for (const each of ["lost-list", "lost-family", "lost-child"]) $(each).hidden = each !== name;
  $(name).querySelector("h1").focus({ preventScroll: true });
  $("main").scrollTop = 0;
}

/** Ask for a sentence in a dialog; resolves to the text, or null when nobody wants to. */
export function ask(title, label, { required = false, hint = "" } = {}) {
  const box = $("ask");
  $("ask-title").textContent = title;
  $("ask-label").textContent = label;
  $("ask-hint").textContent = hint;
  $("ask-error").textContent = "";
  $("ask-text").value = "";
  box.returnValue = "";
  box.showModal();
  $("ask-text").focus();
  box.onclick = (event) => { if (event.detail) closing = event; };
  return new Promise((resolve) => {
    $("ask-form").onsubmit = (event) => {
      event.preventDefault();
      const text = $("ask-text").value.trim();
      if (required && !text) { $("ask-error").textContent = t("Ghi vài chữ vào ô này."); $("ask-text").focus(); return; }
      box.onclose = null;
      box.close();
      resolve(text);
    };
    box.onclose = () => resolve(null);
  });
}
