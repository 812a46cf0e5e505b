// Is a run of keys a pass that a keyboard scanner types? Pure: from what each key says, in whatever language the keyboard
// is. A whole code tells itself by its check digits, so it is taken with its last digit, wherever the focus is and whether
// Enter, Tab or nothing follows. No DOM, no clock of its own: runs in the page and in Node.
import * as first from "./first-form.js";
import { decode, isWhole, NotAPass, normalise } from "./pass-code.js";
import { rehearsal } from "./side.js";

export const REST_MS = 1000; // after this long without a key another run begins
const FAST_MS = 80; // from key to key, on average over a whole code: nobody types 43 digits so quickly
const QUICK_MS = 50; // the same for what is no pass; slower, it may be a person
const LENGTHS = [43, 30]; // the digits of a pass, the signs of a card of the first form
const FOREIGN_LEAST = 20; // in a field; whoever types a name may be quick
const STRAY_LEAST = 6; // where nobody can write anyway
const AFTER_MS = 150; // the tail of a scanner comes as quickly as the code

/** The digit or letter of the place on the keyboard that was pressed: the same in every language. */
const placed = (code) => /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? /^Key([A-Z])$/.exec(code)?.[1] ?? "";

/** A key of a keyboard that hides what was pressed: only the field shows it, afterwards. */
export const hidden = ({ key, code }) => ["Process", "Unidentified"].includes(key) && !placed(code);

export const ends = ({ key, code }) => ["Enter", "Tab"].includes(key) || (key === "Process" && ["Enter", "NumpadEnter", "Tab"].includes(code));

function whole(text) {
  for (const read of [decode, first.decode]) {
    try {
      read(text);
      return true;
    } catch (wrong) {
      if (!(wrong instanceof NotAPass)) throw wrong;
      if (isWhole(wrong)) return true;
    }
  }
  return false;
}

export class Run {
  #keys = []; // [{ place, sign, at, before }]
  #shown = null; // what a field shows of this run when the keys say nothing
  #took = 0; // when the last key of an accepted code came
  #tail = ""; // "open" behind an accepted code, "ended" behind its Enter or Tab

  /** How things stood before what was read began: what was given to `add` with its first key. */
  began = null;

  get empty() { return !this.#keys.length; }

  /** The same of this run, which may have begun with what a person typed. */
  get first() { return this.#keys[0]?.before ?? null; }

  forget() { [this.#keys, this.#shown] = [[], null]; }

  /** Is this key the tail of a code that was accepted: its Enter or Tab, or what else the scanner puts behind it? */
  tail(key) {
    const end = ends(key);
    const since = key.at - this.#took;
    const late = since < 0 || since > (end && this.#tail === "open" ? REST_MS : AFTER_MS);
    if (!this.#tail || late || (this.#tail === "ended" && !end)) {
      this.#tail = "";
      return false;
    }
    this.#took = key.at;
    if (end) this.#tail = "ended";
    return true;
  }

  /** One key more; the pass when it is whole with it, else "". key: {key, code, at, before} */
  add(key) {
    if (!this.empty && key.at - this.#keys.at(-1).at > REST_MS) this.forget();
    const [place, sign] = [placed(key.code), [...key.key].length === 1 ? key.key : ""];
    if (!place && !sign && !hidden(key)) return ""; // Backspace, an arrow: they write nothing
    this.#keys.push({ place, sign, at: key.at, before: key.before });
    return this.#accept((many) => ["place", "sign"].map((by) => says(this.#keys.slice(-many), by)));
  }

  /** What the field shows of this run by now; the pass when it is whole. */
  show(text) {
    this.#shown = text;
    const plain = normalise(text);
    return this.#accept((many) => [plain.slice(-many)]);
  }

  /** The run is over (Enter, Tab, a pause): what a scanner sent that is no whole pass, or "" when it was a person. */
  end(inField) {
    const many = this.#keys.length;
    if (many < (inField ? FOREIGN_LEAST : STRAY_LEAST) || pace(this.#keys) > QUICK_MS) return "";
    this.began = this.#keys[0].before;
    const text = says(this.#keys, "place");
    const shown = normalise(this.#shown ?? "");
    // a keyboard that writes marks has eaten the digit in front: it became the mark of a vowel that stood in the field
    const digit = rehearsal ? "8" : "2";
    const eaten = [text, shown].map((each) => /(?<!\d)\d{42}$/.exec(each)?.[0]).find((each) => each && whole(digit + each));
    if (eaten) return digit + eaten;
    return /^\d+$/.test(text) ? text : shown || says(this.#keys, "sign");
  }

  /** So quick that it is no person: what stands under the focus must not be pressed by it. */
  get quick() { return this.#keys.length > 3 && pace(this.#keys) <= QUICK_MS; }

  #accept(texts) {
    for (const many of LENGTHS) {
      const keys = this.#keys.slice(-many);
      if (keys.length < many && this.#shown === null) continue;
      const text = texts(many).find(whole);
      if (!text || pace(keys) > FAST_MS) continue;
      [this.#took, this.#tail, this.began] = [keys.at(-1).at, "open", keys[0].before];
      this.forget();
      return text;
    }
    return "";
  }
}

/** Milliseconds from key to key, on average. */
const pace = (keys) => (keys.at(-1).at - keys[0].at) / Math.max(1, keys.length - 1);

/** By the place of each key, or by its sign; the other one where that says nothing. */
function says(keys, by) {
  const other = by === "place" ? "sign" : "place";
  return normalise(keys.map((key) => key[by] || key[other]).join(""));
}
