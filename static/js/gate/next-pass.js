// A keyboard scanner reads whenever somebody pulls its trigger: where does the pass go while the screen waits for a tap or
// a window is open? A window without anything of its own makes room; else the pass waits, one, and the screen says so.
import { tell } from "../hand.js";
import { t } from "../words.js";
import { leaveByHand } from "./by-hand.js";
import { parts } from "./parts.js";
import { readPass } from "./read-pass.js";
import { signal, unlock } from "./signal.js";
import { screen } from "./verdict.js";
import { inTurn, taken } from "./who-came.js";

const LOOK_MS = 250;
let last = ""; // what the screen shows was read from this
let waiting = "";
let looking = 0;

export function readByScanner(text) {
  unlock(); // a key is a tap: the verdict may sound
  makeRoom();
  return inTurn(() => (taken() ? hold(text) : shown(text)));
}

function shown(text) {
  last = text;
  return readPass({ text, how: "scanner" });
}

function makeRoom() {
  if (parts["by-hand"].open) leaveByHand();
  for (const window of document.querySelectorAll("dialog[open]")) {
    const typed = [...window.querySelectorAll("textarea, input:not([type=checkbox], [type=radio])")].some(({ value }) => value.trim());
    if (!typed) window.close();
  }
}

function hold(text) {
  if (!parts.revoked.hidden) return; // nothing is read any more
  if (text === last && screen.reading?.waiting) return; // the trigger twice: it is on the screen
  waiting = text;
  parts["held-pass"].textContent = t("Thẻ vừa quét đang chờ. Xong thẻ này, thẻ ấy tự hiện.");
  parts["held-pass"].hidden = false;
  signal("warn", "");
  tell(parts["held-pass"].textContent);
  looking ||= setInterval(look, LOOK_MS);
}

function look() {
  if (taken()) return;
  inTurn(() => {
    if (taken() || !waiting) return undefined;
    const text = waiting;
    waiting = "";
    clearInterval(looking);
    looking = 0;
    parts["held-pass"].hidden = true;
    return shown(text);
  });
}
