// The large numeric pad of "Nhập mã": a code or a phone number by thumb, without the phone's keyboard over half the screen.
import { inDigits, spaced } from "./typed-text.js";

const LONGEST = 16; // +84 and a phone number with its zero; a whole pass is scanned

/** pad: buttons with data-key (a digit, "back", "all"); what they write stands in `box`. A right code is looked for at once. */
export function wirePad(pad, box) {
  pad.addEventListener("click", ({ target }) => {
    const key = target.closest("button")?.dataset.key;
    if (!key) return;
    const held = box.value.replace(/\s/g, "");
    const next = key === "all" ? "" : key === "back" ? held.slice(0, -1) : `${held}${key}`.slice(0, LONGEST);
    box.value = spaced(next);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (key.length === 1 && next.length === 10 && inDigits(next).as === "typed") box.form.requestSubmit();
  });
}

/** The pad stands there while digits are asked for; whoever writes a name has the phone's own keyboard in its place. */
export function padFollows(form, pad, box) {
  form.addEventListener("focusin", ({ target }) => {
    if (target.tagName === "INPUT" && target.type !== "file") pad.hidden = target !== box;
  });
}
