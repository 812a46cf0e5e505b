// A keyboard scanner types what it reads, wherever the focus is: in a search box, in a dialog, on a button, nowhere. Its
// passes are taken out of the keys, and a field it typed into stands as before. What a person types is left alone.
import { ends, REST_MS, Run } from "./scanner-burst.js";

const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"];
const WRITTEN = /^(?:text|search|tel|number|email|url|password)$/;
const PAUSE_MS = 2 * REST_MS;
const run = new Run();
let told = null; // told(text): a whole pass, or what a scanner read that is none
let mending = null; // a field as it was before an accepted code, while what is still being composed may arrive in it
let pause = 0;
let alt = ""; // a scanner that suits any keyboard: Alt and the number of each sign

const isField = (at) => at?.tagName === "TEXTAREA" || (at?.tagName === "INPUT" && WRITTEN.test(at.type));

export function listenToKeys(reads) {
  told = reads;
  for (const [kind, deed] of [["keydown", pressed], ["keyup", released], ["beforeinput", refuse], ["input", written], ["compositionend", mend]]) {
    document.addEventListener(kind, deed, true);
  }
  // somebody comes to the field anew
  document.addEventListener("focusin", ({ target }) => { if (target === mending?.field) mending = null; }, true);
}

function pressed(event) {
  if (MODIFIERS.includes(event.key)) return;
  if (event.altKey && /^Numpad\d$/.test(event.code)) { alt += event.code.at(-1); return; }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.repeat) run.forget(); // a finger that stays on its key
  else take(event, event);
}

function released(event) {
  if (event.key !== "Alt" || !alt) return;
  take(event, { key: String.fromCharCode(Number(alt)), code: "" });
  alt = "";
}

function take(event, { key, code }) {
  const field = isField(event.target) ? event.target : null;
  const pressedKey = { key, code, at: event.timeStamp, before: field && remembered(field) };
  if (run.tail(pressedKey)) { swallow(event); return; }
  clearTimeout(pause);
  mending = null;
  if (ends(pressedKey)) {
    const { quick } = run;
    const text = run.end(Boolean(field));
    if (text || (quick && !field)) swallow(event);
    over(text);
    return;
  }
  const text = run.add(pressedKey);
  if (text || (!field && (event.target.tagName === "SELECT" || run.quick))) swallow(event); // it must choose and press nothing
  if (text) over(text);
  else pause = setTimeout(rested, PAUSE_MS, Boolean(field));
}

/** Nothing has followed: a scanner without Enter has read what is no pass, or a person thinks. */
function rested(inField) {
  const text = run.end(inField);
  if (text) over(text);
}

/** The run has ended; what it has typed goes out of the field when it was a scanner's. */
function over(text) {
  clearTimeout(pause);
  run.forget();
  if (!text) return;
  mending = run.began;
  mend();
  setTimeout((was) => { if (mending === was) mending = null; }, REST_MS, mending);
  told(text);
}

function remembered(field) {
  const { value } = field;
  return { field, value, start: field.selectionStart ?? value.length, end: field.selectionEnd ?? value.length };
}

/** What comes late into the field of an accepted code: refused where that can be, taken out again where not. */
function refuse(event) {
  if (mending?.field === event.target && event.cancelable) event.preventDefault();
}

function written(event) {
  if (!event.isTrusted) return; // a script has written it
  if (mending) { mend(); return; }
  if (run.empty || event.target !== run.first?.field) return;
  const { field, value, start, end } = run.first;
  const text = run.show(field.value.slice(start, field.value.length - (value.length - end)));
  if (text) over(text);
}

function mend() {
  if (!mending) return;
  const { field, value, start, end } = mending;
  if (field.value === value) return;
  field.value = value;
  if (field.selectionStart !== null) field.setSelectionRange(start, end);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
